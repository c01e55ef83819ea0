package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells the first copy of a broadcast from its repeats, which come when nodes disagree on the tree
 * for a moment.
 *
 * <p>A broadcast is named by its source, the source's boot and a number that counts from 1. Per
 * boot the guard remembers the last {@value #WINDOW} numbers, as IPsec's replay window does (RFC
 * 4303, section 3.4.3): a number below the window counts as seen. It remembers a bounded number of
 * boots, forgetting the one silent longest.
 */
public final class BroadcastGuard {
  static final int WINDOW = 4_096;

  private final int bootsMax;
  private final LinkedHashMap<Boot, Window> windows = new LinkedHashMap<>(16, 0.75f, true);

  public BroadcastGuard(int bootsMax) {
    this.bootsMax = bootsMax;
  }

  /** True exactly once for each broadcast within the window. */
  public boolean isFirstSight(NodeId source, long boot, long number) {
    if (number < 1) {
      return false;
    }
    Window window = windows.computeIfAbsent(new Boot(source, boot), _ -> new Window());
    if (windows.size() > bootsMax) {
      Iterator<Map.Entry<Boot, Window>> eldest = windows.entrySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return window.admit(number);
  }

  private record Boot(NodeId source, long boot) {}

  /**
   * Bit {@code n % WINDOW} tells whether number n, within the window below the highest, was seen.
   */
  private static final class Window {
    private final BitSet seen = new BitSet(WINDOW);
    private long highest;

    boolean admit(long number) {
      if (number <= highest - WINDOW) {
        return false;
      }
      if (number - highest >= WINDOW) {
        seen.clear();
      } else {
        for (long skipped = highest + 1; skipped < number; skipped++) {
          seen.clear(bit(skipped));
        }
      }
      boolean first = number > highest || !seen.get(bit(number));
      highest = Math.max(highest, number);
      seen.set(bit(number));
      return first;
    }

    private static int bit(long number) {
      return (int) (number % WINDOW);
    }
  }
}
