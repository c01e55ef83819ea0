package io.gamut.overlay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.wire.Message.ForeignHello;
import io.gamut.overlay.wire.Message.Heartbeat;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.Message.Refused;
import java.nio.ByteBuffer;

/** Reads the whole body of a message that is not a frame. */
final class BodyReader {
  private BodyReader() {}

  static Message read(int version, int kind, ByteBuffer body) throws WireException {
    return switch (kind) {
      case Wire.KIND_HELLO -> hello(version, body);
      case Wire.KIND_REFUSAL -> refusal(body);
      case Wire.KIND_HEARTBEAT -> heartbeat(body);
      default -> throw new WireException("there is no kind " + kind);
    };
  }

  private static Message hello(int version, ByteBuffer body) throws WireException {
    int magic = body.getInt();
    if (magic != Wire.MAGIC) {
      throw new WireException("not a Gamut node: magic " + Integer.toHexString(magic));
    }
    if (version != Wire.VERSION) {
      return new ForeignHello(version);
    }
    if (body.remaining() < Wire.HELLO_FIXED_BYTES - Integer.BYTES) {
      throw new WireException("a hello is cut short");
    }
    int flags = body.get();
    if ((flags & ~(Wire.HELLO_ANSWER | Wire.HELLO_LAB | Wire.HELLO_CLUSTER)) != 0) {
      throw new WireException("unknown hello flags " + flags);
    }
    ClusterId cluster = new ClusterId(body.getLong(), body.getLong());
    NodeId node = new NodeId(body.getShort() & 0xFFFF);
    long boot = body.getLong();
    Endpoint address = endpoint(body);
    byte[] payload = rest(body);
    if (payload.length > Limits.HANDSHAKE_PAYLOAD_BYTES_MAX) {
      throw new WireException("a handshake cannot carry " + payload.length + " bytes");
    }
    Identity identity =
        new Identity(
            (flags & Wire.HELLO_CLUSTER) != 0 ? cluster : null,
            node,
            boot,
            address,
            (flags & Wire.HELLO_LAB) != 0);
    return new Hello((flags & Wire.HELLO_ANSWER) != 0, identity, payload);
  }

  private static Endpoint endpoint(ByteBuffer body) throws WireException {
    int length = body.getShort() & 0xFFFF;
    if (length > Limits.ENDPOINT_BYTES_MAX || length > body.remaining()) {
      throw new WireException("an address cannot have " + length + " bytes");
    }
    byte[] text = new byte[length];
    body.get(text);
    try {
      return Endpoint.parse(new String(text, UTF_8));
    } catch (IllegalArgumentException e) {
      throw new WireException("a hello without an address: " + e.getMessage());
    }
  }

  private static Message refusal(ByteBuffer body) throws WireException {
    int code = body.get();
    if (!Refusal.Reason.isCode(code)) {
      throw new WireException("there is no reason " + code + " to refuse");
    }
    return new Refused(new Refusal(Refusal.Reason.ofCode(code), new String(rest(body), UTF_8)));
  }

  private static Message heartbeat(ByteBuffer body) throws WireException {
    int purpose = body.get();
    if (!Heartbeat.Purpose.isCode(purpose)) {
      throw new WireException("there is no heartbeat of purpose " + purpose);
    }
    return new Heartbeat(Heartbeat.Purpose.ofCode(purpose), body.getLong());
  }

  private static byte[] rest(ByteBuffer body) {
    byte[] rest = new byte[body.remaining()];
    body.get(rest);
    return rest;
  }
}
