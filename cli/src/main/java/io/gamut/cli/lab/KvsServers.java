package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import java.util.ArrayList;
import java.util.List;

/** The servers that clients of {@link KvsTest} may turn to. From any thread. */
final class KvsServers {
  private final Cluster cluster;
  private volatile List<LabServer> servers = List.of();

  KvsServers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Takes note of who runs. On the lab's thread. */
  void refresh() {
    servers = new ArrayList<>(cluster.answering());
  }

  int count() {
    return servers.size();
  }

  /** A connection to one of them, by turns. */
  GamutConnection connect(int turn) throws ScriptException, ConnectionException {
    List<LabServer> now = servers;
    return now.get(Math.floorMod(turn, now.size())).connectQuietly();
  }
}
