package io.gamut.server.resp;

import io.gamut.core.NodeId;
import io.gamut.core.TokenSeal;
import io.gamut.core.Version;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Receipt;
import org.jspecify.annotations.Nullable;

/** Writes receipts as RESP has them. */
record ReceiptWriter(TokenSeal seal) {
  private static final int FIELDS = 7;

  /** As attributes of the reply that follows. */
  void writeAttribute(Receipt receipt, ReplyWriter writer) {
    writer.attribute(FIELDS);
    writeFields(receipt, writer);
  }

  /** As a reply of its own. */
  void write(Receipt receipt, ReplyWriter writer) {
    writer.map(FIELDS);
    writeFields(receipt, writer);
  }

  private void writeFields(Receipt receipt, ReplyWriter writer) {
    text("level", receipt.level().toString(), writer);
    number("replica", replica(receipt), writer);
    writer.simple("version");
    version(receipt.version(), writer);
    number("age", receipt.isAgeKnown() ? receipt.ageMillis() : null, writer);
    text("state", receipt.state() == null ? null : receipt.state().toString(), writer);
    text("token", receipt.step() == null ? null : seal.seal(receipt.step().get()), writer);
    text("outcome", receipt.outcome() == null ? null : receipt.outcome().toString(), writer);
  }

  private static @Nullable Long replica(Receipt receipt) {
    NodeId replica = receipt.replica();
    return replica == null ? null : (long) replica.value();
  }

  private static void number(String name, @Nullable Long value, ReplyWriter writer) {
    writer.simple(name);
    if (value == null) {
      writer.nullValue();
    } else {
      writer.integer(value);
    }
  }

  private static void text(String name, @Nullable String value, ReplyWriter writer) {
    writer.simple(name);
    orNull(value, writer);
  }

  /** A version as receipts tell it. */
  static void version(@Nullable Version version, ReplyWriter writer) {
    orNull(version == null ? null : version.exact(), writer);
  }

  private static void orNull(@Nullable String value, ReplyWriter writer) {
    if (value == null) {
      writer.nullValue();
    } else {
      writer.simple(value);
    }
  }
}
