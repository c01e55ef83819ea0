package io.gamut.bench.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.overlay.Endpoint;
import io.gamut.storage.journal.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A participant as a process: takes a line from its standard input, does what it says, and answers
 * with one line. It ends when its input does, so with its parent.
 */
public final class LedgerProcess {
  private final LedgerNode node;

  private LedgerProcess(LedgerNode node) {
    this.node = node;
  }

  /** Arguments: own number, how many there are, directory, durability. */
  public static void main(String[] arguments) throws Exception {
    int own = Integer.parseInt(arguments[0]);
    List<Participant> all = new ArrayList<>();
    for (int id = 0; id < Integer.parseInt(arguments[1]); id++) {
      all.add(new Participant(new NodeId(id), id + 1));
    }
    LedgerNode node =
        new LedgerNode(all.get(own), all, Path.of(arguments[2]), Durability.valueOf(arguments[3]));
    answer(node.address().toString());
    new LedgerProcess(node).serve();
    Runtime.getRuntime().halt(0);
  }

  private static void answer(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void serve() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answer(run(line.split(" ", -1)));
    }
  }

  private String run(String[] words) throws Exception {
    return switch (words[0]) {
      case "begin" -> begin(words);
      case "leads" -> Boolean.toString(node.run(node::isLeading));
      case "propose" -> {
        int perEntry = Integer.parseInt(words[1]);
        int outstanding = Integer.parseInt(words[2]);
        yield node.run(() -> node.propose(perEntry, outstanding, nanos(words[3]))).get().encode();
      }
      case "read" -> {
        int outstanding = Integer.parseInt(words[1]);
        yield node.run(() -> node.read(outstanding, nanos(words[2]))).get().encode();
      }
      case "next-lead" -> node.run(node::nextLead).get().toString();
      default -> throw new IOException("not a command: " + words[0]);
    };
  }

  private String begin(String[] words) throws Exception {
    Map<NodeId, Endpoint> peers = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] peer = words[i].split("=", 2);
      peers.put(new NodeId(Integer.parseInt(peer[0])), Endpoint.parse(peer[1]));
    }
    return node.run(() -> {
      node.begin(peers);
      return "begun";
    });
  }

  private static long nanos(String seconds) {
    return TimeUnit.SECONDS.toNanos(Long.parseLong(seconds));
  }
}
