package io.gamut.server.passing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Answering;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Page;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Declined;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** A newcomer, and members that answer, decline, or are not heard again. */
final class PassingTest {
  private static final NodeId SELF = new NodeId(0);
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(7, 8);
  private static final Version VERSION = new Version(99, ORIGIN);
  private static final Dot DOT = new Dot(ORIGIN, 3);
  private static final Content.Value VALUE = new Content.Value(new byte[] {1, 2}, 5, 77);
  private static final Reply.Failed REFUSED = new Reply.Failed(ErrorCode.ERR_DEP, "words");
  private static final Page PAGE = new Page(List.of(new Pair(KEY, VALUE, VERSION, DOT)), true);
  private static final Sight SIGHT = new Sight(Standing.UNKNOWN, null, null, -1, 5);
  private static final Reply WRITTEN = new Reply.Written(VERSION, DOT, true);

  private final List<Reply> answers = new ArrayList<>();

  /** Who gave them, where somebody did. */
  private final List<NodeId> replicas = new ArrayList<>();

  private final Outside outside = new Outside();
  private final Passing passing = new Passing(SELF, outside, outside, 0);
  private final Answering answering = new Answering(outside, outside::send);

  /** What a message is, and to whom. */
  private record Sent(NodeId to, RemoteMessage message) {}

  /** The replica, the network and the clock, as the test has them. */
  private static final class Outside implements Passing.Group, Passing.Network, Answering.Group {
    private final List<Sent> sent = new ArrayList<>();
    private final List<NodeId> reachable = new ArrayList<>(List.of(ONE, TWO));
    private final List<Input> asked = new ArrayList<>();
    private final List<StrongInput> strongly = new ArrayList<>();
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
    public void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> then) {
      strongly.add(request.apply(1));
      then.accept(answer);
    }

    @Override
    public Page page(Question.Listing listing) {
      return PAGE;
    }

    @Override
    public void whenRoom(Runnable task) {
      task.run();
    }

    @Override
    public Standing standing() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Sight sight(Key key) {
      return SIGHT;
    }

    @Override
    public boolean send(NodeId to, RemoteMessage message) {
      sent.add(new Sent(to, message));
      return reachable.contains(to);
    }

    @Override
    public void wakeAfter(int millis) {
      // The test says when.
    }

