package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import io.gamut.server.gateway.GatewayConfig;
import io.gamut.server.gateway.GatewayNode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A gateway in this process. */
public final class EmbeddedGateway implements RunningNode {
  private final GatewayNode gateway;

  private EmbeddedGateway(GatewayNode gateway) {
    this.gateway = gateway;
  }

  public static RunningNode start(GatewayConfig config) throws IOException, InterruptedException {
    return new EmbeddedGateway(GatewayNode.start(config));
  }

  @Override
  public Endpoint respAddress() {
    return gateway.respAddress();
  }

  @Override
  public Endpoint overlayAddress() {
    return gateway.overlayAddress();
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void kill() {
    gateway.kill();
  }

  @Override
  public void stop() throws IOException {
    gateway.close();
  }

  @Override
  public void pause() throws IOException {
    throw new IOException("what runs in one process cannot be paused: run without --embedded");
  }

  @Override
  public void resume() throws IOException {
    pause();
  }

  @Override
  public boolean endedInOrder() {
    return false;
  }

  @Override
  public CompletableFuture<String> ended() {
    return gateway.terminated().thenApply(_ -> "it was stopped");
  }
}
