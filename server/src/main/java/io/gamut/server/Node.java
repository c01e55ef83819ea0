package io.gamut.server;

import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Timing;
import io.gamut.overlay.net.NettyOverlay;
import io.gamut.overlay.net.Transport;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.server.fault.ServerFaults;
import io.gamut.server.fault.WallClock;
import io.gamut.server.service.NodeServices;
import io.gamut.server.trail.Trail;
import io.gamut.storage.volume.DirectoryVolume;
import io.gamut.storage.volume.DiskFaults;
import io.gamut.storage.volume.FaultyVolume;
import io.gamut.storage.volume.Volume;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: one replica of one group, its disk, its links, and the ports that clients use.
 *
 * <p>Started and closed from any thread but its own. When its disk fails it stops by itself, as a
 * crash would, and {@link #terminated} says why.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Node.class);

  private final NodeConfig config;
  private final SecureRandom random = new SecureRandom();
  private final WallClock clock = new WallClock();
  private final DiskFaults diskFaults = new DiskFaults();
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final CompletableFuture<@Nullable Throwable> terminated = new CompletableFuture<>();
  private final Surroundings surroundings = new Surroundings(this::onRefused);

  private @Nullable Volume volume;
  private @Nullable RunningMark mark;
  private @Nullable GroupDisk disk;
  private @Nullable DiskGuard guard;
  private @Nullable KnownMembers knownMembers;
  private @Nullable Overlay overlay;
  private @Nullable RemoteRequests remote;
  private @Nullable ClientPorts ports;
  private volatile @Nullable GroupLoop groupLoop;
  private volatile @Nullable Identity identity;
  private volatile boolean left;
  private boolean closed;

  private Node(NodeConfig config) {
    this.config = config;
    this.group = Transport.preferred().newEventLoopGroup(config.threads(), "node-" + config.id());
    this.loop = group.next();
  }

  /**
   * Starts a node and returns when it serves. A node that is to join waits for its contact as long
   * as it takes; so does one whose disk is damaged, for others that can take it back, see {@link
   * Repair}.
   *
   * @throws IOException when a port is in use, or the data directory is locked, another node's, or
   *     damaged where no other member is known; the message says which
   */
  public static Node start(NodeConfig config) throws IOException, InterruptedException {
    try {
      return opened(config);
    } catch (IOException | RuntimeException e) {
      Damage damage = Damage.in(e).orElse(null);
      if (damage == null) {
        throw e;
      }
      Repair.noteAtStart(config, damage, e);
    }
    return opened(config);
  }

  private static Node opened(NodeConfig config) throws IOException, InterruptedException {
    Node node = new Node(config);
    try {
      node.open();
      return node;
    } catch (IOException | InterruptedException | RuntimeException e) {
      node.kill();
      throw e;
    }
  }

  private void open() throws IOException, InterruptedException {
    var access = config.access().load();
    Path data = config.data();
    Files.createDirectories(data);
    Volume journal = DirectoryVolume.open(data.resolve("journal"));
    volume = config.lab() ? new FaultyVolume(journal, diskFaults) : journal;
    Repair repair = new Repair(config, requireOpen(volume), random, clock);
    repair.resume();
    Optional<Identity> known = Identity.load(data);
    if (known.isPresent() && !known.get().node().equals(config.id())) {
      throw new IOException(
          "%s holds the data of node %s, not of node %s"
              .formatted(data, known.get().node(), config.id()));
    }
    if (known.isEmpty() && config.join().isEmpty()) {
      known = Optional.of(Identity.bootstrap(config.id(), random));
      known.get().save(data);
      LOGGER.info("Node {} begins cluster {}", config.id(), known.get().cluster());
    }
    openGroup(known.isPresent() ? comeBack(known.get(), repair) : join());
    ports = ClientPorts.open(config.clients(), group, services(), access);
    requireOpen(remote).announce(ports.addresses(requireOpen(overlay).address().host()));
  }

  /** Takes part again, as who it was unless its disk is damaged; the members if not on the disk. */
  private MemberTable comeBack(Identity known, Repair repair)
      throws IOException, InterruptedException {
    Optional<Damage> damage = repair.pending();
    if (damage.isEmpty()) {
      identity = known;
      overlay = openOverlay(Optional.of(known));
      return KnownMembers.load(config.data());
    }
    overlay = openOverlay(Optional.empty());
    Repair.Repaired repaired = repair.run(known, damage.get(), requireOpen(overlay));
    identity = repaired.identity();
    return repaired.members();
  }

  private Overlay openOverlay(Optional<Identity> known) throws IOException, InterruptedException {
    OverlayConfig.Life life = new OverlayConfig.Life(random.nextLong(), clock.millis());
    OverlayConfig overlayConfig =
        new OverlayConfig(
            config.id(),
            known.map(Identity::cluster),
            life,
            config.listen(),
            Optional.empty(),
            config.lab(),
            Timing.DEFAULT);
    return Blocking.await(NettyOverlay.open(overlayConfig, loop, surroundings, this::admit));
  }

  /** Waits until a member lets this node in, and keeps what it says. */
  private MemberTable join() throws IOException, InterruptedException {
    Endpoint contact = config.join().orElseThrow();
    LOGGER.info("Node {} asks {} to let it in", config.id(), contact);
    overlay = openOverlay(Optional.empty());
    Joined joined = Blocking.await(requireOpen(overlay).join(contact, new byte[0]));
    Joining answer = Joining.decode(joined.answer());
    KnownMembers.save(config.data(), answer.members());
    Identity own = Identity.joining(config.id(), joined.cluster(), answer.secret(), random);
    own.save(config.data());
    identity = own;
    return answer.members();
  }

  /**
   * @param members as others have told them; what is on the disk says more
   */
  private void openGroup(MemberTable members) throws IOException, InterruptedException {
    mark = RunningMark.begin(config.data(), config.durability());
    boolean trustDisk = requireOpen(mark).trustDisk();
    Identity own = requireOpen(identity);
    Overlay network = requireOpen(overlay);
    String address = network.address().toString();
    GroupDisk opened =
        GroupDisk.open(
            config,
            own,
            address,
            requireOpen(volume),
            diskFaults,
            new Trail(clock::millis),
            trustDisk,
            random::nextLong);
    disk = opened;
    boolean knowsNobody = opened.replica().weak().members().members().isEmpty();
    knownMembers = new KnownMembers(config.data());
    RemoteRequests requests = new RemoteRequests(loop, network, clock);
    GroupNetwork groupNetwork = new GroupNetwork(own.participant(), network, requests::forward);
    GroupLoop running =
        new GroupLoop(loop, clock, opened, network, groupNetwork, this::onMembers, this::onFailure);
    remote = requests;
    Blocking.onLoop(
        loop,
        () -> {
          running.start(knowsNobody ? members : MemberTable.EMPTY, trustDisk);
          groupLoop = running;
          requests.begin(running, opened.view(), opened.trail());
          surroundings.begin(running, requests);
          return null;
        });
    guard = DiskGuard.start(config.data(), config.diskReserveBytes(), diskFaults, running::onSpace);
  }

  private NodeServices services() {
    return new ServedNode(
        config,
        requireOpen(identity),
        requireOpen(groupLoop),
        requireOpen(remote),
        requireOpen(disk).view(),
        faults(),
        new ServedNode.Owner() {
          @Override
          public void onLeft() {
            Node.this.onLeft();
          }

          @Override
          public void onFailure(Throwable failure) {
            Node.this.onFailure(failure);
          }
        });
  }

  private ServerFaults faults() {
    ServerFaults.Disk faulty =
        new ServerFaults.Disk(
            diskFaults, config.diskReserveBytes() > 0, requireOpen(guard)::lookNow);
    return new ServerFaults(
        config.id(), config.lab(), requireOpen(overlay).faults(), clock, faulty);
  }

  // What the overlay says

  private CompletionStage<Admission.Decision> admit(NodeId node, Endpoint address, byte[] request) {
    Identity own = identity;
    GroupLoop running = groupLoop;
    if (own == null || running == null) {
      return later("node " + config.id() + " is starting itself");
    }
    Optional<String> objection = TakingBack.objection(running.group().ledger(), node, request);
    if (objection.isPresent()) {
      return later(objection.get());
    }
    byte[] answer = new Joining(own.secret(), running.group().weak().members()).encode();
    return CompletableFuture.completedFuture(new Admission.Decision.Admitted(answer));
  }

  private static CompletionStage<Admission.Decision> later(String why) {
    return CompletableFuture.completedFuture(new Admission.Decision.Later(why));
  }

  private void onRefused(Endpoint address, Refusal refusal) {
    LOGGER.warn("Node {} is refused by {}: {}", config.id(), address, refusal);
    GroupLoop running = groupLoop;
    if (refusal.reason() == Refusal.Reason.REMOVED
        && running != null
        && !running.group().weak().members().hasLeft(config.id())) {
      onFailure(
          new IOException(
              "this server was removed from the cluster by force, and cannot come back with what"
                  + " it holds. Nothing of that is deleted; start it with an empty data"
                  + " directory and under another id"));
    }
  }

  private void onMembers(MemberTable members) {
    requireOpen(knownMembers).onMembers(members);
    for (Member member : members.members()) {
      if (member.node().equals(config.id())) {
        continue;
      }
      if (member.isActive()) {
        requireOpen(overlay).addPeer(member.node(), Endpoint.parse(member.address()));
      } else {
        requireOpen(overlay).removePeer(member.node());
      }
    }
  }

  private void onLeft() {
    LOGGER.info("Node {} has left the cluster, and stops", config.id());
    left = true;
    Thread.ofPlatform()
        .name("node-" + config.id() + "-leaves")
        .start(() -> {
          try {
            close();
          } catch (IOException e) {
            LOGGER.warn("Node {} has left, but did not stop in order", config.id(), e);
          }
        });
  }

  private void onFailure(Throwable failure) {
    Thread.ofPlatform()
        .name("node-" + config.id() + "-fails")
        .start(() -> {
          if (failure instanceof OutdatedDiskException) {
            comeBackAsAnother();
          }
          Damage.in(failure).ifPresent(damage -> Repair.noteWhileRunning(config, damage));
          kill(failure);
        });
  }

  /** The next start on this disk is that of a new participant of the ledger. */
  private void comeBackAsAnother() {
    try {
      requireOpen(identity).reborn(random).save(config.data());
    } catch (IOException e) {
      LOGGER.error("Node {} could not give up its vote; it will find out again", config.id(), e);
    }
  }

  // What its owner may ask

  public NodeId id() {
    return config.id();
  }

  /** Where RESP clients reach it. */
  public Endpoint respAddress() {
    return requireOpen(ports).resp();
  }

  /** Where HTTP clients reach it, if anywhere. */
  public Optional<Endpoint> httpAddress() {
    return requireOpen(ports).http();
  }

  /** Where memcached clients reach it, if they may. */
  public Optional<Endpoint> memcachedAddress() {
    return requireOpen(ports).memcached();
  }

  /** Where other nodes reach it. */
  public Endpoint overlayAddress() {
    return requireOpen(overlay).address();
  }

  /** Completes when the node is closed: with null, or with what made it stop. */
  public CompletableFuture<@Nullable Throwable> terminated() {
    return terminated;
  }

  /** Whether it has left the cluster, and so has stopped by itself or is about to. */
  public boolean hasLeft() {
    return left;
  }

  /** Stops in order: no new requests, everything taken on the disk, links closed. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (ports != null) {
        Blocking.await(ports.drain());
      }
      GroupLoop running = groupLoop;
      if (running != null) {
        Blocking.await(Blocking.onLoop(loop, running::stop));
      }
      if (overlay != null) {
        Blocking.await(overlay.close());
      }
      closeDisks();
      if (mark != null) {
        mark.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("node " + config.id() + " was interrupted while it closed");
    } finally {
      endThreads();
      terminated.complete(null);
    }
  }

  /** Stops as a crash does: whatever was not durable is lost. */
  public void kill() {
    kill(null);
  }

  private synchronized void kill(@Nullable Throwable cause) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      GroupLoop running = groupLoop;
      if (running != null) {
        Blocking.onLoop(
            loop,
            () -> {
              running.abandon();
              return null;
            });
      }
      if (ports != null) {
        Blocking.await(ports.close());
      }
      if (overlay != null) {
        Blocking.await(overlay.close());
      }
      closeDisks();
    } catch (IOException e) {
      LOGGER.warn("Node {} did not die cleanly", config.id(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      endThreads();
      terminated.complete(cause);
    }
  }

  private void closeDisks() throws IOException {
    if (guard != null) {
      guard.close();
    }
    GroupLoop running = groupLoop;
    if (running != null) {
      running.close();
    }
    if (knownMembers != null) {
      knownMembers.close();
    }
    try {
      if (disk != null) {
        disk.close();
      }
    } finally {
      // Also of a disk that has failed, and says so again: the next life needs the lock.
      if (volume != null) {
        volume.close();
      }
    }
  }

  private void endThreads() {
    var _ = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
  }

  private static <T> T requireOpen(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the node is not open");
    }
    return part;
  }
}
