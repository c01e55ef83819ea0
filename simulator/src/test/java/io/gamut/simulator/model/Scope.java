package io.gamut.simulator.model;

import java.util.List;

/**
 * What may happen in one exploration: the scripts of the sessions, each of whose operations may go
 * to any replica at any time, and how many faults there may be.
 *
 * @param losses how many disks may be lost
 * @param mistakes how many servers may be declared lost that are not
 * @param promises how many promises each replica may give
 */
record Scope(
    String name, int replicas, List<List<Op>> scripts, int losses, int mistakes, int promises) {
  /** Writes are numbered through all scripts. */
  private static final int SCRIPT_MAX = 8;

  static Scope of(String name, List<List<Op>> scripts) {
    return new Scope(name, 3, scripts, 0, 0, 0);
  }

  Scope withReplicas(int replicas) {
    return new Scope(name, replicas, scripts, losses, mistakes, promises);
  }

  Scope withLosses(int losses) {
    return new Scope(name, replicas, scripts, losses, mistakes, promises);
  }

  Scope withMistakes(int mistakes) {
    return new Scope(name, replicas, scripts, losses, mistakes, promises);
  }

  Scope withPromises(int promises) {
    return new Scope(name, replicas, scripts, losses, mistakes, promises);
  }

  int write(int session, int position) {
    return session * SCRIPT_MAX + position;
  }

  Op op(int write) {
    return scripts.get(write / SCRIPT_MAX).get(write % SCRIPT_MAX);
  }

  int session(int write) {
    return write / SCRIPT_MAX;
  }

  /** The write that is a session's strong operation of that number. */
  int strong(int session, int number) {
    List<Op> script = scripts.get(session);
    int left = number;
    for (int position = 0; position < script.size(); position++) {
      if (script.get(position) instanceof Op.Strong && left-- == 0) {
        return write(session, position);
      }
    }
    throw new IllegalArgumentException("session " + session + " has no operation " + number);
  }

  @Override
  public String toString() {
    return name;
  }
}
