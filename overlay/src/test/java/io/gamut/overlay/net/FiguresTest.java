package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.await;
import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.OverlayListener;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures rather than tests: prints figures, and fails only when they are absurd. */
@Tag("slow")
final class FiguresTest {
  private static final int ROUNDS = 20_000;

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestNode.closeAll(nodes);
  }

  @Test
  void roundTrips() throws Exception {
    chain(5);
    report("round trip, 1 link", roundTrip(nodes.getFirst(), nodes.get(1)));
    report("round trip, 3 relays", roundTrip(nodes.getFirst(), nodes.get(4)));
  }

  @Test
  void idleCost() throws Exception {
    mesh(5);
    long cpuBefore = processCpuNanos();
    long begun = System.nanoTime();
    CompletableFuture<Boolean> later = new CompletableFuture<>();
    var _ = nodes.getFirst().group.next().schedule(() -> later.complete(true), 8, TimeUnit.SECONDS);
    await(later, "eight seconds");
    double share = (double) (processCpuNanos() - cpuBefore) / (System.nanoTime() - begun) / 5;
    System.out.printf("idle: %.3f %% of one core per node in a mesh of 5%n", 100 * share);
    assertThat(share).isLessThan(0.05);
  }

  @Test
  void throughput() throws Exception {
    chain(2);
    TestNode two = nodes.get(1);
    long begun = System.nanoTime();
    int chunks = 512;
    for (int sent = 0; sent < chunks; ) {
      TestNode one = nodes.getFirst();
      boolean accepted =
          one.call(() -> one.overlay.send(two.id(), Channel.SNAPSHOT, new byte[1 << 20]));
      sent += accepted ? 1 : 0;
    }
    until("all arrive", () -> two.received.size() == chunks);
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf("bulk: %.0f MiB/s over one link%n", chunks / seconds);
  }

  private static long[] roundTrip(TestNode from, TestNode to) throws Exception {
    to.hook.set((source, channel, payload) -> to.overlay.send(source, channel, payload));
    long[] nanos = new long[2 * ROUNDS];
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    from.hook.set(new Pinger(from, to, nanos, done));
    from.call(() -> from.overlay.send(to.id(), Channel.LEDGER, new byte[16]));
    await(done, "all rounds");
    return Arrays.copyOfRange(nanos, ROUNDS, nanos.length);
  }

  /** Sends the next message when the last has come back. */
  private static final class Pinger implements OverlayListener {
    private final TestNode from;
    private final TestNode to;
    private final long[] nanos;
    private final CompletableFuture<Boolean> done;
    private long sentNanos = System.nanoTime();
    private int round;

    Pinger(TestNode from, TestNode to, long[] nanos, CompletableFuture<Boolean> done) {
      this.from = from;
      this.to = to;
      this.nanos = nanos;
      this.done = done;
    }

    @Override
    public void onMessage(NodeId source, Channel channel, byte[] payload) {
      long now = System.nanoTime();
      nanos[round++] = now - sentNanos;
      sentNanos = now;
      if (round < nanos.length) {
        from.overlay.send(to.id(), channel, payload);
      } else {
        done.complete(true);
      }
    }
  }

  private static void report(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s: median %.1f us, 99%% %.1f us, on %s%n",
        what,
        nanos[nanos.length / 2] / 1e3,
        nanos[nanos.length * 99 / 100] / 1e3,
        Transport.preferred());
  }

  private static long processCpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private void chain(int size) throws Exception {
    for (int id = 1; id <= size; id++) {
      nodes.add(TestNode.start(id));
      if (id > 1) {
        link(nodes.get(id - 2), nodes.get(id - 1));
      }
    }
    until("linked", () -> nodes.getFirst().reaches(nodes.getLast()));
    until("linked", () -> nodes.getLast().reaches(nodes.getFirst()));
  }

  private void mesh(int size) throws Exception {
    for (int id = 1; id <= size; id++) {
      TestNode node = TestNode.start(id);
      nodes.forEach(other -> link(node, other));
      nodes.add(node);
    }
    until("linked", () -> nodes.getFirst().reaches(nodes.getLast()));
  }
}
