package io.gamut.cli.shell;

import io.gamut.cli.data.ClientOptions;
import io.gamut.cli.launch.Ports;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Servers of one cluster in this process, whose links can be cut. */
final class Servers implements AutoCloseable {
  private final List<Node> nodes = new ArrayList<>();

  Servers(Path data, int count) throws Exception {
    Endpoint first = new Endpoint("127.0.0.1", Ports.freePair("127.0.0.1"));
    for (int id = 0; id < count; id++) {
      NodeConfig.Builder config =
          NodeConfig.of(new NodeId(id), data.resolve("node-" + id)).toBuilder().lab(true);
      nodes.add(Node.start(id == 0 ? config.listen(first).build() : config.join(first).build()));
    }
  }

  Endpoint resp(int id) {
    return nodes.get(id).respAddress();
  }

  String addresses() {
    return nodes.stream()
        .map(node -> node.respAddress().toString())
        .collect(Collectors.joining(","));
  }

  /** Options of a shell that is connected with the first server, or as others say. */
  ClientOptions options(String... more) {
    List<String> words = new ArrayList<>(List.of("--server=" + addresses(), "--timeout=2000"));
    words.addAll(List.of(more));
    return CommandLine.populateCommand(new ClientOptions(), words.toArray(String[]::new));
  }

  void kill(int id) {
    nodes.get(id).kill();
  }

  @Override
  public void close() {
    nodes.forEach(Node::kill);
  }
}
