package io.gamut.protocol.memcached;

import io.gamut.core.BinaryWriter;
import io.gamut.core.Key;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Writes replies. */
public final class ReplyWriter {
  private final BinaryWriter out;

  public ReplyWriter(BinaryWriter out) {
    this.out = out;
  }

  /** A line, each character a byte. Line breaks would end it early and become spaces. */
  public void line(String text) {
    String single = text.replace('\r', ' ').replace('\n', ' ');
    out.writeRaw(single.getBytes(StandardCharsets.ISO_8859_1));
    crlf();
  }

  /** The request is wrong, and what is wrong with it. */
  public void clientError(String words) {
    line("CLIENT_ERROR " + words);
  }

  /** The request could not be done, and why. */
  public void serverError(String words) {
    line("SERVER_ERROR " + words);
  }

  /** A value that a text command asked for; the cas token only where it is wanted. */
  public void value(Key key, int flags, byte[] bytes, OptionalLong cas) {
    out.writeRaw(ascii("VALUE "));
    out.writeRaw(key.bytes());
    String rest = " " + Integer.toUnsignedString(flags) + " " + bytes.length;
    out.writeRaw(ascii(rest));
    if (cas.isPresent()) {
      out.writeRaw(ascii(" " + Long.toUnsignedString(cas.getAsLong())));
    }
    crlf();
    out.writeRaw(bytes);
    crlf();
  }

  /** A value that a meta command asked for; the flags each with a space before it. */
  public void metaValue(byte[] bytes, String flags) {
    line("VA " + bytes.length + flags);
    out.writeRaw(bytes);
    crlf();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void crlf() {
    out.writeByte('\r');
    out.writeByte('\n');
  }
}
