package io.gamut.server.snapshot;

import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the files of a snapshot, one after the other, as chunks. One thread at a time. */
final class SnapshotSource implements Closeable {
  private final Path directory;
  private final long transfer;
  private final List<SnapshotFile> files;
  private int next;
  private @Nullable FileChannel channel;
  private long leftInFile;
  private long position;

  SnapshotSource(Path directory, long transfer, List<SnapshotFile> files) {
    this.directory = directory;
    this.transfer = transfer;
    this.files = files;
  }

  /**
   * The files of a snapshot.
   *
   * @throws IOException also if they are more than can be offered
   */
  static List<SnapshotFile> files(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.list(directory)) {
      paths = found.filter(Files::isRegularFile).sorted().toList();
    }
    if (paths.size() > Offer.FILES_MAX) {
      throw new IOException(
          "%s has %d files, and no more than %d can be sent"
              .formatted(directory, paths.size(), Offer.FILES_MAX));
    }
    List<SnapshotFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(new SnapshotFile(path.getFileName().toString(), Files.size(path)));
    }
    return files;
  }

  /** The next chunk; there must be one. */
  Chunk read() throws IOException {
    while (leftInFile == 0) {
      close();
      SnapshotFile file = files.get(next++);
      leftInFile = file.bytes();
      channel = FileChannel.open(directory.resolve(file.name()), StandardOpenOption.READ);
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(leftInFile, Chunk.BYTES_MAX));
    while (channel != null && buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException(directory + " has changed while it was read");
      }
    }
    Chunk chunk = new Chunk(transfer, position, checksum(buffer.array()), buffer.array());
    position += buffer.capacity();
    leftInFile -= buffer.capacity();
    return chunk;
  }

  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
