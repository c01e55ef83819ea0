package io.gamut.storage.volume;

import static io.gamut.storage.volume.Volume.SECTOR_BYTES;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of one simulated file: what a reader sees now, and every state in which a crash could
 * leave each sector.
 *
 * <p>A write to a sector adds a state to it; a good sync leaves only the newest. A failed sync
 * leaves all states as they are and marks them <em>doubtful</em>: a later good sync passes over
 * them, as kernels do that have marked the pages clean, until the sector is written again.
 */
final class SectorStore {
  /** What stale bytes are taken to be when no deleted file has left any. */
  private static final byte STALE = (byte) 0xA5;

  private byte[] current;
  private byte[] durable;
  private final SortedMap<Integer, List<byte[]>> unsynced;
  private final SortedMap<Integer, List<byte[]>> doubtful;

  SectorStore(long lengthBytes) {
    current = new byte[Math.toIntExact(lengthBytes)];
    durable = new byte[0];
    unsynced = new TreeMap<>();
    doubtful = new TreeMap<>();
  }

  SectorStore(SectorStore other) {
    current = other.current.clone();
    durable = other.durable.clone();
    unsynced = copy(other.unsynced);
    doubtful = copy(other.doubtful);
  }

  /** States are never changed once written, so only the lists are copied. */
  private static SortedMap<Integer, List<byte[]>> copy(SortedMap<Integer, List<byte[]>> states) {
    SortedMap<Integer, List<byte[]>> copy = new TreeMap<>();
    states.forEach((sector, list) -> copy.put(sector, new ArrayList<>(list)));
    return copy;
  }

  int length() {
    return current.length;
  }

  byte[] current() {
    return current;
  }

  void write(int position, ByteBuffer source) {
    int end = position + source.remaining();
    if (end > current.length) {
      current = Arrays.copyOf(current, end);
    }
    while (position < end) {
      int sector = position / SECTOR_BYTES;
      int bytes = Math.min((sector + 1) * SECTOR_BYTES, end) - position;
      source.get(current, position, bytes);
      unsynced.computeIfAbsent(sector, _ -> new ArrayList<>()).add(sectorOf(current, sector));
      position += bytes;
    }
  }

  int read(int position, ByteBuffer target) {
    int bytes = Math.min(target.remaining(), Math.max(0, current.length - position));
    if (bytes > 0) {
      target.put(current, position, bytes);
    }
    return bytes;
  }

  void truncate(int lengthBytes) {
    current = Arrays.copyOf(current, lengthBytes);
  }

  void sync() {
    byte[] synced = current.clone();
    for (Integer sector : doubtful.keySet()) {
      if (!unsynced.containsKey(sector)) {
        put(synced, sector, sectorOf(durable, sector));
      }
    }
    doubtful.keySet().removeAll(unsynced.keySet());
    unsynced.clear();
    durable = synced;
  }

  void failSync() {
    unsynced.forEach((sector, states) ->
        doubtful.computeIfAbsent(sector, _ -> new ArrayList<>()).addAll(states));
    unsynced.clear();
  }

  /** Loses or tears what was not synced; what an unsynced length uncovers may hold stale bytes. */
  void crash(CrashChooser chooser, byte[] stale) {
    byte[] left = durable;
    if (current.length != durable.length && chooser.choose(2) == 1) {
      left = Arrays.copyOf(durable, current.length);
      int uncovered = (durable.length + SECTOR_BYTES - 1) / SECTOR_BYTES;
      for (int sector = uncovered; sector * SECTOR_BYTES < left.length; sector++) {
        if (chooser.choose(2) == 0) {
          put(left, sector, staleSector(stale, sector));
        }
      }
    }
    failSync();
    for (var entry : doubtful.entrySet()) {
      int state = chooser.choose(entry.getValue().size() + 1);
      if (state > 0) {
        put(left, entry.getKey(), entry.getValue().get(state - 1));
      }
    }
    doubtful.clear();
    durable = left;
    current = left.clone();
  }

  void flipBit(long bit) {
    int index = Math.toIntExact(bit / Byte.SIZE);
    int mask = 1 << (bit % Byte.SIZE);
    current[index] ^= (byte) mask;
    if (index < durable.length) {
      durable[index] ^= (byte) mask;
    }
  }

  private static byte[] staleSector(byte[] stale, int sector) {
    if (sector * SECTOR_BYTES < stale.length) {
      return sectorOf(stale, sector);
    }
    byte[] bytes = new byte[SECTOR_BYTES];
    Arrays.fill(bytes, STALE);
    return bytes;
  }

  private static byte[] sectorOf(byte[] bytes, int sector) {
    int from = sector * SECTOR_BYTES;
    byte[] copy = new byte[SECTOR_BYTES];
    if (from < bytes.length) {
      System.arraycopy(bytes, from, copy, 0, Math.min(SECTOR_BYTES, bytes.length - from));
    }
    return copy;
  }

  private static void put(byte[] bytes, int sector, byte[] content) {
    int from = sector * SECTOR_BYTES;
    if (from < bytes.length) {
      System.arraycopy(content, 0, bytes, from, Math.min(SECTOR_BYTES, bytes.length - from));
    }
  }
}
