package io.gamut.protocol.memcached;

import io.gamut.core.Key;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The key of a meta command.
 *
 * @param isBase64 whether it came as Base64, and so goes back
 */
public record MetaKey(Key key, boolean isBase64) {
  /** As it stands in a reply, each byte a character. */
  public String text() {
    return isBase64
        ? Base64.getEncoder().encodeToString(key.bytes())
        : new String(key.bytes(), StandardCharsets.ISO_8859_1);
  }
}
