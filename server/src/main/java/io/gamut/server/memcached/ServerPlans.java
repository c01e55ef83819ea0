package io.gamut.server.memcached;

import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.service.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is asked of the server, and not of its data. */
final class ServerPlans {
  /** Of the memcached that this one is compared with: clients go by it, and libmemcached by all. */
  private static final String MEMCACHED_VERSION = "1.6.18";

  private final MemcachedShared shared;
  private final PipelinedConnection<ReplyWriter> connection;

  ServerPlans(MemcachedShared shared, PipelinedConnection<ReplyWriter> connection) {
    this.shared = shared;
    this.connection = connection;
  }

  Plan version() {
    return new Plan.Say(writer -> writer.line("VERSION " + MEMCACHED_VERSION));
  }

  /** Only what is measured; of slabs, items and the like there is nothing to tell. */
  Plan stats(String what) {
    return switch (what) {
      case "" ->
          new Plan.Say(writer -> {
            stats().forEach(writer::line);
            writer.line("END");
          });
      case "reset" ->
          new Plan.Say(writer -> {
            shared.tally().reset();
            writer.line("RESET");
          });
      case "items", "slabs", "sizes", "settings", "conns" ->
          new Plan.Say(writer -> writer.line("END"));
      default -> new Plan.Refuse(writer -> writer.line("ERROR"));
    };
  }

  private List<String> stats() {
    Tally tally = shared.tally();
    long upNanos = System.nanoTime() - shared.begunNanos();
    long nowMillis = shared.services().clock().millis();
    return List.of(
        "STAT pid " + ProcessHandle.current().pid(),
        "STAT uptime " + TimeUnit.NANOSECONDS.toSeconds(upNanos),
        "STAT time " + TimeUnit.MILLISECONDS.toSeconds(nowMillis),
        "STAT version " + MEMCACHED_VERSION,
        "STAT gamut_version " + Release.VERSION,
        "STAT curr_connections " + shared.connections(),
        "STAT total_connections " + shared.connectionsEver(),
        "STAT cmd_get " + tally.gets(),
        "STAT cmd_set " + tally.sets(),
        "STAT cmd_flush " + tally.flushes(),
        "STAT cmd_touch " + tally.touches(),
        "STAT get_hits " + tally.hits(),
        "STAT get_misses " + tally.misses());
  }

  /** This server's address as the client found it, then those of the others as they have said. */
  Plan servers() {
    return new Plan.Do(() -> {
      List<String> lines = new ArrayList<>();
      lines.add(connection.localAddress().toString());
      for (ClientAddresses other : shared.services().others().values()) {
        if (!other.memcached().isEmpty()) {
          lines.add(other.memcached());
        }
      }
      lines.add("end");
      connection.answerNow(writer -> lines.forEach(writer::line));
    });
  }
}
