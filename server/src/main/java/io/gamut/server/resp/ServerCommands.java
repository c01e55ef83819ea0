package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.Handler.Planned;
import io.gamut.server.resp.Command.KeyPlaces;
import io.gamut.server.service.NodeServices;
import io.gamut.server.service.Release;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Commands on the server as a whole. */
final class ServerCommands {
  /** Whose commands these are: clients decide by it what they may use. */
  private static final String REDIS_VERSION = "7.2.0";

  /** What an entry takes in memory beside its bytes, roughly. */
  private static final int ENTRY_BYTES = 64;

  private ServerCommands() {}

  static List<Command> all() {
    return List.of(
        command("INFO", -1, "1.0.0", "Tells how the server stands.", ServerCommands::info),
        command("WAIT", 3, "3.0.0", "Waits until a majority has all.", ServerCommands::await),
        new Command(
            "MEMORY",
            -2,
            Access.READ,
            new KeyPlaces(2, 2, 1),
            Group.SERVER,
            "4.0.0",
            "Tells roughly what a value takes.",
            new Planned(ServerCommands::memory)),
        new Command(
            "TIME",
            1,
            Access.NONE,
            KeyPlaces.NONE,
            Group.SERVER,
            "2.6.0",
            "Returns this server's clock.",
            new Planned(arguments -> new Plan.Say(writer -> time(arguments, writer)))));
  }

  private static Command command(
      String name, int arity, String since, String summary, BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name, arity, Access.NONE, KeyPlaces.NONE, Group.SERVER, since, summary, new Direct(run));
  }

  private static void time(Arguments arguments, ReplyWriter writer) {
    long micros = TimeUnit.MILLISECONDS.toMicros(arguments.nowMillis());
    writer.array(2);
    writer.bulk(Long.toString(micros / 1_000_000));
    writer.bulk(Long.toString(micros % 1_000_000));
  }

  private static Plan memory(Arguments arguments) {
    if (!arguments.word(1).equals("USAGE") || arguments.size() < 3) {
      throw new InvalidDataException("MEMORY has USAGE <key>");
    }
    int keyBytes = arguments.bytes(2).length;
    return new Plan.Look(
        List.of(arguments.key(2)),
        (found, writer) -> {
          var value = found.getFirst().value();
          if (value == null) {
            writer.nullValue();
          } else {
            writer.integer(ENTRY_BYTES + keyBytes + (long) value.size());
          }
        });
  }

  // WAIT

  /**
   * Waits until all that the session wrote is committed, and so on the disks of a majority; tells
   * how many servers beside one that is. Where that does not come about in time: 0.
   */
  private static void await(RespClient client, Arguments arguments) {
    arguments.number(1);
    long millis = arguments.number(2);
    if (millis < 0) {
      throw new InvalidDataException("timeout is negative");
    }
    Asked asked = client.ask().strong();
    long most = Limits.WAIT_MILLIS_MAX;
    long limit = millis == 0 ? most : Math.min(millis, most);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
    Answer answer = client.connection().begin(Kind.ALONE);
    client
        .reads()
        .awaitEverything(
            asked,
            deadline,
            outcome -> {
              if (outcome instanceof Outcome.Done<?>) {
                var _ =
                    client
                        .shared()
                        .services()
                        .status()
                        .thenAccept(status -> {
                          int voters = status.ledger().configuration().voters().size();
                          client.connection().end(answer, writer -> writer.integer(voters / 2));
                        });
              } else {
                client.connection().end(answer, writer -> writer.integer(0));
              }
            });
  }

  // INFO

  private static void info(RespClient client, Arguments arguments) {
    Set<String> wanted = new HashSet<>();
    for (int place = 1; place < arguments.size(); place++) {
      wanted.add(arguments.word(place));
    }
    boolean all =
        wanted.isEmpty()
            || wanted.contains("ALL")
            || wanted.contains("DEFAULT")
            || wanted.contains("EVERYTHING");
    Answer answer = client.connection().begin(Kind.ALONE);
    var _ =
        client
            .shared()
            .services()
            .status()
            .thenAccept(status -> {
              StringBuilder text = new StringBuilder();
              sections(client, status)
                  .forEach((name, lines) -> {
                    if (all || wanted.contains(name.toUpperCase(Locale.ROOT))) {
                      text.append(text.isEmpty() ? "" : "\r\n").append("# ").append(name);
                      text.append("\r\n").append(String.join("\r\n", lines)).append("\r\n");
                    }
                  });
              client.connection().end(answer, writer -> writer.verbatim(text.toString()));
            });
  }

  private static Map<String, List<String>> sections(RespClient client, NodeServices.Status status) {
    RespShared shared = client.shared();
    Map<String, List<String>> sections = new LinkedHashMap<>();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - shared.begunNanos());
    sections.put(
        "Server",
        List.of(
            "redis_version:" + REDIS_VERSION,
            "gamut_version:" + Release.VERSION,
            "redis_mode:standalone",
            "os:" + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            "process_id:" + ProcessHandle.current().pid(),
            "run_id:" + shared.services().cluster() + "-" + shared.services().node(),
            "tcp_port:" + client.connection().localAddress().port(),
            "uptime_in_seconds:" + seconds,
            "uptime_in_days:" + TimeUnit.SECONDS.toDays(seconds)));
    sections.put(
        "Clients", List.of("connected_clients:" + shared.clients().size(), "blocked_clients:0"));
    Runtime runtime = Runtime.getRuntime();
    sections.put(
        "Memory",
        List.of(
            "used_memory:" + (runtime.totalMemory() - runtime.freeMemory()),
            "maxmemory:0",
            "maxmemory_policy:noeviction"));
    sections.put(
        "Stats",
        List.of(
            "total_connections_received:" + shared.connectionsEver(),
            "total_commands_processed:" + shared.requests().sum()));
    sections.put("Replication", replication(shared, status));
    return sections;
  }

  private static List<String> replication(RespShared shared, NodeServices.Status status) {
    NodeServices.LedgerStatus ledger = status.ledger();
    NodeId leader = ledger.leader();
    boolean leads = shared.services().node().equals(leader);
    List<String> lines = new ArrayList<>();
    lines.add("role:" + (leads ? "master" : "slave"));
    lines.add("connected_slaves:" + (ledger.configuration().everyone().size() - 1));
    lines.add("master_repl_offset:" + ledger.applied());
    lines.add("gamut_leader:" + (leader == null ? "none" : leader.toString()));
    lines.add("gamut_term:" + ledger.term());
    lines.add("gamut_last_index:" + ledger.last());
    return lines;
  }
}
