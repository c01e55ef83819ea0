package io.gamut.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.server.service.DatalessServices;
import io.gamut.server.service.NodeServices;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Weak reads at a node without data: what is asked together, in which order answers count. */
final class RemoteReadingTest {
  private static final Origin ORIGIN = new Origin(1, 2);

  /** Asked, and not answered yet; the eldest first. */
  private final ArrayDeque<Question> asked = new ArrayDeque<>();

  private final Reads reads = new Reads(services(), Runnable::run);
  private final Session session = new Session();
  private final List<String> answers = new ArrayList<>();
  private Ends ends = Ends.NONE;
  private int requests;

  private record Question(Input.Read read, Consumer<Reply> answer) {}

  private NodeServices services() {
    return DatalessServices.asking(
        (request, answer) -> asked.add(new Question((Input.Read) request.apply(1), answer)),
        () -> ends);
  }

  private static Key key(int number) {
    return Key.of("k" + number);
  }

  /** Whose update it is says how far the writer's origin must be visible for it. */
  private static Pair pair(Key key, int sequence, int bytes) {
    return new Pair(
        key,
        Content.Value.of(new byte[bytes]),
        new Version(sequence, ORIGIN),
        new Dot(ORIGIN, sequence));
  }

  private void get(Consistency level, int... keys) {
    Asked how = new Asked(++requests, level, 0, 100, session, false);
    String name = requests + ": ";
    reads.read(
        IntStream.of(keys).mapToObj(RemoteReadingTest::key).toList(),
        how,
        outcome ->
            answers.add(
                name
                    + switch (outcome) {
                      case Outcome.Done<List<Found>>(List<Found> found, var _) ->
                          found.stream().map(RemoteReadingTest::version).toList();
                      case Outcome.Refused<List<Found>>(ErrorCode code, var _, var _) -> code;
                    }));
  }

  private static @Nullable Long version(Found found) {
    return found.version() == null ? null : found.version().timestamp();
  }

  /** Teaches that values are short. */
  private void warmUp() {
    for (int i = 0; i < 6; i++) {
      get(Consistency.EVENTUAL, 0);
      reads.flush();
      answer(0, null);
    }
    answers.clear();
    requests = 1;
  }

  private void answer(int key, @Nullable Pair pair) {
    reply(key, new Reply.Read(pair, 0));
  }

  /** Answers the eldest question about a key. */
  private void reply(int key, Reply reply) {
    Question question =
        asked.stream().filter(each -> each.read.key().equals(key(key))).findFirst().orElseThrow();
    asked.remove(question);
    question.answer.accept(reply);
  }

  private List<String> askedKeys() {
    return asked.stream().map(each -> each.read.key().toString()).toList();
  }

  @Test
  void severalAreOnTheirWayTogetherOnceValuesAreKnownToBeShort() {
    get(Consistency.EVENTUAL, 1, 2, 3);
    reads.flush();
    assertThat(asked).hasSize(1);
    answer(1, pair(key(1), 1, 10));
    assertThat(asked).hasSize(2);
    answer(3, pair(key(3), 3, 10));
    assertThat(answers).isEmpty();
    answer(2, pair(key(2), 2, 10));
    assertThat(answers).containsExactly("1: [1, 2, 3]");
  }

  @Test
  void longValuesComeOneByOne() {
    warmUp();
    get(Consistency.EVENTUAL, 1);
    reads.flush();
    answer(1, pair(key(1), 1, 4 << 20));
    get(Consistency.EVENTUAL, 1, 2, 3);
    reads.flush();
    assertThat(asked).hasSize(1);
  }

  @Test
  void requestsThatGatheredAreAnsweredInTheirOrder() {
    warmUp();
    get(Consistency.SESSION, 1);
    get(Consistency.SESSION, 2);
    get(Consistency.SESSION, 3);
    reads.flush();
    assertThat(asked).hasSize(3);
    answer(3, pair(key(3), 3, 1));
    answer(2, pair(key(2), 2, 1));
    assertThat(answers).isEmpty();
    answer(1, pair(key(1), 1, 1));
    assertThat(answers).containsExactly("2: [1]", "3: [2]", "4: [3]");
  }

  @Test
  void onlyAlikeOnesGatherAndOnlySoMany() {
    warmUp();
    get(Consistency.SESSION, 1);
    Asked same = new Asked(9, Consistency.SESSION, 0, 100, new Session(), false);
    assertThat(reads.mayGather(same)).isTrue();
    assertThat(reads.mayGather(same.at(Consistency.CAUSAL))).isFalse();
    assertThat(reads.mayGather(same.at(Consistency.LINEARIZABLE))).isFalse();
    for (int i = 1; i < ReadAhead.KEYS_MAX; i++) {
      get(Consistency.SESSION, 1);
    }
    assertThat(reads.mayGather(same)).isFalse();
  }

  /** Terry et al., monotonic reads: the second must not be older than the first. */
  @Test
  void aKeyThatIsReadTwiceIsNotReadOlderTheSecondTime() {
    warmUp();
    get(Consistency.SESSION, 1);
    get(Consistency.SESSION, 1);
    reads.flush();
    Question first = asked.removeFirst();
    Question second = asked.removeFirst();
    second.answer.accept(new Reply.Read(pair(key(1), 4, 1), 0));
    first.answer.accept(new Reply.Read(pair(key(1), 5, 1), 0));
    assertThat(answers).containsExactly("2: [5]");
    Question again = asked.removeFirst();
    assertThat(asked).isEmpty();
    assertThat(again.read.requirement().seen())
        .isEqualTo(new Session.Seen(new Version(5, ORIGIN), new Dot(ORIGIN, 5)));
    again.answer.accept(new Reply.Read(pair(key(1), 6, 1), 0));
    assertThat(answers).containsExactly("2: [5]", "3: [6]");
  }

