package io.gamut.server;

import io.gamut.overlay.Endpoint;
import io.gamut.server.http.HttpServer;
import io.gamut.server.memcached.MemcachedServer;
import io.gamut.server.resp.RespServer;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where clients reach a node: a port for each protocol that it speaks. */
final class ClientPorts {
  private final ClientListener resp;
  private final @Nullable ClientListener http;
  private final @Nullable ClientListener memcached;
  private final List<ClientListener> all;

  private ClientPorts(
      NodeConfig config, EventLoopGroup group, NodeServices services, List<ClientListener> opened)
      throws IOException, InterruptedException {
    all = opened;
    resp = add(RespServer.open(config.resp(), group, services));
    http =
        config.http().isEmpty() ? null : add(HttpServer.open(config.http().get(), group, services));
    memcached =
        config.memcached().isEmpty()
            ? null
            : add(MemcachedServer.open(config.memcached().get(), group, services));
  }

  /** Opens all ports, or none. Throws {@link IOException} when one cannot be had. */
  static ClientPorts open(NodeConfig config, EventLoopGroup group, NodeServices services)
      throws IOException, InterruptedException {
    List<ClientListener> opened = new ArrayList<>();
    try {
      return new ClientPorts(config, group, services, opened);
    } catch (IOException | InterruptedException | RuntimeException e) {
      opened.forEach(listener -> listener.close().join());
      throw e;
    }
  }

  private ClientListener add(ClientListener listener) {
    all.add(listener);
    return listener;
  }

  Endpoint resp() {
    return resp.address();
  }

  /** Nothing where it was not asked for. */
  Optional<Endpoint> http() {
    return Optional.ofNullable(http).map(ClientListener::address);
  }

  /** Nothing where it was not asked for. */
  Optional<Endpoint> memcached() {
    return Optional.ofNullable(memcached).map(ClientListener::address);
  }

  /** Takes no new connections, and closes each one there is once its requests are answered. */
  CompletableFuture<Void> drain() {
    return CompletableFuture.allOf(
        all.stream().map(ClientListener::drain).toArray(CompletableFuture[]::new));
  }

  /** Closes everything at once. */
  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        all.stream().map(ClientListener::close).toArray(CompletableFuture[]::new));
  }
}
