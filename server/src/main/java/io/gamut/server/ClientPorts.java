package io.gamut.server;

import io.gamut.overlay.Endpoint;
import io.gamut.server.http.HttpServer;
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
  private final List<ClientListener> all = new ArrayList<>();

  private ClientPorts(NodeConfig config, EventLoopGroup group, NodeServices services)
      throws IOException, InterruptedException {
    try {
      resp = add(RespServer.open(config.resp(), group, services));
      http =
          config.http().isPresent()
              ? add(HttpServer.open(config.http().get(), group, services))
              : null;
    } catch (IOException | InterruptedException | RuntimeException e) {
      var _ = close();
      throw e;
    }
  }

  /** Opens all ports, or none. Throws {@link IOException} when one cannot be had. */
  static ClientPorts open(NodeConfig config, EventLoopGroup group, NodeServices services)
      throws IOException, InterruptedException {
    return new ClientPorts(config, group, services);
  }

  private ClientListener add(ClientListener listener) {
    all.add(listener);
    return listener;
  }

  Endpoint resp() {
    return resp.address();
  }

  Optional<Endpoint> http() {
    return Optional.ofNullable(http).map(ClientListener::address);
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
