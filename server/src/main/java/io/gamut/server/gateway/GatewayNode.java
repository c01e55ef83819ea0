package io.gamut.server.gateway;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.core.TokenSeal;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.OverlayException;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Timing;
import io.gamut.overlay.net.NettyOverlay;
import io.gamut.overlay.net.Transport;
import io.gamut.replication.gateway.Lane;
import io.gamut.server.Blocking;
import io.gamut.server.ClientPorts;
import io.gamut.server.Joining;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.fault.ServerFaults;
import io.gamut.server.fault.WallClock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: links to the servers, and the ports that clients use. It keeps nothing on a
 * disk, and may be killed at any moment: what it has acknowledged is on servers.
 *
 * <p>Started and closed from any thread but its own.
 */
public final class GatewayNode implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(GatewayNode.class);
  private static final long ASKING_SECONDS = 3;

  /** Names are drawn from 16,384: two gateways of one name are seldom, three in a row never. */
  private static final int NAMES_MAX = 20;

  private final GatewayConfig config;
  private final SecureRandom random = new SecureRandom();
  private final WallClock clock = new WallClock();
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private @Nullable GatewayLoop gateway;
  private @Nullable Overlay overlay;
  private @Nullable ClientPorts ports;
  private boolean isClosed;

  private GatewayNode(GatewayConfig config) {
    this.config = config;
    group = Transport.preferred().newEventLoopGroup(config.threads(), "gateway");
    loop = group.next();
  }

  /**
   * Starts a gateway and returns when it serves; it waits for a server to let it in as long as it
   * takes.
   *
   * @throws IOException when a port is in use, or all servers turn it away; the message says which
   */
  public static GatewayNode start(GatewayConfig config) throws IOException, InterruptedException {
    GatewayNode node = new GatewayNode(config);
    try {
      node.open();
      return node;
    } catch (IOException | InterruptedException | RuntimeException e) {
      node.kill();
      throw e;
    }
  }

  private void open() throws IOException, InterruptedException {
    ClientAccess access = config.access().load();
    GatewayLoop running =
        Blocking.onLoop(loop, () -> new GatewayLoop(loop, random::nextLong, clock));
    gateway = running;
    Joined joined = join(running);
    Overlay network = requireOpen(overlay);
    Joining answer = Joining.decode(joined.answer());
    Blocking.onLoop(
        loop,
        () -> {
          running.begin(network, answer.members());
          return running;
        });
    ClusterId cluster = joined.cluster();
    GatewayServices services =
        new GatewayServices(
            config,
            network.self(),
            cluster,
            () -> new TokenSeal(cluster, answer.secret()),
            loop,
            running,
            new ServerFaults(network.self(), config.lab(), network.faults(), clock, null),
            new Lane());
    ports = ClientPorts.open(config.clients(), group, services, access);
    LOGGER.info("Gateway {} serves the cluster {}", network.self(), cluster);
  }

  // Joining

  /** Asks one server after the other, under one name after the other, until it is let in. */
  private Joined join(GatewayLoop running) throws IOException, InterruptedException {
    for (int left = NAMES_MAX; left > 0; left--) {
      Overlay network = openOverlay(NodeId.ofGateway(random.nextInt()), running);
      overlay = network;
      Joined joined = ask(network);
      if (joined != null) {
        return joined;
      }
      Blocking.await(network.close());
    }
    throw new IOException("all names that this gateway has drawn are taken");
  }

  private Overlay openOverlay(NodeId name, GatewayLoop running)
      throws IOException, InterruptedException {
    OverlayConfig.Life life = new OverlayConfig.Life(random.nextLong(), clock.millis());
    OverlayConfig overlayConfig =
        new OverlayConfig(
            name,
            Optional.empty(),
            life,
            config.listen(),
            Optional.empty(),
            config.lab(),
            Timing.DEFAULT);
    return Blocking.await(NettyOverlay.open(overlayConfig, loop, running, Admission.NONE));
  }

  /** Null when the name is taken. */
  private @Nullable Joined ask(Overlay network) throws IOException, InterruptedException {
    while (true) {
      int refusals = 0;
      for (Endpoint contact : config.join()) {
        try {
          return network.join(contact, new byte[0]).get(ASKING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
          LOGGER.warn("No answer from {} yet", contact);
        } catch (ExecutionException e) {
          if (isNameTaken(e.getCause())) {
            return null;
          }
          if (++refusals == config.join().size()) {
            throw new IOException("no server lets this gateway in: " + e.getMessage(), e);
          }
        }
      }
    }
  }

  private static boolean isNameTaken(@Nullable Throwable failure) {
    return failure instanceof OverlayException refused
        && refused.refusal().map(Refusal::reason).equals(Optional.of(Refusal.Reason.DUPLICATE_ID));
  }

  // What its owner may ask

  /** The name that it has drawn. */
  public NodeId id() {
    return requireOpen(overlay).self();
  }

  /** Where RESP clients reach it. */
  public Endpoint respAddress() {
    return requireOpen(ports).resp();
  }

  /** Where HTTP clients reach it, if anywhere. */
  public Optional<Endpoint> httpAddress() {
    return requireOpen(ports).http();
  }

  /** Where memcached clients reach it, if anywhere. */
  public Optional<Endpoint> memcachedAddress() {
    return requireOpen(ports).memcached();
  }

  /** Where servers reach it. */
  public Endpoint overlayAddress() {
    return requireOpen(overlay).address();
  }

  /** Completes when the gateway is closed. */
  public CompletableFuture<Void> terminated() {
    return terminated;
  }

  /** Stops in order: no new requests, all that were taken answered, links closed. */
  @Override
  public synchronized void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      if (ports != null) {
        Blocking.await(ports.drain());
      }
      closeNetwork();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the gateway was interrupted while it closed");
    } finally {
      end();
    }
  }

  /** Stops as a crash does: what is under way is not answered. */
  public synchronized void kill() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      if (ports != null) {
        Blocking.await(ports.close());
      }
      closeNetwork();
    } catch (IOException e) {
      LOGGER.warn("The gateway did not die cleanly", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private void closeNetwork() throws IOException, InterruptedException {
    GatewayLoop running = gateway;
    if (running != null) {
      Blocking.onLoop(
          loop,
          () -> {
            running.stop();
            return running;
          });
    }
    if (overlay != null) {
      Blocking.await(overlay.close());
    }
  }

  private void end() {
    var _ = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    terminated.complete(null);
  }

  private static <T> T requireOpen(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the gateway is not open");
    }
    return part;
  }
}
