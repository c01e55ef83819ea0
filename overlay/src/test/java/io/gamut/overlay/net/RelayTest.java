package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.OverlayCounters;
import io.gamut.overlay.OverlayCounters.Drop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RelayTest {
  private static final NodeId NOBODY = new NodeId(9);

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestNode.closeAll(nodes);
  }

  @Test
  void chainOfFiveDeliversEndToEndBothWaysInOrder() throws Exception {
    start(5, new int[][] {{0, 1}, {1, 2}, {2, 3}, {3, 4}});
    TestNode first = nodes.getFirst();
    TestNode last = nodes.getLast();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sent.add("m" + i);
      assertThat(first.send(last, Channel.LEDGER, "m" + i)).isTrue();
      assertThat(last.send(first, Channel.WEAK, "m" + i)).isTrue();
    }
    for (TestNode end : List.of(first, last)) {
      until("all arrive", () -> end.received.size() >= 500);
      assertThat(end.received).extracting(TestNode.Received::text).isEqualTo(sent);
    }
    assertThat(first.received).allMatch(r -> r.source() == 5 && r.channel() == Channel.WEAK);
    assertThat(counters(2).relayedFrames()).isEqualTo(1_000);
  }

  @Test
  void ringSurvivesACutByTheOtherWay() throws Exception {
    start(4, new int[][] {{0, 1}, {1, 2}, {2, 3}, {3, 0}});
    TestNode one = nodes.getFirst();
    TestNode two = nodes.get(1);
    TestNode.await(one.overlay.faults().cut(two.id()), "cut");
    TestNode.await(two.overlay.faults().cut(one.id()), "cut");
    until("round the ring", () -> one.reaches(two) && two.reaches(one));
    assertThat(one.send(two, Channel.LEDGER, "round")).isTrue();
    until("arrived", () -> two.countOf("round") == 1);
    assertThat(counters(2).relayedFrames()).isEqualTo(1);
    assertThat(counters(3).relayedFrames()).isEqualTo(1);
  }

  @Test
  void starRelaysThroughItsMiddle() throws Exception {
    start(5, new int[][] {{2, 0}, {2, 1}, {2, 3}, {2, 4}});
    assertThat(nodes.getFirst().send(nodes.get(4), Channel.FORWARD, "x")).isTrue();
    until("arrived", () -> nodes.get(4).countOf("x") == 1);
    assertThat(nodes.getFirst().call(() -> nodes.getFirst().overlay.topology().links())).hasSize(4);
  }

  @Test
  void broadcastCrossesEachLinkOfATreeOnceAndEachNodeOfAMeshOnce() throws Exception {
    start(5, new int[][] {{0, 1}, {0, 2}, {1, 3}, {1, 4}});
    requireBroadcastsOnce();
    close();
    nodes.clear();
    start(4, new int[][] {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
    requireBroadcastsOnce();
  }

  @Test
  void whatCannotBeSentIsRefused() throws Exception {
    start(1, new int[][] {});
    TestNode lonely = nodes.getFirst();
    boolean sent = lonely.call(() -> lonely.overlay.send(NOBODY, Channel.LEDGER, new byte[1]));
    assertThat(sent).isFalse();
    assertThat(counters(0).dropped()).containsEntry(Drop.NO_ROUTE, 1L);
    assertThat(lonely.send(lonely, Channel.LEDGER, "self")).isTrue();
    until("to itself", () -> lonely.countOf("self") == 1);
    assertThatThrownBy(() -> lonely.overlay.send(NOBODY, Channel.WEAK, new byte[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event loop");
    assertThatThrownBy(() -> lonely.send(lonely, Channel.TOPOLOGY, "x"))
        .hasMessageContaining("own");
  }

  private void requireBroadcastsOnce() throws Exception {
    long before = crossings();
    for (TestNode source : nodes) {
      source.call(() -> {
        source.overlay.broadcast(Channel.WEAK, ("b" + source.id()).getBytes(UTF_8));
        return true;
      });
    }
    for (TestNode node : nodes) {
      until("all broadcasts arrive", () -> node.received.size() >= nodes.size() - 1);
    }
    for (TestNode node : nodes) {
      for (TestNode source : nodes) {
        assertThat(node.countOf("b" + source.id())).isEqualTo(node == source ? 0 : 1);
      }
    }
    assertThat(crossings() - before).isEqualTo((long) nodes.size() * (nodes.size() - 1));
  }

  /** Frames of the channel WEAK that crossed any link. */
  private long crossings() throws Exception {
    long frames = 0;
    for (int i = 0; i < nodes.size(); i++) {
      for (OverlayCounters.Neighbour neighbour : counters(i).neighbours().values()) {
        frames += neighbour.in().getOrDefault(Channel.WEAK, OverlayCounters.Count.ZERO).frames();
      }
    }
    return frames;
  }

  private OverlayCounters counters(int index) throws Exception {
    TestNode node = nodes.get(index);
    return node.call(node.overlay::counters);
  }

  private void start(int size, int[][] links) throws Exception {
    for (int id = 1; id <= size; id++) {
      nodes.add(TestNode.start(id));
    }
    for (int[] pair : links) {
      link(nodes.get(pair[0]), nodes.get(pair[1]));
    }
    for (TestNode node : nodes) {
      TestNode[] others =
          nodes.stream().filter(n -> !n.id().equals(node.id())).toArray(TestNode[]::new);
      until("node " + node.id() + " reaches all", () -> node.reaches(others));
    }
    int wanted = links.length;
    for (TestNode node : nodes) {
      until(
          "node " + node.id() + " knows all links",
          () -> {
            try {
              return node.call(() -> node.overlay.topology().links().size()) == wanted;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    }
  }
}
