package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.LinkFaults;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.OverlayCounters;
import io.gamut.overlay.OverlayException;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.routing.Topology;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The overlay over TCP: puts the parts together and is their face. */
public final class NettyOverlay implements Overlay {
  /** Ticks per heartbeat: silence is judged to a quarter of one. */
  private static final int TICKS_PER_HEARTBEAT = 4;

  /** How seldom the table is searched for nodes long gone: every 10 s by default. */
  private static final int TICKS_PER_EXPIRY = 200;

  private final Site site;
  private final Flooding flooding;
  private final Forwarding forwarding;
  private final Links links;
  private final Peers peers;
  private final Gate gate;
  private final Faults faults;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private io.netty.channel.@Nullable Channel listening;
  private @Nullable Future<?> ticker;
  private @Nullable Joining joining;
  private boolean closing;
  private int ticks;

  private NettyOverlay(
      OverlayConfig config, EventLoop loop, OverlayListener listener, Admission admission) {
    site = new Site(config, loop, listener);
    flooding = new Flooding(site);
    forwarding = new Forwarding(site, flooding);
    links = new Links(site, flooding, forwarding);
    peers = new Peers(site, links);
    gate = new Gate(site, links, peers, admission);
    faults = new Faults(site, links, peers, gate);
    links.observe(peers);
    links.observe(gate);
    links.observe(faults);
    peers.onDialFailed(gate::settleWaiting);
  }

  /**
   * Listens, and is ready to be told of peers.
   *
   * @param loop runs everything, the listener's and the admission's methods too; see {@link
   *     Transport} for how to get one
   * @return fails with an {@link OverlayException} if it cannot listen
   */
  public static CompletableFuture<Overlay> open(
      OverlayConfig config, EventLoop loop, OverlayListener listener, Admission admission) {
    NettyOverlay overlay = new NettyOverlay(config, loop, listener, admission);
    CompletableFuture<Overlay> opened = new CompletableFuture<>();
    loop.execute(() -> overlay.listen(opened));
    return opened;
  }

  private void listen(CompletableFuture<Overlay> opened) {
    Endpoint listen = site.config.listen();
    ChannelFuture binding =
        SocketOptions.listening(site)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    gate.onAccepted(channel);
                  }
                })
            .bind(new InetSocketAddress(listen.host(), listen.port()));
    binding.addListener(_ -> {
      if (binding.isSuccess() && binding.channel() instanceof ServerChannel server) {
        onListening(server);
        opened.complete(this);
      } else {
        opened.completeExceptionally(
            new OverlayException("cannot listen on " + listen + ": " + binding.cause()));
      }
    });
  }

  private void onListening(ServerChannel server) {
    listening = server;
    if (server.localAddress() instanceof InetSocketAddress bound) {
      site.onListening(bound.getPort());
    }
    long tickMillis = site.timing().heartbeatMillis() / TICKS_PER_HEARTBEAT;
    ticker =
        site.loop.scheduleWithFixedDelay(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    links.tick(System.nanoTime());
    if (++ticks % TICKS_PER_EXPIRY == 0) {
      flooding.expire(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }
  }

  @Override
  public NodeId self() {
    return site.self();
  }

  @Override
  public Endpoint address() {
    return site.address();
  }

  @Override
  public boolean send(NodeId destination, Channel channel, byte[] payload) {
    requireOnLoop();
    return !closing && forwarding.send(destination, channel, payload);
  }

  @Override
  public void broadcast(Channel channel, byte[] payload) {
    requireOnLoop();
    if (!closing) {
      forwarding.broadcast(channel, payload);
    }
  }

  @Override
  public void addPeer(NodeId peer, Endpoint address) {
    onLoop(() -> peers.add(peer, address));
  }

  @Override
  public void removePeer(NodeId peer) {
    onLoop(() -> peers.remove(peer));
  }

  @Override
  public CompletableFuture<Joined> join(Endpoint contact, byte[] request) {
    CompletableFuture<Joined> joined = new CompletableFuture<>();
    onLoop(() -> join(contact, request, joined));
    return joined;
  }

  private void join(Endpoint contact, byte[] request, CompletableFuture<Joined> joined) {
    if (closing || site.cluster().isPresent()) {
      joined.completeExceptionally(
          new OverlayException(
              "node "
                  + self()
                  + " cannot join: "
                  + (closing ? "it is closing" : "it is of the cluster " + site.cluster().get())));
      return;
    }
    if (joining != null) {
      joining.cancel("another contact is asked");
    }
    Joining begun = new Joining(site, links, peers, contact, request, joined);
    joining = begun;
    begun.begin();
  }

  @Override
  public SortedSet<NodeId> neighbours() {
    requireOnLoop();
    TreeSet<NodeId> neighbours = new TreeSet<>();
    links.all().forEach(link -> neighbours.add(link.peer()));
    return neighbours;
  }

  @Override
  public SortedSet<NodeId> reachable() {
    requireOnLoop();
    return flooding.routes().reachable();
  }

  @Override
  public Topology topology() {
    requireOnLoop();
    return flooding.routes().topology();
  }

  @Override
  public OverlayCounters counters() {
    requireOnLoop();
    return site.tallies.snapshot();
  }

  @Override
  public LinkFaults faults() {
    return faults;
  }

  @Override
  public CompletableFuture<Void> close() {
    onLoop(this::beginClosing);
    return closed;
  }

  /** No newcomers, no dials, then the links, ascending. */
  private void beginClosing() {
    if (closing) {
      return;
    }
    closing = true;
    site.notices.fallSilent();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    if (ticker != null) {
      ticker.cancel(false);
    }
    if (listening != null) {
      ends.add(closing(listening));
      var _ = listening.close();
    }
    if (joining != null) {
      joining.cancel("the overlay is closed");
    }
    peers.close();
    gate.close();
    for (Link link : links.all()) {
      ends.add(closing(link.channel()));
      links.drop(link, true, "this node is closing");
    }
    var _ =
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
            .whenComplete((_, _) -> onSocketsClosed());
  }

  /**
   * NIO gives a closed socket's port back only when its selector has run once more, which a timer
   * waits for: whoever opens the next overlay on this port shall find it free.
   */
  private void onSocketsClosed() {
    if (site.loop.isShuttingDown()) {
      closed.complete(null);
    } else {
      var _ = site.after(1, () -> closed.complete(null));
    }
  }

  private static CompletableFuture<Void> closing(io.netty.channel.Channel channel) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    channel.closeFuture().addListener(_ -> end.complete(null));
    return end;
  }

  private void onLoop(Runnable task) {
    if (site.loop.inEventLoop()) {
      task.run();
    } else {
      site.loop.execute(task);
    }
  }

  private void requireOnLoop() {
    if (!site.loop.inEventLoop()) {
      throw new IllegalStateException(
          "this method of the overlay may be called on its event loop only, not on "
              + Thread.currentThread().getName());
    }
  }
}
