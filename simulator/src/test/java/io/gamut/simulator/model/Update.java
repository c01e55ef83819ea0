package io.gamut.simulator.model;

/**
 * A weak write under a dot.
 *
 * @param version as {@link Stamp}
 * @param deps a {@link Vector}; the earlier updates of the same origin are in it
 * @param asked the part of the dependencies that its session brought
 * @param isLive whether it writes a value; else a tombstone
 * @param write which write of which session it is; a retry has the same
 * @param past what the session had seen at causal or above: versions per key, for the judge only
 * @param acceptor the replica that gave it its dot
 * @param isAgain whether it was offered again under a second origin
 */
record Update(
    int origin,
    int sequence,
    int version,
    int deps,
    int asked,
    int index,
    int key,
    boolean isLive,
    int write,
    int past,
    int acceptor,
    boolean isAgain) {

  boolean isWithin(int vector) {
    return sequence <= Vector.get(vector, origin);
  }

  int dot() {
    return (origin << 4) | sequence;
  }

  @Override
  public String toString() {
    return "%s of key %d, write %d as %d:%d, version %s, deps %s, index %d"
        .formatted(
            isLive ? "set" : "delete",
            key,
            write,
            origin,
            sequence,
            Stamp.text(version),
            Vector.text(deps),
            index);
  }
}
