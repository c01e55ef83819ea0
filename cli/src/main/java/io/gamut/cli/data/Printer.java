package io.gamut.cli.data;

import io.gamut.client.Receipt;
import io.gamut.client.Session;
import io.gamut.client.Value;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Prints what became of requests, a row each. */
final class Printer implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int VALUE_CHARS_MAX = 60;

  private final Form form;
  private final OutputStream out;
  private final boolean endsLines;
  private final Session session;
  private boolean hasHead;

  /**
   * What became of one key.
   *
   * @param value null where there is none, or none was asked for
   * @param number a sum, or a count
   * @param isApplied of a write, whether its condition held
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(
      byte[] key,
      @Nullable Value value,
      @Nullable Long number,
      @Nullable Boolean isApplied,
      @Nullable Receipt receipt) {
    static Row ofValue(byte[] key, @Nullable Value value, @Nullable Receipt receipt) {
      return new Row(key, value, null, null, receipt);
    }

    static Row ofNumber(byte[] key, long number, @Nullable Receipt receipt) {
      return new Row(key, null, number, null, receipt);
    }

    static Row ofWrite(byte[] key, boolean isApplied, @Nullable Receipt receipt) {
      return new Row(key, null, null, isApplied, receipt);
    }
  }

  Printer(Form form, Surroundings surroundings, Session session) {
    this.form = form;
    out = new BufferedOutputStream(surroundings.out());
    endsLines = surroundings.endsLines();
    this.session = session;
  }

  void print(Row row) throws IOException {
    switch (form) {
      case RAW -> raw(row);
      case JSON -> out.write(json(row));
      case TABLE -> table(row);
    }
  }

  /** What a server has told at length. */
  void print(Told told, Function<Told, String> forPeople) throws IOException {
    switch (form) {
      case RAW, TABLE -> out.write(forPeople.apply(told).getBytes(StandardCharsets.UTF_8));
      case JSON -> out.write(told.json());
    }
  }

  /** A key of a listing, as it is. */
  void printKey(byte[] key) throws IOException {
    switch (form) {
      case RAW, TABLE -> line(key);
      case JSON -> out.write(json(Row.ofValue(key, null, null)));
    }
  }

  private void line(byte[] bytes) throws IOException {
    out.write(bytes);
    out.write('\n');
  }

  private void raw(Row row) throws IOException {
    if (row.value != null) {
      out.write(row.value.bytes());
      if (endsLines) {
        out.write('\n');
      }
    } else if (row.number != null) {
      line(row.number.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where standard input is not a terminal
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private void table(Row row) throws IOException {
    if (!hasHead) {
      hasHead = true;
      columns("KEY", "VALUE", "LEVEL", "BY", "STATE", "VERSION");
    }
    Receipt receipt = row.receipt;
    columns(
        shown(row.key),
        told(row),
        receipt == null ? "" : receipt.level().toString(),
        replica(receipt),
        receipt == null || receipt.state() == null ? "" : receipt.state(),
        receipt == null || receipt.version() == null ? "" : receipt.version().toString());
  }

  private static String replica(@Nullable Receipt receipt) {
    return receipt == null || receipt.replica() == Receipt.REPLICA_UNKNOWN
        ? ""
        : Integer.toString(receipt.replica());
  }

  private void columns(
      String key, String value, String level, String replica, String state, String version)
      throws IOException {
    String line =
        "%-24s %-24s %-13s %-3s %-9s %s".formatted(key, value, level, replica, state, version);
    line(line.stripTrailing().getBytes(StandardCharsets.UTF_8));
  }

  private static String told(Row row) {
    if (row.value != null) {
      return shown(row.value.bytes());
    }
    if (row.number != null) {
      return row.number.toString();
    }
    if (row.isApplied != null) {
      return row.isApplied ? "(written)" : "(not written)";
    }
    return "(none)";
  }

  /** What does not fit on a line, or is no text, is shortened or escaped. */
  static String shown(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    for (byte each : bytes) {
      if (shown.length() >= VALUE_CHARS_MAX) {
        return shown.append("...").toString();
      }
      if (each >= ' ' && each < 127) {
        shown.append((char) each);
      } else {
        shown.append("\\x%02x".formatted(each & 0xff));
      }
    }
    return shown.toString();
  }

  private byte[] json(Row row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      writeBytes("key", row.key, json);
      if (row.value != null) {
        writeBytes("value", row.value.bytes(), json);
      }
      if (row.number != null) {
        json.writeNumberProperty("number", row.number);
      }
      if (row.isApplied != null) {
        json.writeBooleanProperty("applied", row.isApplied);
      }
      if (row.receipt != null) {
        writeReceipt(row.receipt, json);
        json.writeStringProperty("session", session.token().text());
      }
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void writeReceipt(Receipt receipt, JsonGenerator json) {
    json.writeStringProperty("level", receipt.level().toString());
    if (receipt.replica() != Receipt.REPLICA_UNKNOWN) {
      json.writeNumberProperty("replica", receipt.replica());
    }
    if (receipt.version() != null) {
      json.writeStringProperty("version", receipt.version().exact());
    }
    if (receipt.ageMillis() != Receipt.AGE_UNKNOWN) {
      json.writeNumberProperty("ageMillis", receipt.ageMillis());
    }
    if (receipt.state() != null) {
      json.writeStringProperty("state", receipt.state());
    }
  }

  /** As text where it is UTF-8; else in base 64, under a name that says so. */
  static void writeBytes(String name, byte[] bytes, JsonGenerator json) {
    String text = utf8(bytes);
    if (text == null) {
      json.writeStringProperty(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    } else {
      json.writeStringProperty(name, text);
    }
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
