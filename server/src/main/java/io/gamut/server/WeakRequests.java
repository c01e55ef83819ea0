package io.gamut.server;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.message.Member;
import io.gamut.server.passing.PassedCodec;
import io.gamut.server.passing.Passing;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Takes the weak requests of a node's clients: to its replica, or to a member's while this node is
 * none.
 *
 * <p>Thread rules: {@link #ask} and {@link #execute} from any thread, the rest on the loop.
 */
final class WeakRequests {
  private final EventLoop loop;
  private final Passing passing;

  WeakRequests(EventLoop loop, GroupLoop group, Overlay overlay) {
    this.loop = loop;
    passing = new Passing(new Here(group), new Others(loop, group, overlay, this::onTime));
  }

  /** Has a request answered; the answer comes on the loop. */
  void ask(LongFunction<Input> request, Consumer<Reply> answer) {
    if (loop.inEventLoop()) {
      passing.submit(request, answer);
    } else {
      loop.execute(() -> passing.submit(request, answer));
    }
  }

  /** Runs a task on the loop. */
  void execute(Runnable task) {
    loop.execute(task);
  }

  /** Whether a message is about requests that are passed on; then it is taken. */
  boolean take(NodeId source, Channel channel, byte[] payload) {
    boolean isPassed = channel == Channel.FORWARD && PassedCodec.isPassed(payload);
    if (isPassed) {
      passing.onMessage(source, payload);
    }
    return isPassed;
  }

  void onUnreachable(NodeId node) {
    passing.onUnreachable(node);
  }

  private void onTime() {
    passing.onTime();
  }

  /** The replica of this node. */
  private record Here(GroupLoop loop) implements Passing.Group {
    @Override
    public boolean isAdmitted() {
      return loop.group().isAdmitted();
    }

    @Override
    public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
      loop.submit(request, answer);
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  /** The way to the members. */
  private record Others(EventLoop loop, GroupLoop group, Overlay overlay, Runnable onTime)
      implements Passing.Network {
    @Override
    public List<NodeId> candidates() {
      SortedSet<NodeId> neighbours = overlay.neighbours();
      SortedSet<NodeId> reachable = overlay.reachable();
      List<NodeId> near = new ArrayList<>();
      List<NodeId> far = new ArrayList<>();
      for (Member member : group.group().weak().members().members()) {
        if (member.isActive() && reachable.contains(member.node())) {
          (neighbours.contains(member.node()) ? near : far).add(member.node());
        }
      }
      near.addAll(far);
      return near;
    }

    @Override
    public boolean send(NodeId to, byte[] payload) {
      return overlay.send(to, Channel.FORWARD, payload);
    }

    @Override
    public void wakeAfter(int millis) {
      var _ = loop.schedule(onTime, millis, TimeUnit.MILLISECONDS);
    }
  }
}
