package io.gamut.protocol.resp;

import io.gamut.core.BinaryWriter;
import io.gamut.core.ErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies in RESP 2, or in RESP 3 once the client has asked for it.
 *
 * <p>RESP 2 has no null, map or attribute: a null becomes a null bulk string, a map a flat array,
 * and attributes are left out (ask with {@link #hasAttributes}).
 */
public final class ReplyWriter {
  private final BinaryWriter out;
  private final boolean resp3;

  public ReplyWriter(BinaryWriter out, boolean resp3) {
    this.out = out;
    this.resp3 = resp3;
  }

  public void simple(String text) {
    line('+', text);
  }

  /** An error; its first word is its code. Line breaks would end it early and become spaces. */
  public void error(String text) {
    line('-', text.replace('\r', ' ').replace('\n', ' '));
  }

  public void error(ErrorCode code, String text) {
    error(code + " " + text);
  }

  public void integer(long value) {
    line(':', Long.toString(value));
  }

  public void bulk(byte[] bytes) {
    line('$', Integer.toString(bytes.length));
    out.writeRaw(bytes);
    crlf();
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  public void nullValue() {
    if (resp3) {
      line('_', "");
    } else {
      line('$', "-1");
    }
  }

  /** No array where there could have been one. */
  public void nullArray() {
    if (resp3) {
      line('_', "");
    } else {
      line('*', "-1");
    }
  }

  /** Text for people to read. */
  public void verbatim(String text) {
    if (resp3) {
      byte[] bytes = ("txt:" + text).getBytes(StandardCharsets.UTF_8);
      line('=', Integer.toString(bytes.length));
      out.writeRaw(bytes);
      crlf();
    } else {
      bulk(text);
    }
  }

  /** A set of this many elements; an array in RESP 2. */
  public void set(int size) {
    line(resp3 ? '~' : '*', Integer.toString(size));
  }

  public void array(int size) {
    line('*', Integer.toString(size));
  }

  /** A map of this many pairs; keys and values follow in turn. */
  public void map(int pairs) {
    if (resp3) {
      line('%', Integer.toString(pairs));
    } else {
      array(2 * pairs);
    }
  }

  public boolean hasAttributes() {
    return resp3;
  }

  /** Attributes of the reply that follows, as pairs; RESP 3 only. */
  public void attribute(int pairs) {
    if (!resp3) {
      throw new IllegalStateException("RESP 2 has no attributes");
    }
    line('|', Integer.toString(pairs));
  }

  private void line(char type, String text) {
    out.writeByte(type);
    out.writeRaw(text.getBytes(StandardCharsets.UTF_8));
    crlf();
  }

  private void crlf() {
    out.writeByte('\r');
    out.writeByte('\n');
  }
}
