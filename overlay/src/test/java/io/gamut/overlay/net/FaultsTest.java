package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.await;
import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.overlay.Channel;
import io.gamut.overlay.OverlayCounters.Drop;
import io.gamut.overlay.OverlayException;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultsTest {
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestNode.closeAll(nodes);
  }

  @Test
  void nothingIsDeliveredWhileCutAndEachHealBringsTheLinkBackAtOnce() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    Future<?> flowOfOne = flow(one, two);
    Future<?> flowOfTwo = flow(two, one);
    long slowestNanos = 0;
    for (int round = 0; round < 100; round++) {
      int before = one.received.size();
      until("frames flow", () -> one.received.size() > before + 20);
      var cutOfOne = one.overlay.faults().cut(two.id());
      var cutOfTwo = two.overlay.faults().cut(one.id());
      await(cutOfOne, "cut");
      await(cutOfTwo, "cut");
      int atCut = one.call(() -> one.received.size()) + two.call(() -> two.received.size());
      if (round % 20 == 0) {
        await(aWhile(one), "a while");
      }
      assertThat(one.received.size() + two.received.size()).isEqualTo(atCut);
      assertThat(one.isNeighbourOf(two)).isFalse();
      long begun = System.nanoTime();
      var healOfTwo = two.overlay.faults().heal(one.id());
      var healOfOne = one.overlay.faults().heal(two.id());
      await(healOfOne, "heal");
      await(healOfTwo, "heal");
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - begun);
    }
    assertThat(TimeUnit.NANOSECONDS.toMillis(slowestNanos)).isLessThan(1_000);
    flowOfOne.cancel(false);
    flowOfTwo.cancel(false);
    assertThat(one.call(one.overlay::counters).neighbours().get(two.id())).isNotNull();
  }

  @Test
  void healFailsWithAReasonWhileTheOtherEndIsCutAndTheLinkComesWhenItHeals() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    await(one.overlay.faults().cut(two.id()), "cut");
    await(two.overlay.faults().cut(one.id()), "cut");
    assertThatThrownBy(() -> await(one.overlay.faults().heal(two.id()), "heal"))
        .hasCauseInstanceOf(OverlayException.class)
        .hasMessageContaining("LINK_CUT")
        .hasMessageContaining("other end");
    await(two.overlay.faults().heal(one.id()), "heal");
    assertThat(two.isNeighbourOf(one)).isTrue();
  }

  @Test
  void cutAtOneEndIsEnough() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    await(one.overlay.faults().cut(two.id()), "cut");
    until("the other end knows", () -> !two.isNeighbourOf(one));
    until("and is refused", () -> !two.refusals.isEmpty());
    assertThat(one.isNeighbourOf(two)).isFalse();
    await(one.overlay.faults().heal(two.id()), "heal");
    assertThat(one.isNeighbourOf(two)).isTrue();
  }

  @Test
  void delayHoldsFramesBackInOrderAndACutDropsThem() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    await(one.overlay.faults().delay(two.id(), 150), "delay");
    long begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(one.send(two, Channel.WEAK, "d" + i)).isTrue();
    }
    until("delayed frames arrive", () -> two.received.size() == 20);
    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(150));
    assertThat(two.received).extracting(TestNode.Received::text).startsWith("d0", "d1", "d2");
    await(one.overlay.faults().delay(two.id(), 60_000), "delay");
    assertThat(one.send(two, Channel.WEAK, "never")).isTrue();
    await(one.overlay.faults().cut(two.id()), "cut");
    await(one.overlay.faults().delay(two.id(), 0), "no delay");
    await(one.overlay.faults().heal(two.id()), "heal");
    assertThat(one.send(two, Channel.WEAK, "after")).isTrue();
    until("the link works again", () -> two.countOf("after") == 1);
    assertThat(two.countOf("never")).isZero();
  }

  @Test
  void shorterDelayOnAnotherChannelDoesNotWaitForTheLonger() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    await(one.overlay.faults().delay(two.id(), 60_000), "delay");
    assertThat(one.send(two, Channel.WEAK, "late")).isTrue();
    await(one.overlay.faults().delay(two.id(), 20), "delay");
    assertThat(one.send(two, Channel.LEDGER, "soon")).isTrue();
    until("the shorter delay is over", () -> two.countOf("soon") == 1);
    assertThat(two.countOf("late")).isZero();
  }

  @Test
  void lossLosesItsShareAndTheTopologySettlesAllTheSame() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    TestNode three = start(TestNode.Setup.of(3));
    joined(one, two);
    await(one.overlay.faults().loss(two.id(), 0.5, 42), "loss");
    for (int i = 0; i < 1_000; i++) {
      assertThat(one.send(two, Channel.WEAK, "x")).isTrue();
    }
    await(one.overlay.faults().loss(two.id(), 0.9, 7), "more loss");
    link(one, three);
    until("news gets through", () -> two.reaches(three) && three.reaches(two));
    await(one.overlay.faults().loss(two.id(), 0, 0), "no loss");
    assertThat(one.send(two, Channel.WEAK, "last")).isTrue();
    until("no more loss", () -> two.countOf("last") == 1);
    assertThat(two.countOf("x")).isBetween(400L, 600L);
    assertThat(one.call(one.overlay::counters).dropped().getOrDefault(Drop.LAB_LOSS, 0L))
        .isGreaterThanOrEqualTo(1_000 - two.countOf("x"));
  }

  @Test
  void withoutLabFaultsAreRefusedAndPeersDoNotMind() throws Exception {
    TestNode one = start(TestNode.Setup.of(1).withoutLab());
    TestNode two = start(TestNode.Setup.of(2));
    joined(one, two);
    assertThatThrownBy(() -> await(one.overlay.faults().cut(two.id()), "cut"))
        .hasCauseInstanceOf(OverlayException.class)
        .hasMessageContaining("--lab");
    assertThat(one.isNeighbourOf(two)).isTrue();
  }

  private TestNode start(TestNode.Setup setup) throws Exception {
    TestNode node = TestNode.start(setup);
    nodes.add(node);
    return node;
  }

  private static void joined(TestNode one, TestNode two) {
    link(one, two);
    until("linked", () -> one.reaches(two) && two.reaches(one));
  }

  private static Future<?> flow(TestNode from, TestNode to) {
    byte[] payload = "flow".getBytes(UTF_8);
    return from.group
        .next()
        .scheduleWithFixedDelay(
            () -> {
              for (int i = 0; i < 10; i++) {
                var _ = from.overlay.send(to.id(), Channel.LEDGER, payload.clone());
              }
            },
            0,
            200,
            TimeUnit.MICROSECONDS);
  }

  /** Done after both nodes had the time to do what they should not. */
  private static CompletableFuture<Boolean> aWhile(TestNode node) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    var _ = node.group.next().schedule(() -> done.complete(true), 80, TimeUnit.MILLISECONDS);
    return done;
  }
}
