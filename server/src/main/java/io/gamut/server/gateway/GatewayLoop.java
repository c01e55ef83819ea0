package io.gamut.server.gateway;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.Refusal;
import io.gamut.replication.Entropy;
import io.gamut.replication.Now;
import io.gamut.replication.gateway.Gateway;
import io.gamut.replication.gateway.GatewayEffects;
import io.gamut.replication.gateway.GatewayInput;
import io.gamut.replication.gateway.Lane;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteCodec;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.StrongCodec;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.server.WakeTimer;
import io.gamut.server.fault.WallClock;
import io.gamut.server.passing.AddressBook;
import io.gamut.server.passing.Looked;
import io.gamut.server.passing.Looking;
import io.gamut.server.passing.Parcels;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Gateway} on an event loop: feeds it inputs, does its effects on the real network.
 *
 * <p>All inputs of one turn of the loop are taken first; what has gathered is then sent together.
 *
 * <p>Thread rules: {@link #ask}, {@link #execute}, {@link #list}, {@link #look}, {@link #standing},
 * {@link #isOverloaded} and {@link #whenRoom} from any thread, the rest on the loop.
 */
final class GatewayLoop implements GatewayEffects, OverlayListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(GatewayLoop.class);

  /** Of requests under way: from here on nothing more is read from clients, for a while. */
  private static final long BYTES_MAX = 64L << 20;

  private final EventLoop loop;
  private final WallClock clock;
  private final Gateway gateway;
  private final WakeTimer timer;
  private final Map<Long, Consumer<Answered<Reply>>> asking = new HashMap<>();
  private final Map<Long, Consumer<Answered<Listed>>> listing = new HashMap<>();
  private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waitingForRoom = new ArrayDeque<>();
  private final AddressBook addresses = new AddressBook();
  private final Parcels parcels;
  private final Looking looking;
  private @Nullable Overlay overlay;
  private long requests;
  private boolean isTurnScheduled;
  private boolean isAnswering;
  private boolean isStopped;
  private volatile boolean isOverloaded;
  private volatile Standing standing = Standing.UNKNOWN;

  GatewayLoop(EventLoop loop, Entropy entropy, WallClock clock) {
    this.loop = loop;
    this.clock = clock;
    gateway = new Gateway(entropy, clock.now());
    timer = new WakeTimer(loop, () -> step(GatewayInput.Tick.TICK));
    parcels =
        new Parcels(
            (to, payload) -> overlay().send(to, Channel.FORWARD, payload),
            to -> overlay().reachable().contains(to),
            (millis, task) -> {
              var _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
            },
            this::onForwarded);
    looking = new Looking(new Others(), entropy.nextLong() >>> 1);
  }

  /** The way to the servers, for looks. */
  private final class Others implements Looking.Network {
    @Override
    public boolean send(NodeId to, RemoteMessage message) {
      return GatewayLoop.this.send(to, message);
    }

    @Override
    public void after(int millis, Runnable task) {
      var _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  /** Begins on a network; whom it knows of the members, it keeps links with. */
  void begin(Overlay network, MemberTable members) {
    overlay = network;
    membersChanged(members);
    onReachable(network.self());
  }

  private Overlay overlay() {
    return Objects.requireNonNull(overlay, "the gateway has not begun");
  }

  private Now now() {
    return clock.now();
  }

  // What clients ask

  /** Has a question answered; the answer comes on the loop. */
  void ask(Lane lane, Question question, Consumer<Answered<Reply>> answer) {
    onLoop(() -> {
      asking.put(++requests, answer);
      step(new GatewayInput.Ask(requests, lane, question));
    });
  }

  /** Has a strong operation done; the answer comes on the loop. */
  void execute(
      Lane lane, LongFunction<StrongInput.Execute> execute, Consumer<Answered<Reply>> answer) {
    onLoop(() -> {
      asking.put(++requests, answer);
      step(new GatewayInput.Execute(lane, execute.apply(requests)));
    });
  }

  /** Has pairs listed; the answer comes on the loop. */
  void list(Lane lane, Question.Listing question, Consumer<Answered<Listed>> answer) {
    onLoop(() -> {
      listing.put(++requests, answer);
      step(new GatewayInput.Ask(requests, lane, question));
    });
  }

  /** Looks at what each server holds of a key; completes on the loop. */
  CompletableFuture<Looked> look(Lane lane, Key key) {
    return CompletableFuture.completedFuture(key)
        .thenComposeAsync(
            asked -> {
              NodeId own = lane.server();
              NodeId server = own == null ? gateway.nearestServer(now()) : own;
              return looking.look(asked, null, server, standing.members());
            },
            this::onLoop);
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** How the nearest server stands. */
  Standing standing() {
    return standing;
  }

  /** Where clients reach the servers, as far as they have said; from any thread. */
  Map<NodeId, ClientAddresses> addresses() {
    return addresses.all();
  }

  boolean isOverloaded() {
    return isOverloaded;
  }

  /** Calls back, on the loop, once there is room for more requests. */
  void whenRoom(Runnable callback) {
    onLoop(() -> {
      if (isOverloaded) {
        waitingForRoom.add(callback);
      } else {
        callback.run();
      }
    });
  }

  // Turns

  private void step(GatewayInput input) {
    if (isStopped) {
      return;
    }
    gateway.step(input, now(), this);
    answer();
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      loop.execute(this::endTurn);
    }
  }

  /** Not in the middle of a step: who is answered may ask on at once. */
  private void answer() {
    if (!isAnswering) {
      isAnswering = true;
      try {
        for (Runnable next = answers.poll(); next != null; next = answers.poll()) {
          answer(next);
        }
      } finally {
        isAnswering = false;
      }
    }
  }

  /** What goes wrong at one connection must not keep others from their answers. */
  private static void answer(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException e) {
      LOGGER.error("An answer could not be passed on, because of a bug", e);
    }
  }

  private void endTurn() {
    isTurnScheduled = false;
    if (isStopped) {
      return;
    }
    Now now = now();
    gateway.endTurn(now, this);
    isOverloaded = gateway.isCrowded() || gateway.bytes() > BYTES_MAX;
    while (!isOverloaded && !waitingForRoom.isEmpty()) {
      waitingForRoom.remove().run();
    }
    Standing nearest = gateway.nearest(now);
    standing = nearest == null ? Standing.UNKNOWN : nearest;
    timer.wakeAt(gateway.wakeAtNanos());
  }

  /** Does nothing any more. */
  void stop() {
    isStopped = true;
  }

  // What the gateway wants done

  @Override
  public boolean send(NodeId to, RemoteMessage message) {
    return parcels.send(to, RemoteCodec.encode(message));
  }

  @Override
  public void send(NodeId to, StrongMessage message) {
    parcels.send(to, StrongCodec.encode(message));
  }

  @Override
  public void answer(long request, Answered<Reply> answer) {
    Consumer<Answered<Reply>> asker = asking.remove(request);
    if (asker != null) {
      answers.add(() -> asker.accept(answer));
      return;
    }
    Consumer<Answered<Listed>> lister = listing.remove(request);
    if (lister != null && answer.reply() instanceof Reply.Failed failed) {
      answers.add(
          () -> lister.accept(new Answered<>(new Listed.Refused(failed), answer.replica())));
    }
  }

  @Override
  public void listed(long request, Answered<Listed.Found> answer) {
    Consumer<Answered<Listed>> lister = listing.remove(request);
    if (lister != null) {
      answers.add(() -> lister.accept(new Answered<>(answer.reply(), answer.replica())));
    }
  }

  @Override
  public void membersChanged(MemberTable members) {
    for (Member member : members.members()) {
      if (member.isActive()) {
        overlay().addPeer(member.node(), Endpoint.parse(member.address()));
      } else {
        overlay().removePeer(member.node());
      }
    }
  }

  // What the network says

  @Override
  public void onMessage(NodeId source, Channel channel, byte[] payload) {
    if (channel != Channel.FORWARD || source.isGateway()) {
      return; // between servers, or from nobody who answers
    }
    try {
      parcels.onPayload(source, payload);
    } catch (InvalidDataException e) {
      LOGGER.warn("Server {} has sent what cannot be read: {}", source, e.getMessage());
    }
  }

  private void onForwarded(NodeId source, byte[] message) {
    if (!RemoteCodec.isRemote(message)) {
      step(new GatewayInput.HeardOfLedger(source, StrongCodec.decode(message)));
      return;
    }
    switch (RemoteCodec.decode(message)) {
      case RemoteMessage.Announced(ClientAddresses clients) -> addresses.put(source, clients);
      case RemoteMessage.ToldSight told -> looking.onSight(source, told);
      case RemoteMessage other -> step(new GatewayInput.Heard(source, other));
    }
  }

  @Override
  public void onReachable(NodeId node) {
    if (overlay != null) {
      Set<NodeId> servers =
          overlay.reachable().stream().filter(NodeId::isServer).collect(Collectors.toSet());
      step(new GatewayInput.Reachable(servers));
    }
  }

  @Override
  public void onUnreachable(NodeId node) {
    parcels.onUnreachable(node);
    addresses.remove(node);
    onReachable(node);
  }

  @Override
  public void onNeighbourSuspected(NodeId neighbour) {
    step(new GatewayInput.Suspected(neighbour, true));
  }

  @Override
  public void onNeighbourTrusted(NodeId neighbour) {
    step(new GatewayInput.Suspected(neighbour, false));
  }

  @Override
  public void onNeighbourUp(NodeId neighbour) {
    step(new GatewayInput.Suspected(neighbour, false));
  }

  @Override
  public void onRefused(Endpoint address, Refusal refusal) {
    LOGGER.warn("This gateway is refused by {}: {}", address, refusal);
  }

  /** The servers at the other ends of links. */
  List<Integer> neighbours() {
    return overlay().neighbours().stream().map(NodeId::value).toList();
  }
}
