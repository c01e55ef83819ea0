package io.gamut.server;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.View;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Answering;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.replication.remote.Glimpse;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Page;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteCodec;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.StrongCodec;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.server.fault.WallClock;
import io.gamut.server.passing.AddressBook;
import io.gamut.server.passing.Looked;
import io.gamut.server.passing.Looking;
import io.gamut.server.passing.Parcels;
import io.gamut.server.passing.Passing;
import io.gamut.server.trail.History;
import io.gamut.server.trail.Past;
import io.gamut.server.trail.Trail;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the weak requests of a node's clients: to its replica, or to a member's while this node is
 * none; and answers what others ask on behalf of theirs.
 *
 * <p>Thread rules: {@link #ask}, {@link #list} and {@link #execute} from any thread, the rest on
 * the loop.
 */
final class RemoteRequests {
  private static final Logger LOGGER = LoggerFactory.getLogger(RemoteRequests.class);

  private final EventLoop loop;
  private final Overlay overlay;
  private final WallClock clock;
  private final Parcels parcels;
  private final AddressBook addresses = new AddressBook();
  private @Nullable ClientAddresses own;
  private @Nullable GroupLoop group;
  private @Nullable Passing passing;
  private @Nullable Answering answering;
  private @Nullable Looks looks;

  RemoteRequests(EventLoop loop, Overlay overlay, WallClock clock) {
    this.loop = loop;
    this.overlay = overlay;
    this.clock = clock;
    parcels =
        new Parcels(
            (to, payload) -> overlay.send(to, Channel.FORWARD, payload),
            to -> overlay.reachable().contains(to),
            (millis, task) -> {
              var _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
            },
            this::onForwarded);
  }

  /** From now on there is a replica that is asked. */
  void begin(GroupLoop running, View view, Trail trail) {
    group = running;
    Here here = new Here(running, view, clock, this::standing);
    Others others = new Others(loop, running, overlay, parcels, this::onTime);
    passing =
        new Passing(overlay.self(), here, others, new SecureRandom().nextInt(Integer.MAX_VALUE));
    looks = new Looks(here, others, trail);
    answering = new Answering(here, (to, message) -> parcels.send(to, RemoteCodec.encode(message)));
  }

  private Passing passing() {
    return Objects.requireNonNull(passing, "there is no replica yet");
  }

  // The clients of this node

  /** Has a request answered; the answer comes on the loop. */
  void ask(LongFunction<Input> request, Consumer<Answered<Reply>> answer) {
    execute(() -> passing().submit(request, answer));
  }

  /**
   * Has pairs listed; the answer comes on the loop.
   *
   * @param here does it here, on the loop
   */
  void list(Question.Listing listing, Runnable here, Consumer<Answered<Listed>> then) {
    execute(() -> passing().list(listing, here, then));
  }

  /** Looks at what each member holds of a key; completes on the loop. */
  CompletableFuture<Looked> look(NodeId self, Key key) {
    return CompletableFuture.completedFuture(key)
        .thenComposeAsync(asked -> looks().look(self, asked), this::execute);
  }

  /** The recent versions of a key here; completes on the loop. */
  CompletableFuture<History> history(Key key, int count) {
    return CompletableFuture.completedFuture(key)
        .thenApplyAsync(asked -> looks().history(asked, count), this::execute);
  }

  private Looks looks() {
    return Objects.requireNonNull(looks, "there is no replica yet");
  }

  /** Runs a task on the loop. */
  void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  // Where clients reach servers

  /** From now on others are told again and again where clients reach this server. */
  void announce(ClientAddresses clients) {
    execute(() -> {
      own = clients;
      var _ =
          loop.scheduleAtFixedRate(
              () -> overlay.broadcast(Channel.FORWARD, announcement(clients)),
              0,
              AddressBook.ANNOUNCED_MILLIS,
              TimeUnit.MILLISECONDS);
    });
  }

  private static byte[] announcement(ClientAddresses clients) {
    return RemoteCodec.encode(new RemoteMessage.Announced(clients));
  }

  /** Where clients reach the other servers, as far as they have said; from any thread. */
  Map<NodeId, ClientAddresses> addresses() {
    return addresses.all();
  }

  // What is known here. On the loop

  /** How the replica of this node stands. */
  Standing standing() {
    GroupLoop running = Objects.requireNonNull(group, "there is no replica yet");
    return running.group().standing(running.antiEntropyBytes(), clock.now());
  }

  List<Integer> neighbours() {
    return overlay.neighbours().stream().map(NodeId::value).toList();
  }

  // Other nodes

  /** Sends a message about the ledger to a gateway; it may be large. */
  void forward(NodeId gateway, byte[] message) {
    parcels.send(gateway, message);
  }

  /** Takes a message of a gateway, and what servers forward: then the replica need not. */
  boolean take(NodeId source, Channel channel, byte[] payload) {
    if (channel != Channel.FORWARD) {
      return source.isGateway(); // it has nothing else to say
    }
    try {
      parcels.onPayload(source, payload);
    } catch (InvalidDataException e) {
      LOGGER.warn("Node {} has forwarded what cannot be read: {}", source, e.getMessage());
    }
    return true;
  }

  private void onForwarded(NodeId source, byte[] message) {
    GroupLoop running = group;
    Answering answers = answering;
    if (running == null || answers == null) {
      return;
    }
    if (!RemoteCodec.isRemote(message)) {
      if (source.isServer() || StrongCodec.decode(message) instanceof StrongMessage.Bid) {
        running.onMessage(source, Channel.FORWARD, message);
      }
      return;
    }
    switch (RemoteCodec.decode(message)) {
      case RemoteMessage.Ask ask -> answers.onAsk(source, ask);
      case RemoteMessage.Hail hail -> {
        answers.onHail(source, hail);
        if (own != null) {
          parcels.send(source, announcement(own));
        }
      }
      case RemoteMessage.Announced(ClientAddresses clients) -> addresses.put(source, clients);
      case RemoteMessage.ToldSight sight -> looks().looking().onSight(source, sight);
      case RemoteMessage told -> passing().onMessage(source, told);
    }
  }

  void onUnreachable(NodeId node) {
    parcels.onUnreachable(node);
    addresses.remove(node);
    if (passing != null) {
      passing.onUnreachable(node);
    }
  }

  private void onTime() {
    passing().onTime();
  }

  /** The replica of this node. */
  private record Here(GroupLoop loop, View view, WallClock clock, Supplier<Standing> stands)
      implements Passing.Group, Answering.Group {
    @Override
    public boolean isAdmitted() {
      return loop.group().isAdmitted();
    }

    @Override
    public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
      loop.submit(request, answer);
    }

    @Override
    public void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer) {
      loop.submitStrong(request, answer);
    }

    @Override
    public Page page(Question.Listing listing) {
      Page.Source source = listing.freshness() == null ? view::scan : view.committed()::scan;
      return Page.read(source, listing.after(), listing.limit(), listing.hasValues());
    }

    @Override
    public void whenRoom(Runnable task) {
      loop.whenRoom(task);
    }

    @Override
    public Standing standing() {
      return stands.get();
    }

    @Override
    public Sight sight(Key key) {
      Now now = clock.now();
      return new Sight(
          standing(),
          Glimpse.of(view.committed().lookup(key)),
          Glimpse.of(view.lookup(key)),
          loop.group().outlook(now).ageNanos(),
          now.wallMillis());
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  /** What is held here and elsewhere, for people. */
  private static final class Looks {
    private final Here here;
    private final Trail trail;
    private final Looking looking;

    Looks(Here here, Others others, Trail trail) {
      this.here = here;
      this.trail = trail;
      looking = new Looking(others, new SecureRandom().nextInt(Integer.MAX_VALUE));
    }

    Looking looking() {
      return looking;
    }

    CompletableFuture<Looked> look(NodeId self, Key key) {
      MemberTable members = here.loop.group().weak().members();
      return looking.look(key, new Looking.Own(self, here.sight(key)), self, members);
    }

    History history(Key key, int count) {
      StateMachine machine = here.loop.group().machine();
      Pair committed = here.view.committed().lookup(key);
      Version version = committed == null ? null : committed.version();
      return trail.history(key, count, new Past(machine.absorbed(), version));
    }
  }

  /** The way to the members. */
  private record Others(
      EventLoop loop, GroupLoop group, Overlay overlay, Parcels parcels, Runnable onTime)
      implements Passing.Network, Looking.Network {
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
    public boolean send(NodeId to, RemoteMessage message) {
      return parcels.send(to, RemoteCodec.encode(message));
    }

    @Override
    public void wakeAfter(int millis) {
      after(millis, onTime);
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
}
