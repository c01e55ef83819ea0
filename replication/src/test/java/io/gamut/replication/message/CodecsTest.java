package io.gamut.replication.message;

import static io.gamut.replication.Codecs.check;
import static io.gamut.replication.Codecs.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Version;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.PeerMessage.Envelope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each encoding gives back what went in, and takes nothing else: no part of it, and no other bytes,
 * lead to anything but an {@code InvalidDataException} or another valid message.
 */
final class CodecsTest {
  private static final int SEEDS = 100;

  @Test
  void messagesBetweenReplicas() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Messages messages = new Messages(seed);
      for (int kind = 0; kind < Messages.MESSAGE_KINDS; kind++) {
        Envelope envelope = new Envelope(seed, messages.message(kind));
        check("message of seed " + seed, envelope, PeerCodec.encode(envelope), PeerCodec::decode);
      }
    }
    random("message", PeerCodec::decode);
  }

  @Test
  void recordsOfTheJournal() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Messages messages = new Messages(seed);
      for (int kind = 0; kind < Messages.RECORD_KINDS; kind++) {
        JournalRecord record = messages.record(kind);
        int type = JournalCodec.type(record);
        check(
            "record of seed " + seed,
            record,
            JournalCodec.body(record),
            bytes -> JournalCodec.decode(type, bytes));
      }
    }
    for (int type = 0; type < 8; type++) {
      int known = type;
      random("record", bytes -> JournalCodec.decode(known, bytes));
    }
  }

  @Test
  void updatesInTheStore() {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Update> updates = new Messages(seed).updates();
      BinaryWriter out = new BinaryWriter();
      UpdateCodec.write(updates, out);
      check("updates of seed " + seed, updates, out.toByteArray(), CodecsTest::readUpdates);
    }
    random("updates", CodecsTest::readUpdates);
  }

  @Test
  void updatesThatDependOnTheLedger() {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Update> updates = new ArrayList<>();
      for (Update each : new Messages(seed).updates()) {
        long index = updates.size() % 3 == 0 ? seed : updates.size();
        updates.add(
            new Update(
                each.dot(),
                each.version(),
                each.dependencies(),
                index,
                each.key(),
                each.content()));
      }
      BinaryWriter out = new BinaryWriter();
      UpdateCodec.write(updates, out);
      check("updates of seed " + seed, updates, out.toByteArray(), CodecsTest::readUpdates);
    }
  }

  private static List<Update> readUpdates(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    List<Update> updates = UpdateCodec.read(in);
    in.requireEnd();
    return updates;
  }

  @Test
  void statesOfReplicas() {
    for (long seed = 0; seed < SEEDS; seed++) {
      ReplicaState state = new Messages(seed).state();
      check("state of seed " + seed, state, state.encode(), CodecsTest::readState);
    }
    random("state", CodecsTest::readState);
  }

  private static ReplicaState readState(byte[] bytes) {
    return ReplicaState.decode(new BinaryReader(bytes));
  }

  @Test
  void neighboursInAListCostLittle() {
    Messages messages = new Messages(1);
    List<Update> updates = messages.updates();
    while (updates.isEmpty()) {
      updates = messages.updates();
    }
    Update first = updates.getFirst();
    Update next =
        new Update(
            new Dot(first.dot().origin(), first.dot().sequence() + 1),
            new Version(5, first.dot().origin()),
            first.dependencies(),
            Key.of("k"),
            Content.Tombstone.TOMBSTONE);
    BinaryWriter one = new BinaryWriter();
    UpdateCodec.write(List.of(first), one);
    BinaryWriter two = new BinaryWriter();
    UpdateCodec.write(List.of(first, next), two);
    assertThat(two.length() - one.length()).isEqualTo(1 + Long.BYTES + 2);
  }
}
