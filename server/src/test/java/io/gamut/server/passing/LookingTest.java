package io.gamut.server.passing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Members that say what they hold, and those that do not. */
final class LookingTest {
  private static final NodeId ZERO = new NodeId(0);
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final Key KEY = Key.of("k");
  private static final Sight SIGHT = new Sight(Standing.UNKNOWN, null, null, -1, 5);
  private static final MemberTable MEMBERS =
      new MemberTable(
          List.of(
              member(ZERO, Member.Standing.ACTIVE),
              member(ONE, Member.Standing.ACTIVE),
              member(TWO, Member.Standing.ACTIVE),
              member(new NodeId(3), Member.Standing.LEFT)));

  private final List<NodeId> asked = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<NodeId> unreachable = new ArrayList<>();
  private long nanos;
  private final Looking looking =
      new Looking(
          new Looking.Network() {
            @Override
            public boolean send(NodeId to, RemoteMessage message) {
              asked.add(to);
              assertThat(message).isInstanceOf(Ask.class);
              assertThat(((Ask) message).question()).isEqualTo(new Question.Look(KEY));
              return !unreachable.contains(to);
            }

            @Override
            public void after(int millis, Runnable task) {
              later.add(task);
            }

            @Override
            public long nanos() {
              return nanos;
            }
          },
          40);

  private static Member member(NodeId node, Member.Standing standing) {
    return new Member(node, "node-%s.example:1".formatted(node), standing, 1, 4);
  }

  private CompletableFuture<Looked> look() {
    return looking.look(KEY, new Looking.Own(ZERO, SIGHT), ZERO, MEMBERS);
  }

  @Test
  void allMembersAreAskedAndToldOfInOrder() {
    CompletableFuture<Looked> looked = look();
    assertThat(asked).containsExactly(ONE, TWO);
    nanos = 7;
    looking.onSight(TWO, new ToldSight(41, SIGHT));
    looking.onSight(TWO, new ToldSight(41, SIGHT));
    assertThat(looked).as("one is missing").isNotDone();
    looking.onSight(ONE, new ToldSight(40, SIGHT));
    assertThat(looked).as("the answer to something else").isNotDone();
    looking.onSight(ONE, new ToldSight(41, SIGHT));
    assertThat(looked)
        .isCompletedWithValue(
            new Looked(
                ZERO,
                false,
                List.of(new Seen(ZERO, SIGHT, 0), new Seen(ONE, SIGHT, 7), new Seen(TWO, SIGHT, 7)),
                MEMBERS));
  }

  @Test
  void whoIsSilentOrOutOfReachIsToldOfAsSuch() {
    unreachable.add(ONE);
    CompletableFuture<Looked> looked = look();
    assertThat(looked).isNotDone();
    later.getFirst().run();
    assertThat(looked.join().replicas())
        .containsExactly(new Seen(ZERO, SIGHT, 0), new Seen(ONE, null, 0), new Seen(TWO, null, 0));
    unreachable.add(TWO);
    assertThat(look()).as("nobody to wait for").isDone();
  }

  @Test
  void aGatewayHoldsNothingItself() {
    CompletableFuture<Looked> looked = looking.look(KEY, null, ONE, MEMBERS);
    assertThat(asked).containsExactly(ZERO, ONE, TWO);
    later.getFirst().run();
    assertThat(looked.join().isPassedOn()).isTrue();
  }

  @Test
  void looksAreBounded() {
    for (int i = 0; i < 256; i++) {
      assertThat(look()).isNotDone();
    }
    assertThat(look()).isCompletedExceptionally();
    later.forEach(Runnable::run);
    assertThat(look()).isNotDone();
  }
}
