package io.gamut.storage.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** When a write may be acknowledged, and so what a crash of the machine may cost. */
public enum Durability {
  /**
   * After it was synced. Nothing acknowledged is lost, neither with the process nor with the
   * machine.
   */
  FSYNC,

  /**
   * After it was handed to the kernel, which is told to sync every {@value
   * GroupCommit#INTERVAL_MILLIS} milliseconds. The death of the process loses nothing; the death of
   * the machine loses what was acknowledged in the last {@value GroupCommit#INTERVAL_MILLIS}
   * milliseconds and during the sync under way.
   */
  INTERVAL,

  /**
   * After it was handed to the kernel, which syncs when it pleases; only an orderly close syncs.
   * The death of the process loses nothing; the death of the machine loses what the kernel had not
   * written back, 30 seconds or more, and of that possibly all that follows the first gap.
   */
  NONE;

  /** Reads {@code fsync}, {@code interval} or {@code none}, in any case. */
  public static Durability parse(String text) {
    for (Durability durability : values()) {
      if (durability.name().equalsIgnoreCase(text)) {
        return durability;
      }
    }
    throw new IllegalArgumentException(
        "a durability is one of " + choices() + ", not '" + text + "'");
  }

  private static String choices() {
    return Arrays.stream(values()).map(Durability::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
