package io.gamut.ledger.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.message.LedgerMessage.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What was written yesterday is read today. When a format changes, its sample stays and is read by
 * the code for the old format; a new sample is added beside it.
 */
final class LedgerSamplesTest {
  private static final long SEED = 11;
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, String> samples = samples();

  private static Map<String, String> samples() {
    Map<String, String> samples = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(LedgerSamplesTest.class.getResourceAsStream("samples.txt"))) {
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

  private void check(
      String name, Object expected, byte[] encoded, Function<byte[], Object> decode) {
    String sample = samples.get(name);
    assertThat(sample)
        .as("no sample of %s, which now is\n%s", name, HEX.formatHex(encoded))
        .isNotNull();
    assertThat(decode.apply(HEX.parseHex(sample))).as(name).isEqualTo(expected);
    assertThat(HEX.formatHex(encoded)).as("%s is written as before", name).isEqualTo(sample);
  }

  @Test
  void messagesOfFormatOne() {
    LedgerMessages messages = new LedgerMessages(SEED);
    for (int kind = 0; kind < LedgerMessages.MESSAGE_KINDS; kind++) {
      Envelope envelope = messages.envelope(kind);
      String name = "message-1-" + envelope.message().getClass().getSimpleName();
      check(name, envelope, LedgerCodec.encode(envelope), LedgerCodec::decode);
    }
  }

  @Test
  void recordsOfTheJournal() {
    LedgerMessages messages = new LedgerMessages(SEED);
    for (int kind = 0; kind < LedgerMessages.RECORD_KINDS; kind++) {
      LedgerRecord record = messages.record(kind);
      int type = LedgerRecordCodec.type(record);
      check(
          "record-" + type,
          record,
          LedgerRecordCodec.body(record),
          bytes -> LedgerRecordCodec.decode(type, bytes));
    }
  }
}
