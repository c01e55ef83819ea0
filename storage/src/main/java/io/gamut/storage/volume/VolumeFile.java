package io.gamut.storage.volume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Volume}, whose contract says what survives a crash.
 *
 * <p>Threads: one at a time writes or truncates; {@link #read}, {@link #sync} and {@link #length}
 * may run at the same time as a write, where the volume allows several threads at all. A sync
 * promises those writes that returned before it began.
 */
public interface VolumeFile extends Closeable {
  /** The name it was created or opened under. */
  String name();

  /** The length in bytes. */
  long length() throws IOException;

  /** Writes all that remains in the source at a position; a write past the end extends the file. */
  void write(long position, ByteBuffer source) throws IOException;

  /** Writes all that remains in the sources, one behind the other, at a position. */
  void write(long position, ByteBuffer... sources) throws IOException;

  /**
   * Reads from a position until the target is full or the file ends.
   *
   * @return the bytes read: fewer than the target had room for only at the end of the file
   */
  int read(long position, ByteBuffer target) throws IOException;

  /** Makes what was written so far durable (fdatasync). After it has thrown, see {@link Volume}. */
  void sync() throws IOException;

  /** Cuts the file to a length below its present one. */
  void truncate(long lengthBytes) throws IOException;

  /** Closes the file; syncs nothing. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