  @Test
  void aSecondAnswerThatIsNewEnoughIsTaken() {
    warmUp();
    get(Consistency.SESSION, 1);
    get(Consistency.SESSION, 1);
    reads.flush();
    answer(1, pair(key(1), 5, 1));
    answer(1, pair(key(1), 5, 1));
    assertThat(answers).containsExactly("2: [5]", "3: [5]");
    assertThat(asked).isEmpty();
  }

  /** What the first depends on, those behind it are asked again with, each when it is its turn. */
  @Test
  void whatIsReadCausallyAfterAnotherIsNotOlderThanThat() {
    warmUp();
    get(Consistency.CAUSAL, 1, 2, 3);
    reads.flush();
    assertThat(asked).hasSize(3);
    answer(2, pair(key(2), 1, 1));
    answer(3, pair(key(3), 2, 1));
    answer(1, pair(key(1), 9, 1));
    for (int key = 2; key <= 3; key++) {
      assertThat(askedKeys()).containsExactly(key(key).toString());
      assertThat(asked.getFirst().read.requirement().vector())
          .isEqualTo(VersionVector.EMPTY.raisedTo(new Dot(ORIGIN, 9)));
      answer(key, pair(key(key), 5 + key, 1));
    }
    assertThat(answers).containsExactly("2: [9, 7, 8]");
    assertThat(asked).isEmpty();
  }

  /** Where each answer teaches something, each of the others is asked for twice, not more often. */
  @Test
  void noKeyIsAskedForMoreThanTwice() {
    warmUp();
    int keys = ReadAhead.KEYS_MAX;
    get(Consistency.CAUSAL, IntStream.rangeClosed(1, keys).toArray());
    reads.flush();
    int questions = 0;
    while (!asked.isEmpty()) {
      questions++;
      Question question = asked.removeFirst();
      int sequence = questions;
      question.answer.accept(new Reply.Read(pair(question.read.key(), sequence, 1), 0));
    }
    assertThat(answers).hasSize(1);
    assertThat(questions).isEqualTo(2 * keys - 1);
  }

  /** Values may be longer than those that were read last. */
  @Test
  void answersBeforeTheirTurnAreKeptOnlyUpToABound() {
    warmUp();
    get(Consistency.EVENTUAL, 1, 2, 3, 4);
    reads.flush();
    answer(4, pair(key(4), 4, 700_000));
    answer(3, pair(key(3), 3, 700_000));
    answer(2, pair(key(2), 2, 10));
    assertThat(askedKeys()).as("nothing is asked again meanwhile").hasSize(1);
    answer(1, pair(key(1), 1, 4 << 20));
    assertThat(askedKeys()).containsExactly(key(3).toString());
    answer(3, pair(key(3), 3, 700_000));
    assertThat(answers).containsExactly("2: [1, 2, 3, 4]");
    assertThat(asked).isEmpty();
  }

  /** The session forgets what is lost when it is told: those behind are answered without. */
  @Test
  void ofALossOneRequestIsTold() {
    warmUp();
    session.observe(key(9), new Version(9, ORIGIN), new Dot(ORIGIN, 9), Consistency.CAUSAL);
    for (int key = 1; key <= 3; key++) {
      get(Consistency.CAUSAL, key);
    }
    reads.flush();
    ends = new Ends(Map.of(ORIGIN, 3L));
    for (int key = 1; key <= 3; key++) {
      reply(key, new Reply.Failed(ErrorCode.ERR_LOST, "it is gone"));
    }
    assertThat(answers).containsExactly("2: ERR_LOST");
    answer(2, pair(key(2), 2, 1));
    answer(3, pair(key(3), 3, 1));
    assertThat(answers).containsExactly("2: ERR_LOST", "3: [2]", "4: [3]");
  }

  @Test
  void whatCannotBeAnsweredIsRefusedAndTheOthersAreNot() {
    warmUp();
    get(Consistency.SESSION, 1, 2);
    get(Consistency.SESSION, 3);
    reads.flush();
    answer(3, pair(key(3), 3, 1));
    reply(1, new Reply.Failed(ErrorCode.ERR_DEP, "not here yet"));
    assertThat(answers).containsExactly("2: ERR_DEP", "3: [3]");
    answer(2, pair(key(2), 2, 1));
    assertThat(answers).hasSize(2);
  }

  @Test
  void whatIsTooMuchTogetherIsRefused() {
    int fitting = (int) (Limits.OPERATION_BYTES_MAX / Limits.VALUE_BYTES_MAX);
    get(Consistency.SESSION, IntStream.rangeClosed(1, fitting + 2).toArray());
    reads.flush();
    for (int i = 1; i <= fitting + 1; i++) {
      assertThat(answers).isEmpty();
      answer(i, pair(key(i), i, Limits.VALUE_BYTES_MAX));
    }
    assertThat(answers).containsExactly("1: ERR");
    assertThat(asked).isEmpty();
  }
}
