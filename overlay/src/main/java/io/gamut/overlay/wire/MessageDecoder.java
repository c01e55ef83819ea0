package io.gamut.overlay.wire;

import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.wire.Message.Frame;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to messages, in whatever pieces they come.
 *
 * <p><b>What a stranger can make it allocate.</b> Until {@link #becomeLinked} only openings and
 * refusals are accepted, whose bodies are bounded, and their buffer grows only as bytes arrive.
 * After that each channel has at most one frame in the making, of at most {@link
 * Limits#PAYLOAD_BYTES_MAX}. Every length is checked before it is believed. After a {@link
 * WireException} the decoder is spent.
 */
public final class MessageDecoder {
  private static final int BODY_BYTES_FIRST = 512;

  private final ByteBuffer header = ByteBuffer.allocate(Wire.SEGMENT_HEADER_BYTES);
  private final @Nullable FrameAssembly[] assemblies =
      new @Nullable FrameAssembly[Channel.values().length];

  private boolean linked;
  private boolean inBody;
  private int version;
  private int kind;
  private int channelCode;
  private int bodyLeft;
  private ByteBuffer body = ByteBuffer.allocate(BODY_BYTES_FIRST);

  /** The handshake is over: frames and heartbeats from now on, no openings. */
  public void becomeLinked() {
    linked = true;
  }

  /** Consumes all of {@code in}; hands on each message as it is complete. */
  public void feed(ByteBuffer in, Consumer<Message> out) throws WireException {
    while (in.hasRemaining() || (inBody && bodyLeft == 0)) {
      if (!inBody) {
        take(in, header, header.remaining());
        if (header.hasRemaining()) {
          return;
        }
        beginSegment();
      } else if (kind == Wire.KIND_MORE) {
        feedPayload(in, out);
      } else {
        feedBody(in, out);
      }
    }
  }

  private void beginSegment() throws WireException {
    header.flip();
    version = header.get() & 0xFF;
    kind = header.get();
    channelCode = header.get();
    int reserved = header.get();
    bodyLeft = header.getInt();
    header.clear();
    requireExpectedKind();
    if (reserved != 0) {
      throw new WireException("the reserved byte is " + reserved + ", not 0");
    }
    if (bodyLeft < bodyBytesMin() || bodyLeft > bodyBytesMax()) {
      throw new WireException("a body of kind " + kind + " cannot have " + bodyLeft + " bytes");
    }
    if (kind >= Wire.KIND_FIRST && !Channel.isCode(channelCode)) {
      throw new WireException("there is no channel " + channelCode);
    }
    if (kind == Wire.KIND_MORE && bodyLeft > assembly().missingBytes()) {
      throw new WireException("a frame is continued beyond its length");
    }
    inBody = true;
    body.clear();
  }

  private void requireExpectedKind() throws WireException {
    boolean opening = kind == Wire.KIND_HELLO || kind == Wire.KIND_REFUSAL;
    boolean running = kind >= Wire.KIND_HEARTBEAT && kind <= Wire.KIND_MORE;
    if (linked ? !running : !opening) {
      throw new WireException(
          "a segment of kind " + kind + (linked ? " on a link" : " before the handshake"));
    }
    if (version != Wire.VERSION && !opening) {
      throw new WireException("version " + version + " in the middle of a link of version 1");
    }
  }

  private int bodyBytesMin() {
    return switch (kind) {
      case Wire.KIND_HELLO -> Integer.BYTES;
      case Wire.KIND_HEARTBEAT -> Wire.HEARTBEAT_BYTES;
      case Wire.KIND_FIRST -> Wire.FRAME_HEADER_BYTES;
      default -> 1;
    };
  }

  private int bodyBytesMax() {
    return switch (kind) {
      case Wire.KIND_HELLO -> Wire.HELLO_BYTES_MAX;
      case Wire.KIND_REFUSAL -> Wire.REFUSAL_BYTES_MAX;
      case Wire.KIND_HEARTBEAT -> Wire.HEARTBEAT_BYTES;
      default -> Wire.FRAME_HEADER_BYTES + Limits.SEGMENT_BYTES_MAX;
    };
  }

  /** Gathers a whole body, or a frame's header, then reads it. */
  private void feedBody(ByteBuffer in, Consumer<Message> out) throws WireException {
    int wanted = kind == Wire.KIND_FIRST ? Wire.FRAME_HEADER_BYTES - body.position() : bodyLeft;
    int arriving = Math.min(wanted, in.remaining());
    reserve(arriving);
    bodyLeft -= take(in, body, arriving);
    if (arriving < wanted) {
      return;
    }
    body.flip();
    if (kind == Wire.KIND_FIRST) {
      beginFrame(out);
      return;
    }
    inBody = false;
    out.accept(BodyReader.read(version, kind, body));
    body = ByteBuffer.allocate(BODY_BYTES_FIRST);
  }

  private void beginFrame(Consumer<Message> out) throws WireException {
    if (assemblies[channelCode] != null) {
      throw new WireException("a frame begins before the last one of its channel has ended");
    }
    FrameAssembly begun = FrameAssembly.begin(Channel.ofCode(channelCode), body);
    if (bodyLeft > begun.missingBytes()) {
      throw new WireException("a frame's first segment is longer than the frame");
    }
    assemblies[channelCode] = begun;
    kind = Wire.KIND_MORE;
    if (bodyLeft == 0) {
      endPiece(begun, out);
    }
  }

  private void feedPayload(ByteBuffer in, Consumer<Message> out) throws WireException {
    FrameAssembly assembly = assembly();
    bodyLeft -= assembly.take(in, bodyLeft);
    if (bodyLeft == 0) {
      endPiece(assembly, out);
    }
  }

  private void endPiece(FrameAssembly assembly, Consumer<Message> out) {
    inBody = false;
    if (assembly.missingBytes() == 0) {
      assemblies[channelCode] = null;
      Frame frame = assembly.frame();
      out.accept(frame);
    }
  }

  private FrameAssembly assembly() throws WireException {
    FrameAssembly assembly = assemblies[channelCode];
    if (assembly == null) {
      throw new WireException("a frame is continued that has not begun");
    }
    return assembly;
  }

  private void reserve(int more) {
    if (body.remaining() < more) {
      int capacity = Math.max(body.position() + more, body.capacity() * 2);
      body = ByteBuffer.allocate(capacity).put(body.flip());
    }
  }

  private static int take(ByteBuffer in, ByteBuffer out, int max) {
    int taken = Math.min(max, in.remaining());
    out.put(out.position(), in, in.position(), taken);
    out.position(out.position() + taken);
    in.position(in.position() + taken);
    return taken;
  }
}
