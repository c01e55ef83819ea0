package io.gamut.ledger.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Scripts that follow the Raft paper and Ongaro's thesis by section, and what the core does at each
 * command. A line that begins with {@code >} is a command, one with {@code #} a remark; what is
 * indented is the trace of the command above it. {@code lead} elects a server and leaves out how.
 *
 * <p>{@code -Dgamut.traces=record} writes the traces anew. Each difference is to be understood
 * before it is committed.
 */
final class TraceTest {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("gamut.root", ".."))
          .resolve("ledger/src/test/resources/io/gamut/ledger/trace");

  private static final boolean IS_RECORDING = "record".equals(System.getProperty("gamut.traces"));
  private static final int ROUNDS_MAX = 100;
  private static final long ELECTION_MILLIS = 330;

  private final List<String> trace = new ArrayList<>();
  private final List<TracedServer> servers = new ArrayList<>();
  private long requests;

  @Test
  void eachScriptDoesWhatItDidBefore() throws IOException {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      scripts = files.sorted().toList();
    }
    assertThat(scripts).isNotEmpty();
    for (Path script : scripts) {
      String expected = Files.readString(script);
      String traced = new TraceTest().play(expected.lines().toList());
      if (IS_RECORDING) {
        Files.writeString(script, traced);
      } else {
        assertThat(traced).as(script.getFileName().toString()).isEqualTo(expected);
      }
    }
  }

  private String play(List<String> script) {
    for (String line : script) {
      if (!line.startsWith("  ")) {
        trace.add(line);
      }
      if (line.startsWith("> ")) {
        command(line.substring(2).split(" ", -1));
      }
    }
    return String.join("\n", trace) + "\n";
  }

  private void command(String... words) {
    switch (words[0]) {
      case "servers" -> begin(Integer.parseInt(words[1]));
      case "join" -> servers.add(new TracedServer(servers.size() + 1, Configuration.NOBODY, trace));
      case "lead" -> {
        int before = trace.size();
        server(words[1]).pass(ELECTION_MILLIS);
        exchange(Stream.concat(Stream.of("exchange"), names()).toArray(String[]::new));
        trace.subList(before, trace.size()).clear();
      }
      case "pass" -> server(words[1]).pass(Long.parseLong(words[2]));
      case "sync" -> server(words[1]).sync();
      case "restart" -> server(words[1]).restart();
      case "deliver" -> deliver(server(words[1]), server(words[2]));
      case "drop" -> {
        int count = server(words[1]).takeUnderWayTo(server(words[2])).size();
        trace.add("  " + count + " lost");
      }
      case "exchange" -> exchange(words);
      case "propose" ->
          server(words[1])
              .step(
                  new LedgerInput.Propose(++requests, new Entry.Command(words[2].getBytes(UTF_8))));
      case "read" -> server(words[1]).step(new LedgerInput.Read(++requests));
      case "add" -> change(words[1], new MemberChange.AddLearner(participant(words[2])));
      case "promote" -> change(words[1], new MemberChange.Promote(participant(words[2])));
      case "remove" -> change(words[1], new MemberChange.Remove(participant(words[2])));
      case "hand-over" -> server(words[1]).step(new LedgerInput.HandOver(participant(words[2])));
      case "state" ->
          servers.forEach(each -> trace.add("  " + each.id.node() + " " + each.state()));
      default -> throw new AssertionError("no command is called " + words[0]);
    }
  }

  private Stream<String> names() {
    return servers.stream().map(server -> server.id.node().toString());
  }

  private void begin(int count) {
    Configuration voters = Configuration.NOBODY;
    for (int node = 1; node <= count; node++) {
      voters = voters.withVoter(participant(Integer.toString(node)));
    }
    for (int node = 1; node <= count; node++) {
      servers.add(new TracedServer(node, voters, trace));
    }
    inquire();
  }

  /** Who has started asks the others what they remember of it; not in the papers. */
  private void inquire() {
    for (TracedServer asking : servers) {
      for (TracedServer witness : servers) {
        deliver(asking, witness);
        deliver(witness, asking);
      }
    }
  }

  private void change(String leader, MemberChange change) {
    server(leader).step(new LedgerInput.Change(++requests, change));
  }

  private static Participant participant(String node) {
    return new Participant(new NodeId(Integer.parseInt(node)), 1);
  }

  private TracedServer server(String node) {
    return servers.get(Integer.parseInt(node) - 1);
  }

  private static void deliver(TracedServer from, TracedServer to) {
    from.takeUnderWayTo(to).forEach(message -> to.step(new LedgerInput.Received(from.id, message)));
  }

  /** Delivers and syncs among these until nothing happens any more. */
  private void exchange(String... words) {
    int before = -1;
    for (int round = 0; round < ROUNDS_MAX && before != trace.size(); round++) {
      before = trace.size();
      for (int i = 1; i < words.length; i++) {
        server(words[i]).sync();
        for (int j = 1; j < words.length; j++) {
          deliver(server(words[i]), server(words[j]));
        }
      }
    }
  }
}
