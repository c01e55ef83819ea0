package io.gamut.overlay.net;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.Timing;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** What the parts of one overlay share: who this node is, its event loop, its counters. */
final class Site {
  private static final byte[] NOTHING = {};

  final OverlayConfig config;
  final EventLoop loop;
  final Transport transport;
  final Notices notices;
  final Tallies tallies = new Tallies();
  final Impairments impairments = new Impairments();
  final SplittableRandom dice;

  private Optional<ClusterId> cluster;
  private Endpoint address;

  Site(OverlayConfig config, EventLoop loop, OverlayListener listener) {
    this.config = config;
    this.loop = loop;
    this.transport = Transport.of(loop);
    this.notices = new Notices(listener);
    this.dice = new SplittableRandom(config.life().boot());
    this.cluster = config.cluster();
    this.address = config.listen();
  }

  NodeId self() {
    return config.self();
  }

  Timing timing() {
    return config.timing();
  }

  Optional<ClusterId> cluster() {
    return cluster;
  }

  void becomeMember(ClusterId joined) {
    cluster = Optional.of(joined);
  }

  Endpoint address() {
    return address;
  }

  void onListening(int port) {
    address = new Endpoint(config.advertisedHost().orElse(config.listen().host()), port);
  }

  /** What this node says to open a link. */
  Hello hello() {
    return new Hello(false, identity(), NOTHING);
  }

  /** What this node says to be let into a cluster. */
  Hello joinRequest(byte[] request) {
    return new Hello(false, identity(), request);
  }

  /** What this node says to accept a link. */
  Hello answer(byte[] payload) {
    return new Hello(true, identity(), payload);
  }

  io.netty.util.concurrent.Future<?> after(long millis, Runnable task) {
    return loop.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private Identity identity() {
    return new Identity(
        cluster.orElse(null), self(), config.life().boot(), address, config.labEnabled());
  }
}
