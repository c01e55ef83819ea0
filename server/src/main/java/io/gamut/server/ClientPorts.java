package io.gamut.server;

import io.gamut.overlay.Endpoint;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.server.access.ClientAccess;
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

/** Where clients reach a node or a gateway: a port for each protocol that it speaks. */
public final class ClientPorts {
  private final ClientListener resp;
  private final @Nullable ClientListener http;
  private final @Nullable ClientListener memcached;
  private final List<ClientListener> all;

  private ClientPorts(
      ClientEndpoints wanted,
      EventLoopGroup group,
      NodeServices services,
      ClientAccess access,
      List<ClientListener> opened)
      throws IOException, InterruptedException {
    all = opened;
    resp = add(RespServer.open(wanted.resp(), group, services, access));
    http =
        wanted.http().isEmpty()
            ? null
            : add(HttpServer.open(wanted.http().get(), group, services, access));
    memcached =
        wanted.memcached().isEmpty()
            ? null
            : add(MemcachedServer.open(wanted.memcached().get(), group, services, access));
  }

  /** Opens all ports, or none. Throws {@link IOException} when one cannot be had. */
  public static ClientPorts open(
      ClientEndpoints wanted, EventLoopGroup group, NodeServices services, ClientAccess access)
      throws IOException, InterruptedException {
    List<ClientListener> opened = new ArrayList<>();
    try {
      return new ClientPorts(wanted, group, services, access, opened);
    } catch (IOException | InterruptedException | RuntimeException e) {
      opened.forEach(listener -> listener.close().join());
      throw e;
    }
  }

  private ClientListener add(ClientListener listener) {
    all.add(listener);
    return listener;
  }

  /** Where RESP clients come. */
  public Endpoint resp() {
    return resp.address();
  }

  /** Nothing where it was not asked for. */
  public Optional<Endpoint> http() {
    return Optional.ofNullable(http).map(ClientListener::address);
  }

  /** Nothing where it was not asked for. */
  public Optional<Endpoint> memcached() {
    return Optional.ofNullable(memcached).map(ClientListener::address);
  }

  /** The same, as other servers are told: where a wildcard is listened at, by the node's host. */
  ClientAddresses addresses(String host) {
    return new ClientAddresses(
        told(Optional.of(resp()), host), told(http(), host), told(memcached(), host));
  }

  private static String told(Optional<Endpoint> endpoint, String host) {
    return endpoint
        .map(at -> new Endpoint(isWildcard(at.host()) ? host : at.host(), at.port()).toString())
        .orElse("");
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
  }

  /** Takes no new connections, and closes each one there is once its requests are answered. */
  public CompletableFuture<Void> drain() {
    return CompletableFuture.allOf(
        all.stream().map(ClientListener::drain).toArray(CompletableFuture[]::new));
  }

  /** Closes everything at once. */
  public CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        all.stream().map(ClientListener::close).toArray(CompletableFuture[]::new));
  }
}
