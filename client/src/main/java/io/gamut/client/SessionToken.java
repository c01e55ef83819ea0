package io.gamut.client;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a session has seen and written, as a value that can be passed on: to another thread, in a
 * cookie, in a message to another program. Whoever continues with it is promised what the session
 * was. Opaque, made and signed by servers; at most some 100 kB, mostly far less.
 *
 * @param text base64url, or empty for a session that has seen nothing
 */
public record SessionToken(String text) {
  private static final int LENGTH_MAX = 1 << 20;
  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_=-]*");

  /** Of a session that has seen nothing. */
  public static final SessionToken EMPTY = new SessionToken("");

  public SessionToken {
    if (text.length() > LENGTH_MAX || !TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "no session token: " + text.length() + " characters that are not all base64url");
    }
  }

  /** The text's ASCII bytes. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public static SessionToken of(byte[] bytes) {
    return new SessionToken(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return text;
  }
}
