package io.gamut.server.connection;

import io.gamut.core.BinaryWriter;
import io.gamut.server.request.Reads;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is said on one connection, in its protocol. All on the connection's event loop.
 *
 * @param <W> writes replies of the protocol
 */
public interface Dialogue<W> {
  /** The protocol's name, for logs. */
  String protocol();

  /**
   * Makes the next request of what has come, or returns null when more bytes are needed; what was
   * used is taken out of {@code in}. What cannot be understood is a request too: one that answers
   * with an error, and closes the connection if nothing behind it can be understood.
   */
  @Nullable Request next(ByteBuffer in);

  /** Bytes that are held of a request which is not here in full, beside those in {@code in}. */
  long begunBytes();

  /** What is said to a client whose request cannot be taken, since too much is held already. */
  Consumer<W> noRoom();

  /** Runs a request whose turn has come. Throws nothing that its client could cause. */
  void run(Request request);

  /**
   * The answer to a request is ready, so many nanoseconds after the request was taken up. Called
   * for every request: it must cost nothing where nothing is wrong.
   */
  default void onAnswered(Request request, long nanos) {}

  /** The connection's reads, which gather. */
  Reads reads();

  W writer(BinaryWriter out);

  /** The connection is closed. */
  void onClosed();
}
