package io.gamut.server.passing;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages that may be too large for one frame, or come faster than links take them: in parts
 * where they are large, and later where there is no room.
 *
 * <p>The network keeps the order of what it delivers, and may lose some: a message of which a part
 * is missing is lost, and who waits for it asks again. What waits for one node is bounded; beyond
 * that, messages are lost as on a network that is too slow.
 *
 * <p>On one event loop.
 */
public final class Parcels {
  private static final Logger LOGGER = LoggerFactory.getLogger(Parcels.class);
  private static final int MARK = 0xA3;
  private static final int PART_BYTES = 1 << 20;
  private static final int PARTS_MAX = 128;
  private static final long WAITING_BYTES_MAX = 256L << 20;

  /** A link that had no room has sent some of what it holds by then. */
  private static final int AGAIN_MILLIS = 2;

  private final BiPredicate<NodeId, byte[]> frames;
  private final Predicate<NodeId> isReachable;
  private final Timer timer;
  private final BiConsumer<NodeId, byte[]> arrived;
  private final Map<NodeId, Waiting> waiting = new HashMap<>();
  private final Map<NodeId, Assembly> assemblies = new HashMap<>();
  private long numbers;
  private boolean isTimed;

  /** Runs a task later, on the same loop. */
  @FunctionalInterface
  public interface Timer {
    void after(int millis, Runnable task);
  }

  /** What is to be sent to one node. */
  private static final class Waiting {
    final ArrayDeque<byte[]> payloads = new ArrayDeque<>();
    long bytes;
  }

  /** The parts of a message that have come. */
  private static final class Assembly {
    final long number;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int parts;

    Assembly(long number) {
      this.number = number;
    }
  }

  /**
   * @param frames sends a payload in a frame, unless there is no way or no room for it
   * @param isReachable whether there is a way to a node
   * @param arrived is given whole messages
   */
  public Parcels(
      BiPredicate<NodeId, byte[]> frames,
      Predicate<NodeId> isReachable,
      Timer timer,
      BiConsumer<NodeId, byte[]> arrived) {
    this.frames = frames;
    this.isReachable = isReachable;
    this.timer = timer;
    this.arrived = arrived;
  }

  // Sending

  /**
   * Sends a message.
   *
   * @return whether it is on its way; it may be lost all the same
   */
  public boolean send(NodeId to, byte[] message) {
    Waiting before = waiting.get(to);
    if (before == null && message.length <= PART_BYTES && frames.test(to, message)) {
      return true;
    }
    if (!isReachable.test(to)) {
      return false;
    }
    Waiting queue = waiting.computeIfAbsent(to, _ -> new Waiting());
    if (queue.bytes + message.length > WAITING_BYTES_MAX) {
      LOGGER.warn("A message of {} bytes to node {} is lost: it is too slow", message.length, to);
      return false;
    }
    for (byte[] payload : payloads(message)) {
      queue.payloads.add(payload);
      queue.bytes += payload.length;
    }
    drain(to, queue);
    return true;
  }

  private List<byte[]> payloads(byte[] message) {
    if (message.length <= PART_BYTES) {
      return List.of(message);
    }
    int count = Math.ceilDiv(message.length, PART_BYTES);
    long number = ++numbers;
    byte[][] payloads = new byte[count][];
    for (int part = 0; part < count; part++) {
      int from = part * PART_BYTES;
      int length = Math.min(PART_BYTES, message.length - from);
      BinaryWriter out = new BinaryWriter();
      out.writeByte(MARK);
      out.writeVarint(number);
      out.writeVarint(part);
      out.writeVarint(count);
      out.writeBytes(Arrays.copyOfRange(message, from, from + length));
      payloads[part] = out.toByteArray();
    }
    return List.of(payloads);
  }

  private void drain(NodeId to, Waiting queue) {
    while (!queue.payloads.isEmpty()) {
      byte[] next = queue.payloads.getFirst();
      if (!frames.test(to, next)) {
        again();
        return;
      }
      queue.payloads.removeFirst();
      queue.bytes -= next.length;
    }
    waiting.remove(to);
  }

  private void again() {
    if (!isTimed) {
      isTimed = true;
      timer.after(
          AGAIN_MILLIS,
          () -> {
            isTimed = false;
            Map.copyOf(waiting).forEach(this::drain);
          });
    }
  }

  /** A node can be reached no more: what waits for it is lost, and what has come in parts. */
  public void onUnreachable(NodeId node) {
    waiting.remove(node);
    assemblies.remove(node);
  }

  // Receiving

  /** Takes a payload that has come in a frame. */
  public void onPayload(NodeId from, byte[] payload) {
    if (payload.length == 0 || (payload[0] & 0xFF) != MARK) {
      arrived.accept(from, payload);
      return;
    }
    byte[] whole = assembled(from, payload);
    if (whole != null) {
      arrived.accept(from, whole);
    }
  }

  private byte @Nullable [] assembled(NodeId from, byte[] payload) {
    BinaryReader in = new BinaryReader(payload);
    in.readByte();
    long number = in.readVarint();
    int part = in.readCount(PARTS_MAX, "parts");
    int count = in.readCount(PARTS_MAX, "parts");
    byte[] bytes = in.readBytes(PART_BYTES);
    in.requireEnd();
    if (part >= count) {
      throw new InvalidDataException("part " + part + " of " + count);
    }
    Assembly assembly = assemblies.get(from);
    if (part == 0) {
      assembly = new Assembly(number);
      assemblies.put(from, assembly);
    }
    if (assembly == null || assembly.number != number || assembly.parts != part) {
      assemblies.remove(from);
      return null; // some of it was lost
    }
    assembly.bytes.writeBytes(bytes);
    assembly.parts++;
    if (assembly.parts < count) {
      return null;
    }
    assemblies.remove(from);
    return assembly.bytes.toByteArray();
  }
}
