package io.gamut.server;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerCodec;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.message.PeerCodec;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.strong.StrongCodec;
import io.gamut.replication.strong.StrongMessage;
import java.util.function.BiConsumer;

/** Sends what a group's replica says to the others, each kind over its channel. */
final class GroupNetwork {
  private final Participant self;
  private final Overlay overlay;
  private final BiConsumer<NodeId, byte[]> gateways;
  private long antiEntropyBytes;

  /**
   * @param gateways sends a message to a gateway, which may be larger than others
   */
  GroupNetwork(Participant self, Overlay overlay, BiConsumer<NodeId, byte[]> gateways) {
    this.self = self;
    this.overlay = overlay;
    this.gateways = gateways;
  }

  void send(NodeId to, PeerMessage.Envelope envelope) {
    byte[] bytes = PeerCodec.encode(envelope);
    if (envelope.message() instanceof PeerMessage.Batch) {
      antiEntropyBytes += bytes.length;
    }
    overlay.send(to, Channel.WEAK, bytes);
  }

  void broadcast(PeerMessage.Envelope envelope) {
    overlay.broadcast(Channel.WEAK, PeerCodec.encode(envelope));
  }

  void send(Participant to, LedgerMessage message) {
    LedgerMessage.Envelope envelope =
        new LedgerMessage.Envelope(self.incarnation(), to.incarnation(), message);
    Channel channel = message.isLong() ? Channel.LEDGER_BULK : Channel.LEDGER;
    overlay.send(to.node(), channel, LedgerCodec.encode(envelope));
  }

  void tell(NodeId to, StrongMessage message) {
    byte[] bytes = StrongCodec.encode(message);
    if (to.isGateway()) {
      gateways.accept(to, bytes);
    } else {
      overlay.send(to, Channel.FORWARD, bytes);
    }
  }

  void tellAll(StrongMessage message) {
    overlay.broadcast(Channel.FORWARD, StrongCodec.encode(message));
  }

  /** Sent to others because they asked for what they lacked. */
  long antiEntropyBytes() {
    return antiEntropyBytes;
  }
}
