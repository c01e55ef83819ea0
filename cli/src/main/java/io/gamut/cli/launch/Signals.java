package io.gamut.cli.launch;

import java.io.IOException;

/** Signals to processes of this machine. */
public final class Signals {
  private Signals() {}

  /** Makes a process stand still. */
  public static void stop(long pid) throws IOException {
    send("-STOP", pid);
  }

  /** Lets it go on. */
  public static void goOn(long pid) throws IOException {
    send("-CONT", pid);
  }

  private static void send(String signal, long pid) throws IOException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
    int status = kill.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException("'kill " + signal + "' ended with status " + status);
    }
  }
}
