package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.List;

/**
 * What clients of Redis Cluster ask: every server serves every key, so each says that it has all
 * slots itself.
 */
final class ClusterCommands {
  private static final int SLOTS = 16_384;

  private ClusterCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "CLUSTER",
            -2,
            Access.NONE,
            KeyPlaces.NONE,
            Group.CLUSTER,
            "3.0.0",
            "Tells which server has which keys: each has all.",
            new Direct(ClusterCommands::cluster)));
  }

  private static void cluster(RespClient client, Arguments arguments) {
    PipelinedConnection<ReplyWriter> connection = client.connection();
    String id = "%040x".formatted(client.shared().services().node().value());
    Endpoint here = client.connection().localAddress();
    switch (arguments.word(1)) {
      case "MYID" -> connection.answerNow(writer -> writer.bulk(id));
      case "KEYSLOT" -> {
        if (arguments.size() != 3) {
          throw arguments.wrongNumber();
        }
        int slot = slot(arguments.bytes(2));
        connection.answerNow(writer -> writer.integer(slot));
      }
      case "INFO" -> connection.answerNow(writer -> writer.verbatim(info()));
      case "NODES" -> {
        String line =
            "%s %s:%d@%d myself,master - 0 0 1 connected 0-%d%n"
                .formatted(id, here.host(), here.port(), here.port(), SLOTS - 1);
        connection.answerNow(writer -> writer.verbatim(line));
      }
      case "SLOTS" -> connection.answerNow(writer -> slots(id, here, writer));
      case "SHARDS" -> connection.answerNow(writer -> shards(id, here, writer));
      default -> throw new InvalidDataException("unknown subcommand '" + arguments.text(1) + "'.");
    }
  }

  private static String info() {
    return String.join(
        "\r\n",
        "cluster_enabled:0",
        "cluster_state:ok",
        "cluster_slots_assigned:" + SLOTS,
        "cluster_slots_ok:" + SLOTS,
        "cluster_slots_pfail:0",
        "cluster_slots_fail:0",
        "cluster_known_nodes:1",
        "cluster_size:1",
        "cluster_current_epoch:1",
        "cluster_my_epoch:1",
        "");
  }

  private static void slots(String id, Endpoint here, ReplyWriter writer) {
    writer.array(1);
    writer.array(3);
    writer.integer(0);
    writer.integer(SLOTS - 1L);
    writer.array(4);
    writer.bulk(here.host());
    writer.integer(here.port());
    writer.bulk(id);
    writer.map(0);
  }

  private static void shards(String id, Endpoint here, ReplyWriter writer) {
    writer.array(1);
    writer.map(2);
    writer.bulk("slots");
    writer.array(2);
    writer.integer(0);
    writer.integer(SLOTS - 1L);
    writer.bulk("nodes");
    writer.array(1);
    writer.map(7);
    writer.bulk("id");
    writer.bulk(id);
    writer.bulk("port");
    writer.integer(here.port());
    writer.bulk("ip");
    writer.bulk(here.host());
    writer.bulk("endpoint");
    writer.bulk(here.host());
    writer.bulk("role");
    writer.bulk("master");
    writer.bulk("replication-offset");
    writer.integer(0);
    writer.bulk("health");
    writer.bulk("online");
  }

  /** Of the part between the first braces, if it is not empty; else of the whole key. */
  static int slot(byte[] key) {
    int open = indexOf(key, '{', 0);
    int close = open < 0 ? -1 : indexOf(key, '}', open + 1);
    boolean hasTag = close > open + 1;
    int from = hasTag ? open + 1 : 0;
    int to = hasTag ? close : key.length;
    return crc16(key, from, to) % SLOTS;
  }

  private static int indexOf(byte[] bytes, char sought, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == sought) {
        return i;
      }
    }
    return -1;
  }

  /** CRC-16/XMODEM, as the specification of Redis Cluster has it (Appendix A). */
  private static int crc16(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc ^= (bytes[i] & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
      }
    }
    return crc & 0xffff;
  }
}
