package io.gamut.server.passing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.server.passing.PassedMessage.Ask;
import io.gamut.server.passing.PassedMessage.Declined;
import io.gamut.server.passing.PassedMessage.Request;
import io.gamut.server.passing.PassedMessage.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** A newcomer, and members that answer, decline, or are not heard again. */
final class PassingTest {
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(7, 8);
  private static final Version VERSION = new Version(99, ORIGIN);
  private static final Dot DOT = new Dot(ORIGIN, 3);
  private static final Content.Value VALUE = new Content.Value(new byte[] {1, 2}, 5, 77);
  private static final Reply WRITTEN = new Reply.Written(VERSION, DOT, true);

  private final List<Reply> answers = new ArrayList<>();
  private final Outside outside = new Outside();
  private final Passing passing = new Passing(outside, outside);

  /** What a message is, and to whom. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sent(NodeId to, byte[] payload) {}

  /** The replica, the network and the clock, as the test has them. */
  private static final class Outside implements Passing.Group, Passing.Network {
    private final List<Sent> sent = new ArrayList<>();
    private final List<NodeId> reachable = new ArrayList<>(List.of(ONE, TWO));
    private final List<Input> asked = new ArrayList<>();
    private Reply answer = WRITTEN;
    private boolean isAdmitted;
    private long nanos;

    @Override
    public boolean isAdmitted() {
      return isAdmitted;
    }

    @Override
    public void submit(LongFunction<Input> request, Consumer<Reply> then) {
      asked.add(request.apply(1));
      then.accept(answer);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public List<NodeId> candidates() {
      return reachable;
    }

    @Override
    public boolean send(NodeId to, byte[] payload) {
      sent.add(new Sent(to, payload));
      return reachable.contains(to);
    }

    @Override
    public void wakeAfter(int millis) {
      // The test says when.
    }

    private PassedMessage message(int place) {
      return PassedCodec.decode(sent.get(place).payload, _ -> KEY);
    }
  }

  private void write() {
    passing.submit(
        number -> new Input.Write(number, KEY, VALUE, VersionVector.of(DOT), 4, 5, null, 9_000_000),
        answers::add);
  }

  private void read() {
    passing.submit(
        number -> new Input.Read(number, KEY, Requirement.NONE, 9_000_000), answers::add);
  }

  private void tell(NodeId from, PassedMessage message) {
    passing.onMessage(from, PassedCodec.encode(message));
  }

  @Test
  void aMemberAnswersForANewcomer() {
    write();
    assertThat(outside.sent).hasSize(1);
    assertThat(outside.sent.getFirst().to).isEqualTo(ONE);
    assertThat(outside.message(0))
        .isEqualTo(new Ask(1, new Request.Write(KEY, VALUE, VersionVector.of(DOT), 4, 5, 9)));
    tell(TWO, new Told(1, WRITTEN));
    assertThat(answers).as("somebody else's answer").isEmpty();
    tell(ONE, new Told(1, new Reply.Read(null, 0)));
    assertThat(answers).as("the answer to something else").isEmpty();
    tell(ONE, new Told(1, WRITTEN));
    tell(ONE, new Told(1, WRITTEN));
    assertThat(answers).containsExactly(WRITTEN);
    assertThat(outside.asked).isEmpty();
  }

  @Test
  void aMemberAsksItselfAndOneThatIsNoneDeclines() {
    Ask ask = new Ask(6, new Request.Read(KEY, Requirement.NONE, 0));
    tell(TWO, ask);
    assertThat(outside.message(0)).isEqualTo(new Declined(6));
    outside.isAdmitted = true;
    tell(TWO, ask);
    assertThat(outside.message(1)).isEqualTo(new Told(6, WRITTEN));
    assertThat(outside.asked).containsExactly(new Input.Read(1, KEY, Requirement.NONE, 0));
  }

  @Test
  void whatWasDeclinedGoesToAnother() {
    write();
    tell(ONE, new Declined(1));
    assertThat(outside.sent.get(1).to).isEqualTo(TWO);
    tell(TWO, new Declined(2));
    assertThat(outside.asked).as("it waits here").hasSize(1);
    assertThat(answers).containsExactly(WRITTEN);
  }

  @Test
  void aWriteThatIsNotAnsweredIsNotSentAgain() {
    write();
    read();
    outside.reachable.remove(ONE);
    passing.onUnreachable(ONE);
    assertThat(outside.sent).hasSize(3);
    assertThat(outside.message(2))
        .isEqualTo(new Ask(3, new Request.Read(KEY, Requirement.NONE, 9)));
    assertThat(((Reply.Failed) answers.getFirst()).code()).isEqualTo(ErrorCode.UNKNOWN);
    outside.nanos = 60_000_000_000L;
    passing.onTime();
    assertThat(((Reply.Failed) answers.getLast()).code()).isEqualTo(ErrorCode.BUSY);
    assertThat(answers).hasSize(2);
  }

  @Test
  void whereNoMemberIsThisServerDoesWhatItCan() {
    outside.reachable.clear();
    read();
    assertThat(outside.asked).containsExactly(new Input.Read(1, KEY, Requirement.NONE, 9_000_000));
    write();
    assertThat(outside.asked).hasSize(2);
    assertThat(outside.sent).isEmpty();
  }

  @Test
  void whoIsLetInKeepsTheOrderOfItsClients() {
    write();
    outside.isAdmitted = true;
    write();
    assertThat(outside.asked).isEmpty();
    tell(ONE, new Told(1, WRITTEN));
    assertThat(outside.asked).hasSize(1);
    write();
    assertThat(outside.asked).hasSize(2);
    assertThat(answers).hasSize(3);
  }

  @Test
  void oneAfterTheOtherGoesToTheSameMember() {
    write();
    outside.reachable.addFirst(new NodeId(9));
    write();
    assertThat(outside.sent.getLast().to).isEqualTo(ONE);
  }

  @Test
  void messagesComeBackAsTheyWereAndNothingElseIsTaken() {
    Requirement requirement =
        new Requirement(VersionVector.of(DOT), 6, new Session.Seen(VERSION, new LedgerPosition(8)));
    List<PassedMessage> all =
        List.of(
            new Ask(1, new Request.Read(KEY, requirement, 20)),
            new Ask(
                2,
                new Request.Write(KEY, Content.Tombstone.TOMBSTONE, VersionVector.EMPTY, 0, 0, 0)),
            new Told(3, WRITTEN),
            new Told(4, new Reply.Read(new Pair(KEY, VALUE, VERSION, DOT), 5)),
            new Told(5, new Reply.Read(null, 5)),
            new Told(6, new Reply.Failed(ErrorCode.ERR_DEP, "words")),
            new Declined(7));
    SplittableRandom random = new SplittableRandom(11);
    for (PassedMessage message : all) {
      byte[] bytes = PassedCodec.encode(message);
      assertThat(PassedCodec.isPassed(bytes)).isTrue();
      assertThat(PassedCodec.decode(bytes, _ -> KEY)).isEqualTo(message);
      for (int length = 1; length < bytes.length; length++) {
        byte[] shorter = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> PassedCodec.decode(shorter, _ -> KEY))
            .isInstanceOf(InvalidDataException.class);
      }
      for (int i = 0; i < 2_000; i++) {
        byte[] other = bytes.clone();
        other[random.nextInt(1, other.length)] = (byte) random.nextInt();
        passing.onMessage(TWO, other);
      }
    }
  }
}
