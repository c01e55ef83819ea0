package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
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
    List<Peer> peers = peers(client);
    String id = peers.getFirst().id;
    switch (arguments.word(1)) {
      case "MYID" -> connection.answerNow(writer -> writer.bulk(id));
      case "KEYSLOT" -> {
        if (arguments.size() != 3) {
          throw arguments.wrongNumber();
        }
        int slot = slot(arguments.bytes(2));
        connection.answerNow(writer -> writer.integer(slot));
      }
      case "INFO" -> connection.answerNow(writer -> writer.verbatim(info(peers.size())));
      case "NODES" -> connection.answerNow(writer -> writer.verbatim(nodes(peers)));
      case "SLOTS" -> connection.answerNow(writer -> slots(peers, writer));
      case "SHARDS" -> connection.answerNow(writer -> shards(peers, writer));
      default -> throw new InvalidDataException("unknown subcommand '" + arguments.text(1) + "'.");
    }
  }

  /**
   * A server as a client of a cluster sees it.
   *
   * @param isHere whether the client talks to it: that one is the master, since any can be asked
   *     for everything, and the others are its replicas
   */
  private record Peer(String id, Endpoint address, boolean isHere) {}

  /** This server as the client found it, then the others as they have said. */
  private static List<Peer> peers(RespClient client) {
    NodeServices services = client.shared().services();
    List<Peer> peers = new ArrayList<>();
    peers.add(new Peer(id(services.node()), client.connection().localAddress(), true));
    services
        .others()
        .forEach((node, addresses) ->
            peers.add(new Peer(id(node), Endpoint.parse(addresses.resp()), false)));
    return peers;
  }

  private static String id(NodeId node) {
    return "%040x".formatted(node.value());
  }

  private static String nodes(List<Peer> peers) {
    StringBuilder lines = new StringBuilder();
    for (Peer peer : peers) {
      Endpoint at = peer.address;
      String role = peer.isHere ? "myself,master -" : "slave " + peers.getFirst().id;
      lines.append(
          "%s %s:%d@%d %s 0 0 1 connected%s%n"
              .formatted(
                  peer.id,
                  at.host(),
                  at.port(),
                  at.port(),
                  role,
                  peer.isHere ? " 0-" + (SLOTS - 1) : ""));
    }
    return lines.toString();
  }

  private static String info(int nodes) {
    return String.join(
        "\r\n",
        "cluster_enabled:0",
        "cluster_state:ok",
        "cluster_slots_assigned:" + SLOTS,
        "cluster_slots_ok:" + SLOTS,
        "cluster_slots_pfail:0",
        "cluster_slots_fail:0",
        "cluster_known_nodes:" + nodes,
        "cluster_size:1",
        "cluster_current_epoch:1",
        "cluster_my_epoch:1",
        "");
  }

  private static void slots(List<Peer> peers, ReplyWriter writer) {
    writer.array(1);
    writer.array(2 + peers.size());
    writer.integer(0);
    writer.integer(SLOTS - 1L);
    for (Peer peer : peers) {
      writer.array(4);
      writer.bulk(peer.address.host());
      writer.integer(peer.address.port());
      writer.bulk(peer.id);
      writer.map(0);
    }
  }

  private static void shards(List<Peer> peers, ReplyWriter writer) {
    writer.array(1);
    writer.map(2);
    writer.bulk("slots");
    writer.array(2);
    writer.integer(0);
    writer.integer(SLOTS - 1L);
    writer.bulk("nodes");
    writer.array(peers.size());
    for (Peer peer : peers) {
      writer.map(7);
      writer.bulk("id");
      writer.bulk(peer.id);
      writer.bulk("port");
      writer.integer(peer.address.port());
      writer.bulk("ip");
      writer.bulk(peer.address.host());
      writer.bulk("endpoint");
      writer.bulk(peer.address.host());
      writer.bulk("role");
      writer.bulk(peer.isHere ? "master" : "replica");
      writer.bulk("replication-offset");
      writer.integer(0);
      writer.bulk("health");
      writer.bulk("online");
    }
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
