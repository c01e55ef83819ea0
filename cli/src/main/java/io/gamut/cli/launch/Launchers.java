package io.gamut.cli.launch;

import java.nio.file.Path;

/** The ways to start a server. */
public final class Launchers {
  private Launchers() {}

  /** In this process. */
  public static NodeLauncher embedded() {
    return EmbeddedNode::start;
  }

  /** In processes of their own, which log to this one's standard error. */
  public static NodeLauncher processes() {
    return config -> NodeProcess.start(config, null);
  }

  /** In processes of their own, each of which logs to a file in a directory. */
  public static NodeLauncher processesWithLogsIn(Path directory) {
    return config -> NodeProcess.start(config, directory.resolve("server-" + config.id() + ".log"));
  }
}
