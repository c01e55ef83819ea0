package io.gamut.ledger.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryCodec;
import io.gamut.ledger.message.LedgerMessage.Envelope;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Each encoding gives back what went in, and takes nothing else: no part of it, and no other bytes,
 * lead to anything but an {@link InvalidDataException} or another valid message.
 */
final class LedgerCodecsTest {
  private static final int SEEDS = 200;
  private static final int CHANGES = 40;

  /** Checks one encoding. */
  private static <T> void check(String what, T value, byte[] bytes, Function<byte[], T> decode) {
    assertThat(decode.apply(bytes)).as(what).isEqualTo(value);
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode.apply(part))
          .as("%s, cut to %s bytes", what, part.length)
          .isInstanceOf(InvalidDataException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> decode.apply(longer)).isInstanceOf(InvalidDataException.class);
    SplittableRandom random = new SplittableRandom(bytes.length);
    for (int i = 0; i < CHANGES && bytes.length > 0; i++) {
      byte[] changed = bytes.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      decodeAnything(what, changed, decode);
    }
  }

  private static <T> void decodeAnything(String what, byte[] bytes, Function<byte[], T> decode) {
    try {
      var _ = decode.apply(bytes);
    } catch (InvalidDataException _) {
      // As it should be.
    } catch (RuntimeException e) {
      throw new AssertionError(what + " from " + Arrays.toString(bytes), e);
    }
  }

  private static void random(String what, Function<byte[], ?> decode) {
    for (long seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 1; // the format
        bytes[1] = (byte) random.nextInt(13);
      }
      decodeAnything(what + " of seed " + seed, bytes, decode);
    }
  }

  @Test
  void messages() {
    for (long seed = 0; seed < SEEDS; seed++) {
      LedgerMessages messages = new LedgerMessages(seed);
      for (int kind = 0; kind < LedgerMessages.MESSAGE_KINDS; kind++) {
        Envelope envelope = messages.envelope(kind);
        check(
            "message of seed " + seed, envelope, LedgerCodec.encode(envelope), LedgerCodec::decode);
      }
    }
    random("message", LedgerCodec::decode);
  }

  @Test
  void recordsOfTheJournal() {
    for (long seed = 0; seed < SEEDS; seed++) {
      LedgerMessages messages = new LedgerMessages(seed);
      for (int kind = 0; kind < LedgerMessages.RECORD_KINDS; kind++) {
        LedgerRecord record = messages.record(kind);
        int type = LedgerRecordCodec.type(record);
        assertThat(type).isBetween(64, 127);
        check(
            "record of seed " + seed,
            record,
            LedgerRecordCodec.body(record),
            bytes -> LedgerRecordCodec.decode(type, bytes));
      }
    }
    for (int type = 63; type < 68; type++) {
      int known = type;
      random("record", bytes -> LedgerRecordCodec.decode(known, bytes));
    }
  }

  @Test
  void anotherFormatIsRefusedAndNamed() {
    byte[] bytes = LedgerCodec.encode(new Envelope(1, 2, new TimeoutNow(3)));
    bytes[0] = 2;
    assertThatThrownBy(() -> LedgerCodec.decode(bytes))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("format 2");
  }

  /** Would run out of memory if the count were believed. */
  @Test
  void aCountIsBelievedOnlyAsFarAsThereAreBytes() {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(1);
    out.writeVarint(EntryCodec.ENTRIES_MAX);
    byte[] bytes = out.toByteArray();
    assertThatThrownBy(() -> LedgerRecordCodec.decode(65, bytes))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void indexesAndTermsThatCannotBeAreRefused() {
    List<Entry> entries = List.of(new Entry(8, 3, Entry.NoOp.NO_OP));
    refuse(new LedgerMessage.Append(2, 7, 2, entries, 0, 0));
    refuse(new LedgerMessage.Append(3, 7, 4, entries, 0, 0));
    refuse(new LedgerMessage.Committed(2, 7, entries));
    refuse(new LedgerMessage.Committed(3, Long.MAX_VALUE, entries));
    refuse(new LedgerMessage.Committed(3, 7, List.of(new Entry(8, 0, Entry.NoOp.NO_OP))));
  }

  private static void refuse(LedgerMessage message) {
    byte[] bytes = LedgerCodec.encode(new Envelope(1, 2, message));
    assertThatThrownBy(() -> LedgerCodec.decode(bytes))
        .as("%s", message)
        .isInstanceOf(InvalidDataException.class);
  }
}
