package io.gamut.core;

/**
 * The name of one weak update: the {@code sequence}-th of its origin, counted from 1 without gaps.
 *
 * <p>The term is that of dotted version vectors (Preguiça et al., "Dotted Version Vectors", 2010).
 */
public record Dot(Origin origin, long sequence) implements Mark, Comparable<Dot> {
  public Dot {
    if (sequence < 1) {
      throw new IllegalArgumentException("a dot's sequence counts from 1, not " + sequence);
    }
  }

  @Override
  public int compareTo(Dot other) {
    int byOrigin = origin.compareTo(other.origin);
    return byOrigin != 0 ? byOrigin : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return origin.brief() + ":" + sequence;
  }
}
