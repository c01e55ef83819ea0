package io.gamut.overlay.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Timing;
import io.gamut.overlay.link.FailureDetector.Verdict;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Target;
import io.gamut.overlay.wire.MessageEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LinkMachinesTest {
  private static final long MS = 1_000_000;

  @Test
  void probeOvertakesBulkAfterOneSegment() {
    Outbox outbox = new Outbox();
    assertThat(outbox.offer(frame(Channel.SNAPSHOT, 14 << 20), 0)).isTrue();
    List<Channel> done = new ArrayList<>();
    drain(outbox, 0, done);
    assertThat(outbox.offer(frame(Channel.PROBES, 10), 0)).isTrue();
    assertThat(done).isEmpty();
    drain(outbox, 0, done);
    assertThat(done).containsExactly(Channel.PROBES);
  }

  @Test
  void fullQueueRefusesAndOtherChannelsDoNotCare() {
    Outbox outbox = new Outbox();
    int frames = 0;
    while (outbox.offer(frame(Channel.WEAK, 1 << 20), 0)) {
      frames++;
    }
    assertThat(frames).isEqualTo(31);
    assertThat(outbox.queuedBytes(Channel.WEAK)).isLessThan(Channel.WEAK.queueBytesMax());
    assertThat(outbox.offer(frame(Channel.LEDGER, 1 << 20), 0)).isTrue();
    List<Channel> done = new ArrayList<>();
    while (outbox.hasDue(0)) {
      drain(outbox, 0, done);
    }
    assertThat(done).hasSize(32).startsWith(Channel.LEDGER);
    assertThat(outbox.queuedBytes()).isZero();
    assertThat(outbox.queuedFrames()).isZero();
  }

  @Test
  void everyChannelHoldsItsLargestPayload() {
    for (Channel channel : List.of(Channel.LEDGER, Channel.WEAK, Channel.FORWARD)) {
      assertThat(new Outbox().offer(frame(channel, Limits.PAYLOAD_BYTES_MAX), 0)).isTrue();
    }
    assertThat(new Outbox().offer(frame(Channel.SNAPSHOT, Limits.PAYLOAD_BYTES_MAX), 0)).isTrue();
  }

  @Test
  void delayedFramesKeepTheirOrder() {
    Outbox outbox = new Outbox();
    outbox.offer(frame(Channel.WEAK, 1), 50);
    outbox.offer(frame(Channel.WEAK, 2), 0);
    assertThat(outbox.hasDue(49)).isFalse();
    assertThat(outbox.nextDueNanos(20)).hasValue(50);
    List<Channel> done = new ArrayList<>();
    drain(outbox, 50, done);
    assertThat(done).hasSize(2);
  }

  @Test
  void silenceIsSuspectedThenDeadly() {
    FailureDetector detector = new FailureDetector(Timing.DEFAULT, 0);
    Verdict verdict = Verdict.ALIVE;
    for (long ms = 50; ms < 600; ms += 50) {
      verdict = detector.onTick(ms * MS);
    }
    assertThat(verdict).isEqualTo(Verdict.ALIVE);
    assertThat(detector.onTick(600 * MS)).isEqualTo(Verdict.SUSPECTED);
    detector.onHeard(620 * MS);
    assertThat(detector.onTick(650 * MS)).isEqualTo(Verdict.ALIVE);
    for (long ms = 700; ms <= 2_120; ms += 50) {
      verdict = detector.onTick(ms * MS);
    }
    assertThat(verdict).isEqualTo(Verdict.SUSPECTED);
    assertThat(detector.onTick(2_150 * MS)).isEqualTo(Verdict.DEAD);
  }

  @Test
  void ownSleepIsNobodysDeath() {
    FailureDetector detector = new FailureDetector(Timing.DEFAULT, 0);
    assertThat(detector.onTick(50 * MS)).isEqualTo(Verdict.ALIVE);
    assertThat(detector.onTick(60_000 * MS)).as("woke up").isEqualTo(Verdict.ALIVE);
    assertThat(detector.onTick(60_050 * MS)).isEqualTo(Verdict.ALIVE);
  }

  @Test
  void idleLinksBeatAndBusyOnesSeldom() {
    FailureDetector detector = new FailureDetector(Timing.DEFAULT, 0);
    assertThat(detector.isHeartbeatDue(150 * MS)).isFalse();
    assertThat(detector.isHeartbeatDue(200 * MS)).isTrue();
    detector.onSpoke(900 * MS);
    assertThat(detector.isHeartbeatDue(950 * MS)).isFalse();
    assertThat(detector.isHeartbeatDue(1_000 * MS)).as("for the digest").isTrue();
  }

  @Test
  void backOffDoublesWithJitterAndResets() {
    BackOff backOff = new BackOff(1_000, new SplittableRandom(1));
    for (long span = 20; span < 5_000; span *= 2) {
      long limit = Math.min(span, 1_000);
      assertThat(backOff.nextMillis()).isBetween(limit / 2, limit);
    }
    backOff.reset();
    assertThat(backOff.nextMillis()).isBetween(10L, 20L);
  }

  private static void drain(Outbox outbox, long nowNanos, List<Channel> done) {
    ByteBuffer out =
        ByteBuffer.allocate(Limits.SEGMENT_BYTES_MAX + MessageEncoder.SEGMENT_ROOM_MIN);
    outbox.drainTo(out, nowNanos, frame -> done.add(frame.channel()));
  }

  private static Frame frame(Channel channel, int payloadBytes) {
    Target target = new Target.One(new NodeId(2));
    return new Frame(new NodeId(1), target, channel, 1, new byte[payloadBytes]);
  }
}
