package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.OverlayCounters.Drop;
import io.gamut.overlay.Timing;
import io.gamut.overlay.wire.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HostileTest {
  private static final Timing PATIENT = new Timing(200, 600, 60_000, 2_000, 300, 1_000);

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestNode.closeAll(nodes);
  }

  @Test
  void garbageOnThePortLeavesItWorking() throws Exception {
    TestNode one = start(1, Timing.DEFAULT);
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      byte[] garbage = RawPeer.hello(9, 9, TestNode.CLUSTER);
      if (dice.nextBoolean()) {
        dice.nextBytes(garbage);
      } else {
        garbage[dice.nextInt(garbage.length)] ^= (byte) dice.nextInt(1, 256);
      }
      try (RawPeer peer = new RawPeer(one)) {
        peer.write(garbage);
      } catch (IOException closedEarly) {
        assertThat(closedEarly).isNotNull();
      }
    }
    requireWorking(one);
  }

  @Test
  void garbageOnALinkClosesThatLinkOnly() throws Exception {
    TestNode one = start(1, Timing.DEFAULT);
    TestNode two = start(2, Timing.DEFAULT);
    link(one, two);
    until("linked", () -> one.reaches(two));
    for (int seed = 0; seed < 50; seed++) {
      try (RawPeer peer = new RawPeer(one)) {
        peer.write(RawPeer.hello(9, seed, TestNode.CLUSTER));
        assertThat(peer.read()).isInstanceOf(Message.Hello.class);
        byte[] garbage = new byte[200];
        new SplittableRandom(seed).nextBytes(garbage);
        garbage[0] = 77;
        peer.write(garbage);
        assertThat(peer.isClosedByOther()).isTrue();
      }
      until("gone", () -> !one.events.isEmpty() && one.events.contains("down 9"));
    }
    assertThat(one.events).doesNotContain("down 2");
  }

  @Test
  void halfOpenHandshakesEndAndAreBounded() throws Exception {
    Timing fast = new Timing(200, 600, 1_500, 300, 300, 1_000);
    TestNode one = start(1, fast);
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < 3 * Limits.UNAUTHENTICATED_MAX; i++) {
      strangers.add(new Socket(InetAddress.getLoopbackAddress(), one.overlay.address().port()));
    }
    for (Socket stranger : strangers) {
      stranger.setSoTimeout(5_000);
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
      stranger.close();
    }
    requireWorking(one);
  }

  @Test
  void slowReaderFillsABoundedQueueAndIsRefused() throws Exception {
    TestNode one = start(1, PATIENT);
    try (RawPeer slow = new RawPeer(one)) {
      slow.write(RawPeer.hello(9, 9, TestNode.CLUSTER));
      assertThat(slow.read()).isInstanceOf(Message.Hello.class);
      until("linked", () -> one.events.contains("up 9"));
      NodeId nine = new NodeId(9);
      int frames = 0;
      while (one.call(() -> one.overlay.send(nine, Channel.WEAK, new byte[1 << 20]))) {
        frames++;
        assertThat(frames).as("sockets and queue hold no more").isLessThan(64);
      }
      assertThat(frames).isGreaterThanOrEqualTo(31);
      assertThat(one.call(one.overlay::counters).dropped()).containsEntry(Drop.QUEUE_FULL, 1L);
      assertThat(one.call(() -> one.overlay.send(nine, Channel.LEDGER, new byte[1])))
          .as("other channels have queues of their own")
          .isTrue();
    }
    until("down", () -> one.events.contains("down 9"));
    assertThat(one.call(one.overlay::counters).dropped().getOrDefault(Drop.LINK_DOWN, 0L))
        .isGreaterThanOrEqualTo(31L);
  }

  @Test
  void probeOvertakesBulkThatIsQueued() throws Exception {
    TestNode one = start(1, PATIENT);
    TestNode two = start(2, PATIENT);
    link(one, two);
    until("linked", () -> one.reaches(two));
    CountDownLatch reading = new CountDownLatch(1);
    var _ =
        two.group.submit(() -> {
          boolean unused = reading.await(5, TimeUnit.SECONDS);
          return unused;
        });
    one.call(() -> one.overlay.send(two.id(), Channel.SNAPSHOT, new byte[14 << 20]));
    one.call(() -> one.overlay.send(two.id(), Channel.WEAK, new byte[14 << 20]));
    one.call(() -> true);
    one.send(two, Channel.PROBES, "probe");
    reading.countDown();
    until("all arrive", () -> two.received.size() == 3);
    assertThat(two.received)
        .extracting(TestNode.Received::channel)
        .containsExactly(Channel.PROBES, Channel.WEAK, Channel.SNAPSHOT);
  }

  private void requireWorking(TestNode one) throws Exception {
    TestNode two = start(2, Timing.DEFAULT);
    link(one, two);
    until("still working", () -> one.reaches(two));
    assertThat(two.send(one, Channel.LEDGER, "hello")).isTrue();
    until("delivered", () -> one.countOf("hello") == 1);
  }

  private TestNode start(int id, Timing timing) throws Exception {
    TestNode node = new TestNode(TestNode.Setup.of(id), Admission.NONE, timing);
    nodes.add(node);
    return node;
  }
}
