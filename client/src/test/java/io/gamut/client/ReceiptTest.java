package io.gamut.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ReceiptTest {
  private static final RespValue NULL = new RespValue.Null();

  private static RespValue text(String text) {
    return new RespValue.Text(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsEveryField() {
    Version version = new Version((1_700_000_000_000L << 16) + 7, new Origin(-2, 3));
    Map<String, RespValue> fields = new HashMap<>();
    fields.put("level", text("bounded"));
    fields.put("replica", new RespValue.Whole(4));
    fields.put("version", text(version.exact()));
    fields.put("age", new RespValue.Whole(12));
    fields.put("state", text("committed"));
    fields.put("token", text("t"));
    fields.put("outcome", NULL);
    RespValue reply = new RespValue.Attributed(fields, text("v"));
    assertThat(Receipt.of(reply))
        .isEqualTo(new Receipt(Consistency.BOUNDED, 4, version, 12, "committed", "t", null));
    assertThat(Receipt.without(reply)).hasToString("v");
  }

  @Test
  void whatIsNullIsLeftOut() {
    Map<String, RespValue> fields = new HashMap<>();
    fields.put("level", text("eventual"));
    fields.put("replica", NULL);
    fields.put("version", NULL);
    fields.put("age", NULL);
    Receipt receipt = Objects.requireNonNull(Receipt.of(new RespValue.Attributed(fields, NULL)));
    assertThat(receipt.replica()).isEqualTo(Receipt.REPLICA_UNKNOWN);
    assertThat(receipt.version()).isNull();
    assertThat(receipt.ageMillis()).isEqualTo(Receipt.AGE_UNKNOWN);
    assertThat(receipt.state()).isNull();
  }

  @Test
  void aReplyWithoutAttributesHasNone() {
    assertThat(Receipt.of(text("v"))).isNull();
    assertThat(Receipt.without(text("v"))).hasToString("v");
  }
}
