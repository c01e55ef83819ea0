package io.gamut.server;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.Refusal;
import io.gamut.replication.Input;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server's parts what its network says, once they have begun. Gateways are no concern of
 * the replica's: they hold nothing.
 *
 * <p>On the loop.
 */
final class Surroundings implements OverlayListener {
  private final BiConsumer<Endpoint, Refusal> refused;
  private @Nullable GroupLoop group;
  private @Nullable RemoteRequests remote;

  /**
   * @param refused is told of others that turn this server away
   */
  Surroundings(BiConsumer<Endpoint, Refusal> refused) {
    this.refused = refused;
  }

  void begin(GroupLoop running, RemoteRequests requests) {
    group = running;
    remote = requests;
  }

  @Override
  public void onMessage(NodeId source, Channel channel, byte[] payload) {
    if (group != null && remote != null && !remote.take(source, channel, payload)) {
      group.onMessage(source, channel, payload);
    }
  }

  @Override
  public void onNeighbourUp(NodeId neighbour) {
    if (group != null && neighbour.isServer()) {
      group.onNeighbourUp(neighbour);
    }
  }

  @Override
  public void onNeighbourDown(NodeId neighbour) {
    if (group != null && neighbour.isServer()) {
      group.step(new Input.NeighbourDown(neighbour));
    }
  }

  @Override
  public void onReachable(NodeId node) {
    if (group != null) {
      group.onReachable();
    }
  }

  @Override
  public void onUnreachable(NodeId node) {
    onReachable(node);
    if (remote != null) {
      remote.onUnreachable(node);
    }
  }

  @Override
  public void onRefused(Endpoint address, Refusal refusal) {
    refused.accept(address, refusal);
  }
}
