package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.await;
import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Joined;
import io.gamut.overlay.OverlayException;
import io.gamut.overlay.Refusal.Reason;
import io.gamut.overlay.Timing;
import io.gamut.overlay.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestNode.closeAll(nodes);
  }

  @Test
  void simultaneousOpensEndWithOneLink() throws Exception {
    for (int round = 0; round < 30; round++) {
      TestNode one = start(TestNode.Setup.of(1));
      TestNode two = start(TestNode.Setup.of(2));
      one.call(() -> {
        link(one, two);
        return true;
      });
      until("linked", () -> one.reaches(two) && two.reaches(one));
      assertThat(one.events).containsOnlyOnce("up 2").doesNotContain("down 2");
      assertThat(two.events).containsOnlyOnce("up 1").doesNotContain("down 1");
      close();
      nodes.clear();
    }
  }

  @Test
  void linkComesAboutWhenOnlyOneEndKnowsTheOther() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    TestNode three = start(TestNode.Setup.of(3));
    one.know(two);
    three.know(two);
    until("linked", () -> one.reaches(two, three));
    assertThat(two.events)
        .contains("learned 1 " + one.overlay.address(), "learned 3 " + three.overlay.address());
  }

  @Test
  void restartedNodeIsBackAtOnce() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    link(one, two);
    until("linked", () -> one.reaches(two));
    for (int life = 1; life <= 5; life++) {
      TestNode old = nodes.removeLast();
      int port = old.overlay.address().port();
      old.close();
      TestNode next = start(TestNode.Setup.of(2).boot(2_000 - life).port(port));
      next.know(one);
      until("linked again", () -> one.reaches(next) && next.reaches(one));
      assertThat(one.send(next, Channel.LEDGER, "life")).isTrue();
      until("served", () -> next.countOf("life") == 1);
    }
    assertThat(one.refusals).isEmpty();
  }

  @Test
  void silentLinkYieldsToItsRestartedNode() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    try (RawPeer dead = new RawPeer(one)) {
      dead.write(RawPeer.hello(2, 77, TestNode.CLUSTER));
      assertThat(dead.read()).isInstanceOf(Message.Hello.class);
      TestNode two = start(TestNode.Setup.of(2));
      two.know(one);
      until("the newcomer has its place", () -> one.reaches(two) && two.reaches(one));
      assertThat(dead.isClosedByOther()).isTrue();
    }
  }

  @Test
  void secondProcessOfALiveIdIsRefused() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    link(one, two);
    until("linked", () -> one.reaches(two));
    TestNode twin = start(TestNode.Setup.of(2).boot(99));
    twin.know(one);
    until("refused", () -> !twin.refusals.isEmpty());
    assertThat(twin.refusals.getFirst().reason()).isEqualTo(Reason.DUPLICATE_ID);
    assertThat(one.events).doesNotContain("down 2");
  }

  @Test
  void wrongClusterAndOwnIdAreRefusedWithAReason() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode stranger = start(TestNode.Setup.of(2).cluster(Optional.of(new ClusterId(1, 1))));
    stranger.know(one);
    until("refused", () -> !stranger.refusals.isEmpty());
    assertThat(stranger.refusals.getFirst().reason()).isEqualTo(Reason.WRONG_CLUSTER);
    TestNode three = start(TestNode.Setup.of(3));
    three.overlay.addPeer(new NodeId(4), three.overlay.address());
    until("own id refused", () -> !three.refusals.isEmpty());
    assertThat(three.refusals.getFirst().reason()).isEqualTo(Reason.OWN_ID);
    TestNode five = start(TestNode.Setup.of(5));
    five.overlay.addPeer(new NodeId(4), one.overlay.address());
    until("somebody else answers", () -> !five.refusals.isEmpty());
    assertThat(five.refusals.getFirst().reason()).isEqualTo(Reason.WRONG_NODE);
  }

  @Test
  void otherVersionIsToldSo() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    try (RawPeer peer = new RawPeer(one)) {
      byte[] hello = RawPeer.hello(2, 2, TestNode.CLUSTER);
      hello[0] = 2;
      peer.write(hello);
      assertThat(peer.read())
          .isInstanceOfSatisfying(
              Message.Refused.class,
              refused -> assertThat(refused.refusal().reason()).isEqualTo(Reason.WRONG_VERSION));
      assertThat(peer.isClosedByOther()).isTrue();
    }
  }

  @Test
  void removedNodeIsTurnedAwayUntilItIsAddedAgain() throws Exception {
    TestNode one = start(TestNode.Setup.of(1));
    TestNode two = start(TestNode.Setup.of(2));
    link(one, two);
    until("linked", () -> one.reaches(two));
    one.overlay.removePeer(two.id());
    until("refused", () -> !two.refusals.isEmpty());
    assertThat(two.refusals.getFirst().reason()).isEqualTo(Reason.REMOVED);
    one.know(two);
    until("linked again", () -> one.reaches(two));
  }

  @Test
  void joinerLearnsItsClusterAndTheLinkStays() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Admission admission =
        (node, address, request) ->
            CompletableFuture.supplyAsync(() ->
                asked.incrementAndGet() == 1
                    ? new Admission.Decision.Later("no leader yet")
                    : new Admission.Decision.Admitted(
                        ("welcome " + node + " " + new String(request, UTF_8)).getBytes(UTF_8)));
    TestNode member = new TestNode(TestNode.Setup.of(1), admission, Timing.DEFAULT);
    nodes.add(member);
    TestNode joiner = start(TestNode.Setup.of(2).cluster(Optional.empty()));
    Joined joined =
        await(joiner.overlay.join(member.overlay.address(), "me".getBytes(UTF_8)), "join");
    assertThat(joined.cluster()).isEqualTo(TestNode.CLUSTER);
    assertThat(joined.contact()).isEqualTo(member.id());
    assertThat(new String(joined.answer(), UTF_8)).isEqualTo("welcome 2 me");
    until("linked", () -> member.reaches(joiner) && joiner.reaches(member));
    assertThat(joiner.events).doesNotContain("down 1");
  }

  @Test
  void joinerThatIsTurnedAwayIsToldWhy() throws Exception {
    TestNode member = start(TestNode.Setup.of(1));
    TestNode joiner = start(TestNode.Setup.of(2).cluster(Optional.empty()));
    assertThatThrownBy(() -> await(joiner.overlay.join(member.overlay.address(), new byte[0]), ""))
        .hasCauseInstanceOf(OverlayException.class)
        .hasMessageContaining("admits nobody");
    assertThat(joiner.refusals).isNotEmpty();
  }

  @Test
  void silentNeighbourIsSuspectedThenDropped() throws Exception {
    Timing fast = new Timing(40, 120, 400, 2_000, 300, 1_000);
    TestNode one = new TestNode(TestNode.Setup.of(1), Admission.NONE, fast);
    nodes.add(one);
    try (RawPeer mute = new RawPeer(one)) {
      mute.write(RawPeer.hello(2, 2, TestNode.CLUSTER));
      until("dropped", () -> one.events.contains("down 2"));
      assertThat(one.events).containsSubsequence("up 2", "suspected 2", "down 2");
    }
  }

  @Test
  void idleLinkOfLiveNodesStands() throws Exception {
    Timing fast = new Timing(40, 120, 400, 2_000, 300, 1_000);
    TestNode one = new TestNode(TestNode.Setup.of(1), Admission.NONE, fast);
    TestNode two = new TestNode(TestNode.Setup.of(2), Admission.NONE, fast);
    nodes.addAll(List.of(one, two));
    link(one, two);
    until("linked", () -> one.reaches(two));
    CompletableFuture<Boolean> later = new CompletableFuture<>();
    var _ = one.group.next().schedule(() -> later.complete(true), 1, TimeUnit.SECONDS);
    await(later, "a second");
    assertThat(one.events).doesNotContain("down 2");
  }

  private TestNode start(TestNode.Setup setup) throws Exception {
    TestNode node = TestNode.start(setup);
    nodes.add(node);
    return node;
  }
}
