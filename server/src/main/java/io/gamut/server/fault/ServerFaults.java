package io.gamut.server.fault;

import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.overlay.LinkFaults;
import io.gamut.storage.volume.DiskFaults;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Faults on demand in one server, or one gateway: in its links, its disk and its clock. Any thread
 * may call. They end with its process.
 *
 * <p>Without {@code --lab} those of disk and clock throw {@link InvalidDataException} that names
 * that flag; of links see {@link LinkFaults}.
 */
public final class ServerFaults {
  /** The most that a sync is slowed down. */
  public static final int DISK_SLOW_MILLIS_MAX = 5_000;

  /** The most that the clock is ahead, or behind. */
  public static final int CLOCK_AHEAD_MILLIS_MAX = 60 * 60 * 1_000;

  private final NodeId node;
  private final boolean isLab;
  private final LinkFaults links;
  private final WallClock clock;
  private final @Nullable Disk disk;

  /**
   * A server's disk.
   *
   * @param isGuarded whether the server looks how much space there is
   * @param look looks at once, and completes when the server has been told what was seen
   */
  public record Disk(
      DiskFaults faults, boolean isGuarded, Supplier<CompletableFuture<Void>> look) {}

  /** What is wrong now, links apart. */
  public record InForce(
      long diskSlowMillis, boolean isDiskFull, boolean failsNextWrite, long clockAheadMillis) {}

  /**
   * @param disk null for a gateway, which has none
   */
  public ServerFaults(
      NodeId node, boolean isLab, LinkFaults links, WallClock clock, @Nullable Disk disk) {
    this.node = node;
    this.isLab = isLab;
    this.links = links;
    this.clock = clock;
    this.disk = disk;
  }

  /** The clock that these faults put off. */
  public InstantSource clock() {
    return clock;
  }

  /** Faults in its links. */
  public LinkFaults links() {
    return links;
  }

  /**
   * From now on every sync of the journal takes at least so much longer, and every sync of the
   * stores counts as done so much later; 0 for no longer.
   */
  public void slowDisk(int millis) {
    disk("slow down the disk").faults.setSlowMillis(millis);
  }

  /** Whether the disk says from now on that it has no space left; done when in force. */
  public CompletableFuture<Void> fillDisk(boolean isFull) {
    Disk filled = disk("fill the disk");
    if (!filled.isGuarded) {
      throw new InvalidDataException(
          "cannot fill the disk: node "
              + node
              + " keeps no space in reserve (--disk-reserve 0), and so does not look how much"
              + " there is");
    }
    filled.faults.setFull(isFull);
    return filled.look.get();
  }

  /** The next write to the journal finds no space, and the server does as it then does. */
  public void failDisk() {
    disk("fail a write of the disk").faults.setFailsNext(true);
  }

  /** The clock is so far ahead from now on; behind, if negative. */
  public void putClockAhead(long millis) {
    requireLab("put the clock ahead");
    clock.setAheadMillis(millis);
  }

  /** Nothing is wrong with disk and clock any more; done when that is in force. */
  public CompletableFuture<Void> end() {
    requireLab("end faults");
    clock.setAheadMillis(0);
    if (disk == null) {
      return CompletableFuture.completedFuture(null);
    }
    disk.faults.end();
    return disk.look.get();
  }

  /** What is wrong now. */
  public InForce inForce() {
    requireLab("tell of faults");
    DiskFaults ofDisk = disk == null ? new DiskFaults() : disk.faults;
    return new InForce(
        ofDisk.slowMillis(), ofDisk.isFull(), ofDisk.failsNext(), clock.aheadMillis());
  }

  private Disk disk(String what) {
    requireLab(what);
    if (disk == null) {
      throw new InvalidDataException(
          "cannot " + what + ": this is a gateway, which has none. Say so to a server itself");
    }
    return disk;
  }

  private void requireLab(String what) {
    if (!isLab) {
      throw new InvalidDataException(
          "cannot " + what + ": node " + node + " runs without --lab; start it with that flag");
    }
  }
}
