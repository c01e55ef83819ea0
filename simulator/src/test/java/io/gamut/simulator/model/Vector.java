package io.gamut.simulator.model;

/** A version vector in an int: four bits for each of eight origins. */
final class Vector {
  static final int ORIGINS = 8;
  static final int SEQUENCE_MAX = 15;

  private Vector() {}

  static int get(int vector, int origin) {
    return (vector >>> (4 * origin)) & SEQUENCE_MAX;
  }

  static int with(int vector, int origin, int sequence) {
    if (sequence > SEQUENCE_MAX || origin >= ORIGINS) {
      throw new IllegalArgumentException("too large a scope: " + origin + ":" + sequence);
    }
    return (vector & ~(SEQUENCE_MAX << (4 * origin))) | (sequence << (4 * origin));
  }

  static int raised(int vector, int origin, int sequence) {
    return sequence > get(vector, origin) ? with(vector, origin, sequence) : vector;
  }

  static int join(int one, int other) {
    int joined = one;
    for (int o = 0; o < ORIGINS; o++) {
      joined = raised(joined, o, get(other, o));
    }
    return joined;
  }

  static boolean covers(int vector, int other) {
    return join(vector, other) == vector;
  }

  static String text(int vector) {
    StringBuilder text = new StringBuilder("[");
    for (int o = 0; o < ORIGINS; o++) {
      if (get(vector, o) > 0) {
        text.append(text.length() > 1 ? " " : "").append(o).append(':').append(get(vector, o));
      }
    }
    return text.append(']').toString();
  }
}
