package io.gamut.bench.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.overlay.Endpoint;
import io.gamut.storage.journal.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three participants on their real journals and sockets, in one process. */
@Timeout(60)
final class LedgerNodeTest {
  private static final long LOAD_NANOS = 200_000_000;
  private static final List<Participant> ALL =
      IntStream.range(0, 3).mapToObj(id -> new Participant(new NodeId(id), id + 1)).toList();

  @TempDir private Path root;
  private final List<LedgerNode> nodes = new ArrayList<>();

  @Test
  void loadsAreAnsweredByALedgerThatIsReplicated() throws Exception {
    List<CompletableFuture<Long>> leads = new ArrayList<>();
    for (Participant self : ALL) {
      Path directory = Files.createDirectory(root.resolve("node-" + self.node()));
      LedgerNode node = new LedgerNode(self, ALL, directory, Durability.FSYNC);
      nodes.add(node);
      leads.add(node.run(node::nextLead));
    }
    Map<NodeId, Endpoint> addresses = new HashMap<>();
    ALL.forEach(each -> addresses.put(each.node(), node(each).address()));
    for (Participant self : ALL) {
      Map<NodeId, Endpoint> peers = new HashMap<>(addresses);
      peers.remove(self.node());
      node(self)
          .run(() -> {
            node(self).begin(peers);
            return true;
          });
    }
    CompletableFuture.anyOf(leads.toArray(CompletableFuture[]::new)).join();
    LedgerNode leader = one(true);
    LedgerNode follower = one(false);

    LoadResult proposed = leader.run(() -> leader.propose(2, 8, LOAD_NANOS)).get();
    LoadResult read = follower.run(() -> follower.read(8, LOAD_NANOS)).get();

    assertThat(proposed.failed()).isZero();
    assertThat(proposed.perSecond() * LOAD_NANOS / 1e9).isGreaterThan(16);
    assertThat(leader.run(leader::delivered)).isGreaterThan(8);
    assertThat(follower.run(follower::delivered)).isGreaterThan(8);
    assertThat(read.perSecond()).isPositive();
    assertThat(LoadResult.decode(proposed.encode()).slowMicros()).isEqualTo(proposed.slowMicros());
  }

  private LedgerNode node(Participant participant) {
    return nodes.get((int) participant.incarnation() - 1);
  }

  private LedgerNode one(boolean isLeading) throws Exception {
    for (LedgerNode node : nodes) {
      if (node.run(node::isLeading) == isLeading) {
        return node;
      }
    }
    throw new AssertionError("none of which isLeading is " + isLeading);
  }
}
