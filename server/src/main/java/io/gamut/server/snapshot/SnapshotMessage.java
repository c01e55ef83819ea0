package io.gamut.server.snapshot;

import io.gamut.core.InvalidDataException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What two servers say to each other about a snapshot.
 *
 * <p>The one that has it offers it. The other takes it, by saying that it has received nothing yet,
 * or ends the transfer at once. Then chunks follow each other, each acknowledged once it is
 * written. Any message may be lost; then the transfer is given up, and another one may begin.
 */
sealed interface SnapshotMessage {
  /** A number that the sender has drawn at random for this transfer. */
  long transfer();

  /**
   * A snapshot can be had.
   *
   * @param receiver the incarnation of the participant that it is meant for
   * @param index the ledger is applied in it up to here, or further
   * @param files in the order in which they will come
   */
  record Offer(long transfer, long receiver, long index, List<SnapshotFile> files)
      implements SnapshotMessage {
    static final int FILES_MAX = 16_384;

    public Offer {
      files = List.copyOf(files);
      Set<String> names = new HashSet<>();
      for (SnapshotFile file : files) {
        if (!names.add(file.name())) {
          throw new InvalidDataException("file " + file.name() + " stands twice in a snapshot");
        }
      }
      if (files.isEmpty() || files.size() > FILES_MAX) {
        throw new InvalidDataException(
            "a snapshot has 1 to " + FILES_MAX + " files, not " + files.size());
      }
      if (bytesOf(files) == 0) {
        throw new InvalidDataException("a snapshot is not empty");
      }
    }

    /** The bytes of all files. */
    long bytes() {
      return bytesOf(files);
    }

    private static long bytesOf(List<SnapshotFile> files) {
      try {
        return files.stream().mapToLong(SnapshotFile::bytes).reduce(0, Math::addExact);
      } catch (ArithmeticException e) {
        throw new InvalidDataException("a snapshot cannot be that large");
      }
    }
  }

  /**
   * The next bytes; all of one file.
   *
   * @param position how many bytes, of all files, came before
   * @param checksum CRC32C of the bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Chunk(long transfer, long position, int checksum, byte[] bytes)
      implements SnapshotMessage {
    /** Far less than a link's queue holds, and far more than a message costs. */
    static final int BYTES_MAX = 256 << 10;
  }

  /** So many bytes, of all files, have been received and written. */
  record Received(long transfer, long bytes) implements SnapshotMessage {}

  /** The transfer is over, by the word of either side. */
  record Ended(long transfer, Reason reason) implements SnapshotMessage {}

  /** Why a transfer is over. */
  enum Reason {
    /** The state is installed. */
    INSTALLED,
    /** The receiver has as much by itself, or is another participant. */
    NOT_NEEDED,
    /** The receiver takes another snapshot. */
    BUSY,
    /** Something went wrong; the server that it went wrong at has logged it. */
    FAILED
  }
}
