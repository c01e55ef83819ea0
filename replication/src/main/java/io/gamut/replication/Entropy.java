package io.gamut.replication;

/** Where random numbers come from: a secure source in a server, a seed in the simulator. */
@FunctionalInterface
public interface Entropy {
  long nextLong();
}
