package io.gamut.storage.journal;

import io.gamut.storage.volume.Volume;
import io.gamut.storage.volume.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Creates, finds and deletes segment files.
 *
 * <p>A file bears a segment's name only when it is complete: it is created under another name,
 * filled, given its header and synced, then renamed, and the directory is synced. So a segment
 * whose header cannot be read was damaged, and is never one that a crash left half made. Deletion
 * syncs the directory file by file, from one end of the journal: no crash leaves a gap between
 * segments, and a gap is damage too.
 */
final class SegmentFiles {
  private static final String UNFINISHED = ".new";

  private final Volume volume;
  private final LongSupplier salts;

  SegmentFiles(Volume volume, LongSupplier salts) {
    this.volume = volume;
    this.salts = salts;
  }

  /** Draws the header of a new segment. Salts begin with a byte that is not zero: see TailScan. */
  SegmentHeader draw(JournalId id, long firstPosition, long capacityBytes) {
    return new SegmentHeader(id, firstPosition, capacityBytes, salts.getAsLong() | Long.MIN_VALUE);
  }

  /** Creates a segment, durable with its name when this returns; leaves nothing when it throws. */
  Segment create(SegmentHeader header) throws IOException {
    String name = Segment.nameOf(header.firstPosition());
    String unfinished = name + UNFINISHED;
    if (volume.list().contains(unfinished)) {
      volume.delete(unfinished);
    }
    VolumeFile file = volume.create(unfinished, SegmentHeader.BYTES + header.capacityBytes());
    try {
      file.write(0, header.encode());
      file.sync();
      volume.rename(unfinished, name);
      volume.syncDirectory();
      return new Segment(header, file);
    } catch (IOException e) {
      discard(file, List.of(unfinished, name), e);
      throw e;
    }
  }

  private void discard(VolumeFile file, List<String> names, IOException cause) {
    try {
      file.close();
      List<String> existing = volume.list();
      for (String name : names) {
        if (existing.contains(name)) {
          volume.delete(name);
        }
      }
      volume.syncDirectory();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Deletes a segment, durably. */
  void delete(Segment segment) throws IOException {
    segment.close();
    volume.delete(segment.name());
    volume.syncDirectory();
  }

  /** Opens a segment again whose header is known, to read what has been written to it. */
  Segment reopen(SegmentHeader header) throws IOException {
    return new Segment(header, volume.open(Segment.nameOf(header.firstPosition())));
  }

  /** Deletes what a crash left half made. */
  void deleteUnfinished() throws IOException {
    for (String name : volume.list()) {
      if (name.endsWith(Segment.SUFFIX + UNFINISHED)) {
        volume.delete(name);
      }
    }
  }

  /** Opens all segments in order, and checks that they belong together. */
  List<Segment> openAll() throws IOException {
    List<Segment> segments = new ArrayList<>();
    try {
      for (String name : volume.list()) {
        if (name.endsWith(Segment.SUFFIX)) {
          segments.add(open(name));
          requireSequel(segments);
        }
      }
      return segments;
    } catch (IOException e) {
      closeAll(segments, e);
      throw e;
    }
  }

  static void closeAll(Iterable<Segment> segments, IOException cause) {
    for (Segment segment : segments) {
      try {
        segment.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private Segment open(String name) throws IOException {
    VolumeFile file = volume.open(name);
    try {
      return new Segment(readHeader(name, file), file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static SegmentHeader readHeader(String name, VolumeFile file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.read(0, bytes);
    return switch (SegmentHeader.decode(bytes.flip())) {
      case SegmentHeader.Reading.Good(SegmentHeader header) -> checked(header, name, file);
      case SegmentHeader.Reading.Newer(int version) ->
          throw new JournalVersionException(name, version, SegmentHeader.VERSION);
      case SegmentHeader.Reading.Broken(String what) -> throw corrupt(name, what);
    };
  }

  private static SegmentHeader checked(SegmentHeader header, String name, VolumeFile file)
      throws IOException {
    if (!name.equals(Segment.nameOf(header.firstPosition()))) {
      throw corrupt(name, "its header says that it begins at " + header.firstPosition());
    }
    long expected = SegmentHeader.BYTES + header.capacityBytes();
    if (file.length() < expected) {
      throw corrupt(name, "it has " + file.length() + " bytes instead of " + expected);
    }
    return header;
  }

  private static void requireSequel(List<Segment> segments) throws JournalCorruptException {
    if (segments.size() < 2) {
      return;
    }
    Segment before = segments.get(segments.size() - 2);
    Segment last = segments.getLast();
    if (!last.id().equals(before.id())) {
      throw corrupt(last.name(), "it belongs to the journal " + last.id() + ", not " + before.id());
    }
    if (last.first() != before.limit()) {
      throw new JournalCorruptException(
          before.name(), before.limit(), last.first(), "a segment is missing behind it");
    }
  }

  private static JournalCorruptException corrupt(String name, String what) {
    long position = positionIn(name);
    return new JournalCorruptException(name, position, position, what);
  }

  private static long positionIn(String name) {
    try {
      return Long.parseLong(name, 0, name.length() - Segment.SUFFIX.length(), 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
