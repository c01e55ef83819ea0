package io.gamut.trial.fault;

/** Faults of what a server sees of its machine. */
final class ServerFaults {
  private ServerFaults() {}

  static Fault slowDisk(Scene scene) {
    String millis = "" + scene.between(20, 200);
    return inside(scene, millis + " ms", "DISK", "SLOW", millis);
  }

  static Fault fullDisk(Scene scene) {
    return inside(scene, "full", "DISK", "FULL", "ON");
  }

  /** Far enough for every wait and every life of a value to notice. */
  static Fault clock(Scene scene) {
    int sign = scene.random().nextBoolean() ? 1 : -1;
    String millis = "" + sign * scene.between(200, 30_000);
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
