package io.gamut.server.snapshot;

import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.storage.volume.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes chunks into the files of a snapshot. Each file is synced before its last chunk is reported
 * as written, so little is left to be done at the end. One thread at a time.
 */
final class SnapshotTarget implements Closeable {
  /** What must stay free on the disk for everything else. Bytes. */
  private static final long SPARE_BYTES = 64L << 20;

  private final Path directory;
  private final List<SnapshotFile> files;
  private int next;
  private @Nullable FileChannel channel;
  private long leftInFile;
  private long position;

  private SnapshotTarget(Path directory, List<SnapshotFile> files) {
    this.directory = directory;
    this.files = files;
  }

  /**
   * Makes the directory.
   *
   * @throws IOException also if the disk has no room for the files
   */
  static SnapshotTarget create(Path directory, List<SnapshotFile> files, long bytes)
      throws IOException {
    Files.createDirectory(directory);
    SnapshotTarget target = new SnapshotTarget(directory, files);
    long free = Files.getFileStore(directory).getUsableSpace();
    if (bytes > free - SPARE_BYTES) {
      throw new IOException(
          "the disk has %d bytes left, and the snapshot would take %d of them"
              .formatted(free, bytes));
    }
    return target;
  }

  Path directory() {
    return directory;
  }

  /**
   * Writes the next bytes.
   *
   * @return how many there are by now, of all files
   */
  long write(Chunk chunk) throws IOException {
    beginFiles();
    byte[] bytes = chunk.bytes();
    if (chunk.position() != position || bytes.length > leftInFile) {
      throw new IOException(
          "%d bytes at %d of the snapshot do not follow the %d that are there, in a file of which"
                  .formatted(bytes.length, chunk.position(), position)
              + " %d are missing".formatted(leftInFile));
    }
    if (SnapshotSource.checksum(bytes) != chunk.checksum()) {
      throw new IOException("the bytes at " + position + " of the snapshot have been damaged");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (channel != null && buffer.hasRemaining()) {
      channel.write(buffer);
    }
    position += bytes.length;
    leftInFile -= bytes.length;
    beginFiles();
    return position;
  }

  /** Ends the file that is whole, and begins those behind it up to one that is not empty. */
  private void beginFiles() throws IOException {
    while (leftInFile == 0 && next <= files.size()) {
      endFile();
      if (next < files.size()) {
        SnapshotFile file = files.get(next);
        leftInFile = file.bytes();
        channel =
            FileChannel.open(
                directory.resolve(file.name()),
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW);
      }
      next++;
    }
  }

  private void endFile() throws IOException {
    if (channel != null) {
      channel.force(true);
      channel.close();
      channel = null;
    }
  }

  /** All bytes are there: makes the whole durable. */
  void finish() throws IOException {
    beginFiles();
    DurableFile.syncDirectory(directory);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
