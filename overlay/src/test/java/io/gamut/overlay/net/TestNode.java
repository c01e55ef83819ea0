package io.gamut.overlay.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Timing;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One overlay on an event loop of its own, with what it was told. */
final class TestNode implements OverlayListener {
  static final ClusterId CLUSTER = new ClusterId(0xFEED, 0xF00D);
  private static final long LIMIT_SECONDS = 10;

  /** One delivery. */
  record Received(int source, Channel channel, String text, int bytes) {}

  /** What one node is started with. */
  record Setup(int id, long boot, Optional<ClusterId> cluster, boolean lab, int port) {
    static Setup of(int id) {
      return new Setup(id, 1_000 + id, Optional.of(CLUSTER), true, 0);
    }

    Setup boot(long other) {
      return new Setup(id, other, cluster, lab, port);
    }

    Setup cluster(Optional<ClusterId> other) {
      return new Setup(id, boot, other, lab, port);
    }

    Setup withoutLab() {
      return new Setup(id, boot, cluster, false, port);
    }

    Setup port(int other) {
      return new Setup(id, boot, cluster, lab, other);
    }
  }

  final List<Received> received = new CopyOnWriteArrayList<>();
  final List<Refusal> refusals = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicReference<OverlayListener> hook = new AtomicReference<>();
  final EventLoopGroup group;
  final Overlay overlay;

  TestNode(Setup setup, Admission admission, Timing timing) throws Exception {
    group = Transport.preferred().newEventLoopGroup(1, "node-" + setup.id);
    OverlayConfig config =
        new OverlayConfig(
            new NodeId(setup.id),
            setup.cluster,
            new OverlayConfig.Life(setup.boot, setup.boot),
            new Endpoint("127.0.0.1", setup.port),
            Optional.empty(),
            setup.lab,
            timing);
    overlay = await(NettyOverlay.open(config, group.next(), this, admission), "node " + setup.id);
  }

  static TestNode start(Setup setup) throws Exception {
    return new TestNode(setup, Admission.NONE, Timing.DEFAULT);
  }

  static TestNode start(int id) throws Exception {
    return start(Setup.of(id));
  }

  NodeId id() {
    return overlay.self();
  }

  void know(TestNode other) {
    overlay.addPeer(other.id(), other.overlay.address());
  }

  static void link(TestNode a, TestNode b) {
    a.know(b);
    b.know(a);
  }

  boolean send(TestNode to, Channel channel, String text) throws Exception {
    return call(() -> overlay.send(to.id(), channel, text.getBytes(UTF_8)));
  }

  boolean reaches(TestNode... others) {
    for (TestNode other : others) {
      if (!get(() -> overlay.reachable().contains(other.id()))) {
        return false;
      }
    }
    return true;
  }

  boolean isNeighbourOf(TestNode other) {
    return get(() -> overlay.neighbours().contains(other.id()));
  }

  long countOf(String text) {
    return received.stream().filter(r -> r.text.equals(text)).count();
  }

  <T> T call(Callable<T> task) throws Exception {
    return group.submit(task).get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private <T> T get(Callable<T> task) {
    try {
      return call(task);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static <T> T await(CompletableFuture<T> future, String what) throws Exception {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(what + " was not done within " + LIMIT_SECONDS + " s", e);
    }
  }

  static void until(String what, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
        throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void onMessage(NodeId source, Channel channel, byte[] payload) {
    OverlayListener other = hook.get();
    if (other != null) {
      other.onMessage(source, channel, payload);
      return;
    }
    String text = payload.length > 64 ? "" : new String(payload, UTF_8);
    received.add(new Received(source.value(), channel, text, payload.length));
  }

  @Override
  public void onNeighbourUp(NodeId neighbour) {
    events.add("up " + neighbour);
  }

  @Override
  public void onNeighbourSuspected(NodeId neighbour) {
    events.add("suspected " + neighbour);
  }

  @Override
  public void onNeighbourDown(NodeId neighbour) {
    events.add("down " + neighbour);
  }

  @Override
  public void onReachable(NodeId node) {
    events.add("reachable " + node);
  }

  @Override
  public void onUnreachable(NodeId node) {
    events.add("unreachable " + node);
  }

  @Override
  public void onPeerLearned(NodeId node, Endpoint address) {
    events.add("learned " + node + " " + address);
  }

  @Override
  public void onRefused(Endpoint address, Refusal refusal) {
    refusals.add(refusal);
  }

  void close() throws Exception {
    await(overlay.close(), "closing");
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  static void closeAll(List<TestNode> nodes) throws Exception {
    for (TestNode node : nodes) {
      node.close();
    }
  }
}
