package io.gamut.overlay.wire;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Target;
import java.nio.ByteBuffer;

/** A frame in the making: its header is read, its payload still arrives. */
final class FrameAssembly {
  private final Frame frame;
  private int arrivedBytes;

  private FrameAssembly(Frame frame) {
    this.frame = frame;
  }

  static FrameAssembly begin(Channel channel, ByteBuffer header) throws WireException {
    int flags = header.get();
    if ((flags & ~Wire.FLAG_BROADCAST) != 0) {
      throw new WireException("unknown frame flags " + flags);
    }
    int hopsLeft = header.get() & 0xFF;
    NodeId source = new NodeId(header.getShort() & 0xFFFF);
    NodeId destination = new NodeId(header.getShort() & 0xFFFF);
    int payloadBytes = header.getInt();
    if (payloadBytes < 0 || payloadBytes > Limits.PAYLOAD_BYTES_MAX) {
      throw new WireException(
          "a payload has at most " + Limits.PAYLOAD_BYTES_MAX + " bytes, not " + payloadBytes);
    }
    long boot = header.getLong();
    long number = header.getLong();
    Target target = flags == 0 ? new Target.One(destination) : new Target.All(boot, number);
    return new FrameAssembly(new Frame(source, target, channel, hopsLeft, new byte[payloadBytes]));
  }

  int missingBytes() {
    return frame.payload().length - arrivedBytes;
  }

  /** Takes at most {@code max} bytes, which are not more than are missing. */
  int take(ByteBuffer in, int max) {
    int taken = Math.min(max, in.remaining());
    in.get(frame.payload(), arrivedBytes, taken);
    arrivedBytes += taken;
    return taken;
  }

  Frame frame() {
    return frame;
  }
}
