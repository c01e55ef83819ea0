package io.gamut.replication.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What was written yesterday is read today. When a format changes, its sample stays and is read by
 * the code for the old format; a new sample is added beside it.
 */
final class SamplesTest {
  private static final long SEED = 7;
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, String> samples = samples();

  private static Map<String, String> samples() {
    Map<String, String> samples = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(SamplesTest.class.getResourceAsStream("samples.txt"))) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          samples.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return samples;
  }

  private void check(String name, Object expected, byte[] encoded, Decoding decoding) {
    String sample = samples.get(name);
    assertThat(sample)
        .as("no sample of %s, which now is\n%s", name, HEX.formatHex(encoded))
        .isNotNull();
    assertThat(decoding.decode(HEX.parseHex(sample))).as(name).isEqualTo(expected);
    assertThat(HEX.formatHex(encoded)).as("%s is written as before", name).isEqualTo(sample);
  }

  private interface Decoding {
    Object decode(byte[] bytes);
  }

  @Test
  void messagesBetweenReplicasOfFormatOne() {
    Messages messages = new Messages(SEED);
    for (int kind = 0; kind < Messages.MESSAGE_KINDS; kind++) {
      Envelope envelope = new Envelope(SEED, messages.message(kind));
      String name = "message-1-" + envelope.message().getClass().getSimpleName();
      check(name, envelope, PeerCodec.encode(envelope), PeerCodec::decode);
    }
  }

  @Test
  void anAdvertOfWhatIsNotAllVisible() {
    VersionVector received = VersionVector.EMPTY;
    for (int low = 1; low <= 4; low++) {
      received = received.with(new Origin(1, low), 1_000 + low);
    }
    VersionVector visible = Messages.partOf(received);
    Advert advert = new Advert(received, visible, true, 2, 3, List.of());
    Envelope envelope = new Envelope(SEED, advert);
    check("message-1-AdvertOfHidden", envelope, PeerCodec.encode(envelope), PeerCodec::decode);
  }

  @Test
  void anAdvertThatDoesNotTellWhatIsVisible() {
    byte[] bytes = HEX.parseHex(Objects.requireNonNull(samples.get("message-1-AdvertOfReceived")));
    Advert advert = (Advert) PeerCodec.decode(bytes).message();
    assertThat(advert.received()).isEqualTo(VersionVector.EMPTY);
    assertThat(advert.visible()).isEqualTo(VersionVector.EMPTY);
    assertThat(advert.ahead()).hasSize(3);
  }

  @Test
  void anAnswerAboutAnOriginThatNamesNoQuestion() {
    byte[] bytes = HEX.parseHex(Objects.requireNonNull(samples.get("message-1-OriginAnswerToAny")));
    PeerMessage message = PeerCodec.decode(bytes).message();
    assertThat(message).isEqualTo(new PeerMessage.OriginAnswer(new Origin(1, 1), 1, 0));
  }

  @Test
  void recordsOfTheJournal() {
    Messages messages = new Messages(SEED);
    for (int kind = 0; kind < Messages.RECORD_KINDS; kind++) {
      JournalRecord record = messages.record(kind);
      int type = JournalCodec.type(record);
      check(
          "record-" + type,
          record,
          JournalCodec.body(record),
          bytes -> JournalCodec.decode(type, bytes));
    }
  }

  @Test
  void theStateOfAReplica() {
    ReplicaState state = new Messages(SEED).state();
    check("state-4", state, state.encode(), bytes -> ReplicaState.decode(new BinaryReader(bytes)));
  }

  @Test
  void rowsThatNameADisk() {
    Member active = new Member(new NodeId(1), "one:1", Standing.ACTIVE, 8, -2);
    Member left = new Member(new NodeId(2), "two:2", Standing.LEFT, 9, Long.MAX_VALUE);
    MemberTable table = new MemberTable(List.of(active, left));
    BinaryWriter out = new BinaryWriter();
    table.write(out);
    check(
        "members-of-disks",
        table,
        out.toByteArray(),
        bytes -> MemberTable.read(new BinaryReader(bytes)));
  }

  @Test
  void theStateOfAReplicaThatKnewOfNoDismissal() {
    byte[] bytes = HEX.parseHex(Objects.requireNonNull(samples.get("state-3")));
    ReplicaState state = ReplicaState.decode(new BinaryReader(bytes));
    assertThat(state.dismissed()).isZero();
    assertThat(state.fences()).isEqualTo(new Messages(SEED).state().fences());
  }

  @Test
  void theStateOfAReplicaWithoutFences() {
    byte[] bytes = HEX.parseHex(Objects.requireNonNull(samples.get("state-2")));
    ReplicaState state = ReplicaState.decode(new BinaryReader(bytes));
    assertThat(state.fences()).isEmpty();
    assertThat(state.peerBoots()).isEqualTo(new Messages(SEED).state().peerBoots());
  }

  /** What was visible closed its gaps, beside the barrier that had been waited for. */
  @Test
  void theStateOfAReplicaOfFormatOne() {
    byte[] bytes = HEX.parseHex(Objects.requireNonNull(samples.get("state-1")));
    ReplicaState state = ReplicaState.decode(new BinaryReader(bytes));
    assertThat(state.received().size()).isEqualTo(3);
    assertThat(state.barrier()).isNotEqualTo(state.visible());
    assertThat(state.barrier().covers(state.visible())).isTrue();
    assertThat(state.awaited()).isEqualTo(VersionVector.EMPTY);
    assertThat(state.members().members()).hasSize(3);
    assertThat(state.peerBoots()).isEmpty();
  }
}
