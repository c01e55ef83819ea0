package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A server in this process. */
public final class EmbeddedNode implements RunningNode {
  private final Node node;
  private final Endpoint resp;
  private final Endpoint overlay;

  private EmbeddedNode(Node node) {
    this.node = node;
    this.resp = node.respAddress();
    this.overlay = node.overlayAddress();
  }

  public static RunningNode start(NodeConfig config) throws IOException, InterruptedException {
    return new EmbeddedNode(Node.start(config));
  }

  @Override
  public Endpoint respAddress() {
    return resp;
  }

  @Override
  public Endpoint overlayAddress() {
    return overlay;
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void kill() {
    node.kill();
  }

  @Override
  public void stop() throws IOException, InterruptedException {
    node.close();
  }

  @Override
  public void pause() throws IOException {
    throw new IOException("servers in one process cannot be paused: run without --embedded");
  }

  @Override
  public void resume() throws IOException {
    pause();
  }

  @Override
  public boolean endedInOrder() {
    return node.hasLeft();
  }

  @Override
  public CompletableFuture<String> ended() {
    return node.terminated()
        .thenApply(failure -> failure == null ? "it was stopped" : String.valueOf(failure));
  }
}
