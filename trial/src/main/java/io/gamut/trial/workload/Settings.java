package io.gamut.trial.workload;

/**
 * What is the same for all sessions of a workload.
 *
 * @param keys how many there are, at least 1
 * @param choice which of them is taken
 * @param valueBytes how long written values are at least, padded behind what makes them unique
 */
public record Settings(int keys, Keys choice, int valueBytes) {
  public static final Settings DEFAULT = new Settings(20, Keys.UNIFORM, 0);

  /** Throws {@link IllegalArgumentException} if one is out of range. */
  public Settings {
    if (keys < 1 || valueBytes < 0) {
      throw new IllegalArgumentException("%d keys, values of %d bytes".formatted(keys, valueBytes));
    }
  }
}
