package io.gamut.replication.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
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
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Declined;
import io.gamut.replication.remote.RemoteMessage.Hail;
import io.gamut.replication.remote.RemoteMessage.Hailed;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput.Wanted;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Messages come back as they were, and nothing else is taken. */
final class RemoteCodecTest {
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(7, 8);
  private static final Version VERSION = new Version(99, ORIGIN);
  private static final Dot DOT = new Dot(ORIGIN, 3);
  private static final Content.Value VALUE = new Content.Value(new byte[] {1, 2}, 5, 77);
  private static final Pair PAIR = new Pair(KEY, VALUE, VERSION, DOT);
  private static final Requirement REQUIREMENT =
      new Requirement(VersionVector.of(DOT), 6, new Session.Seen(VERSION, new LedgerPosition(8)));

  private static final Standing STANDING =
      new Standing(
          true,
          false,
          1,
          2,
          new NodeId(3),
          4,
          5,
          6,
          -7,
          8,
          9,
          Configuration.of(new Participant(new NodeId(3), 44)),
          new Ends(Map.of(ORIGIN, 5L), Set.of(12L)),
          VersionVector.of(DOT),
          VersionVector.EMPTY,
          VersionVector.of(DOT),
          VersionVector.EMPTY,
          true,
          new MemberTable(
              List.of(new Member(new NodeId(3), "host:1", Member.Standing.ACTIVE, 4, 44))),
          10);

  private static final List<RemoteMessage> ALL =
      List.of(
          new Ask(1, new Question.Read(KEY, REQUIREMENT, 20)),
          new Ask(
              2,
              new Question.Write(
                  KEY, Content.Tombstone.TOMBSTONE, VersionVector.EMPTY, 0, 0, null, 0)),
          new Ask(
              300, new Question.Write(KEY, VALUE, VersionVector.of(DOT), 4, 5, VERSION, 60_000)),
          new Ask(
              4,
              new Question.Committed(
                  List.of(new Wanted(KEY, REQUIREMENT), new Wanted(KEY, Requirement.NONE)),
                  new Freshness.AtMost(9),
                  5)),
          new Ask(
              5,
              new Question.Committed(
                  List.of(new Wanted(KEY, REQUIREMENT)), Freshness.Latest.LATEST, 5)),
          new Ask(6, new Question.Remove(new NodeId(4), 7)),
          new Ask(7, new Question.Listing(KEY, 10, true, REQUIREMENT, null, 1)),
          new Ask(
              8, new Question.Listing(null, 10_000, false, Requirement.NONE, Freshness.Any.ANY, 1)),
          new Ask(9, new Question.Look(KEY)),
          new ToldSight(9, new Sight(STANDING, Glimpse.of(PAIR), Glimpse.of(PAIR), 7, 8)),
          new ToldSight(10, new Sight(Standing.UNKNOWN, null, null, -1, 0)),
          new Told(3, new Reply.Written(VERSION, DOT, true)),
          new Told(4, new Reply.Read(PAIR, 5)),
          new Told(5, new Reply.Read(Arrays.asList(PAIR, null), 5, 6)),
          new Told(6, new Reply.Failed(ErrorCode.ERR_DEP, "words")),
          new Told(7, new Reply.Done()),
          new ToldPairs(8, new Listed.Found(new Page(List.of(PAIR), true), 9, -1)),
          new ToldPairs(8, new Listed.Found(new Page(List.of(), false), 9, 4)),
          new Declined(9),
          new Hail(-1),
          new RemoteMessage.Announced(new ClientAddresses("a:1", "", "é:3")),
          new Hailed(-1, STANDING));

  @Test
  void messagesComeBackAsTheyWereAndNothingElseIsTaken() {
    SplittableRandom random = new SplittableRandom(11);
    for (RemoteMessage message : ALL) {
      byte[] bytes = RemoteCodec.encode(message);
      assertThat(RemoteCodec.isRemote(bytes)).isTrue();
      assertThat(RemoteCodec.decode(bytes)).isEqualTo(message);
      for (int length = 1; length < bytes.length; length++) {
        byte[] shorter = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> RemoteCodec.decode(shorter))
            .isInstanceOf(InvalidDataException.class);
      }
      for (int i = 0; i < 2_000; i++) {
        byte[] other = bytes.clone();
        other[random.nextInt(1, other.length)] = (byte) random.nextInt();
        decodeOrRefuse(other);
      }
    }
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      RemoteMessage read = RemoteCodec.decode(bytes);
      assertThat(RemoteCodec.decode(RemoteCodec.encode(read))).isEqualTo(read);
    } catch (InvalidDataException _) {
      // As it should be.
    }
  }

  @Test
  void aGlimpseHasTheBeginningOfAValueAndItsLength() {
    Content.Value value = new Content.Value(new byte[100_000], 5, 77);
    Glimpse glimpse = Objects.requireNonNull(Glimpse.of(new Pair(KEY, value, VERSION, DOT)));
    assertThat(glimpse.length()).isEqualTo(100_000);
    assertThat(glimpse.pair().content())
        .isEqualTo(new Content.Value(new byte[Glimpse.BYTES_MAX], 5, 77));
    assertThat(Glimpse.of(null)).isNull();
    byte[] tooMuch =
        RemoteCodec.encode(
            new ToldSight(
                1,
                new Sight(
                    STANDING, new Glimpse(new Pair(KEY, value, VERSION, DOT), 1), null, 0, 0)));
    assertThatThrownBy(() -> RemoteCodec.decode(tooMuch))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("a glimpse");
  }

  @Test
  void pagesEndWhereTheyAreLargeEnough() {
    TreeMap<Key, Pair> pairs = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      Key key = Key.of("k%03d".formatted(i));
      Content.Value value = new Content.Value(new byte[100_000], 0, 0);
      pairs.put(key, new Pair(key, value, VERSION, DOT));
    }
    Page.Source source =
        (after, limit) ->
            (after == null ? pairs : pairs.tailMap(after, false))
                .values().stream().limit(limit).toList();
    Page first = Page.read(source, null, 50, true);
    assertThat(first.pairs()).hasSizeBetween(10, 20);
    assertThat(first.isEnd()).isFalse();
    Page bare = Page.read(source, null, 5, false);
    assertThat(bare.pairs()).hasSize(5).allMatch(pair -> pair.content().size() == 0);
    Page last = Page.read(source, Key.of("k097"), 50, true);
    assertThat(last.pairs()).hasSize(2);
    assertThat(last.isEnd()).isTrue();
    assertThat(Page.read((_, _) -> List.of(), null, 50, true)).isEqualTo(new Page(List.of(), true));
  }
}
