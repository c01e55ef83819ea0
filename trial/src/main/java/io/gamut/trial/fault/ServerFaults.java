package io.gamut.trial.fault;

import io.gamut.core.Limits;

/** Faults of what a server sees of its machine. */
final class ServerFaults {
  private static final int OFF_MILLIS_MIN = 200;
  private static final int TOLERATED_MILLIS_MAX = (int) Limits.CLOCK_AHEAD_MILLIS_MAX - 100;
  private static final int OFF_MILLIS_MAX = 30_000;

  private ServerFaults() {}

  static Fault slowDisk(Scene scene) {
    String millis = "" + scene.between(20, 200);
    return inside(scene, millis + " ms", "DISK", "SLOW", millis);
  }

  static Fault fullDisk(Scene scene) {
    return inside(scene, "full", "DISK", "FULL", "ON");
  }

  /**
   * As often as not by less than servers tolerate, so that they go on with it, and else far enough
   * for every wait and every life of a value to notice.
   */
  static Fault clock(Scene scene) {
    int sign = scene.random().nextBoolean() ? 1 : -1;
    int amount =
        scene.random().nextBoolean()
            ? scene.between(OFF_MILLIS_MIN, TOLERATED_MILLIS_MAX)
            : scene.between(TOLERATED_MILLIS_MAX, OFF_MILLIS_MAX);
    String millis = "" + sign * amount;
    return inside(scene, millis + " ms", "CLOCK", millis);
  }

  private static Fault inside(Scene scene, String amount, String... what) {
    int place = scene.anyOrLeader();
    String[] words = new String[what.length + 2];
    words[0] = "GAMUT";
    words[1] = "FAULT";
    System.arraycopy(what, 0, words, 2, what.length);
    return new Fault(
        scene.cluster().id(place) + ", " + amount,
        "mend",
        () -> scene.control().tell(place, words),
        () -> scene.control().tell(place, "GAMUT", "FAULT", "OFF"));
  }
}