    private RemoteMessage message(int place) {
      return sent.get(place).message;
    }
  }

  private void take(Answered<Reply> answered) {
    answers.add(answered.reply());
    if (answered.replica() != null) {
      replicas.add(answered.replica());
    }
  }

  private void write() {
    passing.submit(
        number -> new Input.Write(number, KEY, VALUE, VersionVector.of(DOT), 4, 5, null, 9_000_000),
        this::take);
  }

  private void read() {
    passing.submit(number -> new Input.Read(number, KEY, Requirement.NONE, 9_000_000), this::take);
  }

  private void tell(NodeId from, RemoteMessage message) {
    passing.onMessage(from, message);
  }

  @Test
  void aMemberAnswersForANewcomer() {
    write();
    assertThat(outside.sent).hasSize(1);
    assertThat(outside.sent.getFirst().to).isEqualTo(ONE);
    assertThat(outside.message(0))
        .isEqualTo(
            new Ask(1, new Question.Write(KEY, VALUE, VersionVector.of(DOT), 4, 5, null, 9)));
    tell(TWO, new Told(1, WRITTEN));
    assertThat(answers).as("somebody else's answer").isEmpty();
    tell(ONE, new Told(1, new Reply.Read(null, 0)));
    assertThat(answers).as("the answer to something else").isEmpty();
    tell(ONE, new Told(1, WRITTEN));
    tell(ONE, new Told(1, WRITTEN));
    assertThat(answers).containsExactly(WRITTEN);
    assertThat(replicas).containsExactly(ONE);
    assertThat(outside.asked).isEmpty();
  }

  @Test
  void aMemberAsksItselfAndOneThatIsNoneDeclines() {
    Ask ask = new Ask(6, new Question.Read(KEY, Requirement.NONE, 0));
    answering.onAsk(TWO, ask);
    assertThat(outside.message(0)).isEqualTo(new Declined(6));
    outside.isAdmitted = true;
    answering.onAsk(TWO, ask);
    assertThat(outside.message(1)).isEqualTo(new Told(6, WRITTEN));
    assertThat(outside.asked).containsExactly(new Input.Read(1, KEY, Requirement.NONE, 0));
  }

  @Test
  void whatAServerHoldsItSaysMemberOrNot() {
    answering.onAsk(TWO, new Ask(6, new Question.Look(KEY)));
    assertThat(outside.sent).containsExactly(new Sent(TWO, new ToldSight(6, SIGHT)));
  }

  @Test
  void whatWasDeclinedGoesToAnother() {
    write();
    tell(ONE, new Declined(1));
    assertThat(outside.sent.get(1).to).isEqualTo(TWO);
    tell(TWO, new Declined(2));
    assertThat(outside.asked).as("it waits here").hasSize(1);
    assertThat(answers).containsExactly(WRITTEN);
    assertThat(replicas).containsExactly(SELF);
  }

  @Test
  void aWriteThatIsNotAnsweredIsNotSentAgain() {
    write();
    read();
    outside.reachable.remove(ONE);
    passing.onUnreachable(ONE);
    assertThat(outside.sent).hasSize(3);
    assertThat(outside.message(2))
        .isEqualTo(new Ask(3, new Question.Read(KEY, Requirement.NONE, 9)));
    assertThat(((Reply.Failed) answers.getFirst()).code()).isEqualTo(ErrorCode.UNKNOWN);
    outside.nanos = 60_000_000_000L;
    passing.onTime();
    assertThat(((Reply.Failed) answers.getLast()).code()).isEqualTo(ErrorCode.BUSY);
    assertThat(answers).hasSize(2);
    assertThat(replicas).as("none has answered").isEmpty();
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
    assertThat(replicas).containsExactly(ONE, SELF, SELF);
  }

  @Test
  void oneAfterTheOtherGoesToTheSameMember() {
    write();
    outside.reachable.addFirst(new NodeId(9));
    write();
    assertThat(outside.sent.getLast().to).isEqualTo(ONE);
  }

  @Test
  void listingsAreDoneByWhoHasWhatTheyNeed() {
    List<Answered<Listed>> listed = new ArrayList<>();
    Answered<Listed> here = new Answered<>(new Listed.Refused(REFUSED), SELF);
    Question.Listing listing = new Question.Listing(null, 10, true, Requirement.NONE, null, 9);
    passing.list(listing, () -> listed.add(here), listed::add);
    assertThat(outside.message(0)).isEqualTo(new Ask(1, listing));
    tell(ONE, new ToldPairs(1, new Listed.Found(PAGE, 3, 4)));
    assertThat(listed).containsExactly(new Answered<>(new Listed.Found(PAGE, 3, 4), ONE));
    outside.isAdmitted = true;
    passing.list(listing, () -> listed.add(here), listed::add);
    assertThat(listed.getLast()).isEqualTo(here);
  }

  @Test
  void aMemberListsOnceItHasWhatIsNeeded() {
    outside.isAdmitted = true;
    outside.answer = new Reply.Read(null, 5);
    Question.Listing ofView = new Question.Listing(KEY, 10, true, Requirement.NONE, null, 0);
    answering.onAsk(TWO, new Ask(1, ofView));
    assertThat(outside.message(0))
        .isEqualTo(new ToldPairs(1, new Listed.Found(PAGE, 5, Reply.Read.AGE_UNKNOWN)));
    answering.onAsk(
        TWO,
        new Ask(
            2,
            new Question.Listing(null, 10, false, Requirement.NONE, Freshness.Latest.LATEST, 0)));
    assertThat(outside.strongly).hasSize(1);
    outside.answer = REFUSED;
    answering.onAsk(TWO, new Ask(3, ofView));
    assertThat(outside.message(2)).isEqualTo(new Told(3, REFUSED));
  }
}
