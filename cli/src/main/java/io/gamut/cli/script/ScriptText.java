package io.gamut.cli.script;

import java.nio.charset.StandardCharsets;

/**
 * Text of a script: each char holds one byte of it (ISO 8859-1), whatever the bytes mean.
 *
 * <p>So keys and values come out exactly as they went in, UTF-8 or not, and a line of 10 KB costs a
 * copy and no decoding.
 */
public final class ScriptText {
  private static final int SHOWN_MAX = 60;

  private ScriptText() {}

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** For a message to people: decoded as UTF-8, and cut when it is long. */
  public static String shown(String text) {
    String decoded = new String(bytes(text), StandardCharsets.UTF_8);
    return decoded.length() <= SHOWN_MAX ? decoded : decoded.substring(0, SHOWN_MAX) + "...";
  }
}
