package io.gamut.cli.launch;

import io.gamut.server.NodeConfig;
import java.nio.file.Path;

/** The ways to start a server. */
public final class Launchers {
  private Launchers() {}

  /** In this process. */
  public static NodeLauncher embedded() {
    return EmbeddedNode::start;
  }

  /** Gateways in this process. */
  public static GatewayLauncher embeddedGateways() {
    return EmbeddedGateway::start;
  }

  /** Gateways in processes of their own, which log to this one's standard error. */
  public static GatewayLauncher gatewayProcesses() {
    return config -> NodeProcess.start(config, ProcessStyle.LASTING, null);
  }

  /** The same, but they log to a file in a directory, quick to start and not meant to last. */
  public static GatewayLauncher fleetingGateways(Path directory) {
    ProcessStyle style = ProcessStyle.fleeting(0);
    return config -> NodeProcess.start(config, style, directory.resolve("gateways.log"));
  }

  /** In processes of their own, which log to this one's standard error. */
  public static NodeLauncher processes() {
    return config -> NodeProcess.start(config, ProcessStyle.LASTING, null);
  }

  /** The same, but each logs to a file in a directory. */
  public static NodeLauncher processes(Path directory) {
    return config -> NodeProcess.start(config, ProcessStyle.LASTING, logOf(config, directory));
  }

  /**
   * In processes of their own that are quick to start and not meant to last, each of which logs to
   * a file in a directory.
   *
   * @param warmUpMillis what each spends on exercising its code before it serves; 0 for nothing
   */
  public static NodeLauncher fleetingProcesses(Path directory, int warmUpMillis) {
    ProcessStyle style = ProcessStyle.fleeting(warmUpMillis);
    return config -> NodeProcess.start(config, style, logOf(config, directory));
  }

  private static Path logOf(NodeConfig config, Path directory) {
    return directory.resolve("server-" + config.id() + ".log");
  }
}
