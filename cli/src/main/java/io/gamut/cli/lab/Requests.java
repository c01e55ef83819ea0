package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Step;
import io.gamut.client.ConnectionException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of dialect D within a script: one client, at the lowest server that answers. */
final class Requests {
  private static final int SERVERS_DEFAULT = 3;

  private final Cluster cluster;
  private final Output out;
  private @Nullable RequestClient client;
  private @Nullable LabServer server;
  private int life;

  Requests(Cluster cluster, Output out) {
    this.cluster = cluster;
    this.out = out;
  }

  /** Starts three servers if the script has started none. */
  void startServersIfNone() throws ScriptException, InterruptedException {
    if (cluster.isEmpty()) {
      for (int id = 0; id < SERVERS_DEFAULT; id++) {
        cluster.join(id);
      }
    }
  }

  void run(Step.Request request) throws ScriptException, IOException {
    boolean first = client == null;
    RequestClient ready = client();
    if (first) {
      Report.head(out);
    }
    Report.row(ready.run(request), out);
  }

  private RequestClient client() throws ScriptException {
    RequestClient known = client;
    if (known != null && server != null && server.isAnswering() && server.life() == life) {
      return known;
    }
    LabServer chosen = cluster.first();
    if (chosen == null) {
      throw new ScriptException("ERR_NOSERVERS no server is running");
    }
    try {
      RequestClient opened = new RequestClient(chosen.connect());
      client = opened;
      server = chosen;
      life = chosen.life();
      return opened;
    } catch (ConnectionException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }
}
