package io.gamut.trial.play;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;

/** The servers that sessions connect to; for any thread. */
public interface Servers {
  /** How many there are, at least 1. */
  int count();

  /** A new connection to one of them, by its place from 0. */
  GamutConnection connect(int place) throws ConnectionException;
}
