package io.gamut.server.access;

import io.gamut.core.Consistency;
import java.util.Optional;

/**
 * One who uses a server.
 *
 * @param level of this user's requests, where neither they nor their connection name one
 * @param isReadOnly whether whatever changes data or the cluster is refused
 */
public record User(String name, Optional<Consistency> level, boolean isReadOnly) {
  /** Whoever comes, where nobody has to say a password: Redis' clients know it by this name. */
  public static final User ANYBODY = new User("default", Optional.empty(), false);

  static final int NAME_CHARS_MAX = 64;

  /** Throws {@link IllegalArgumentException} where a protocol could not tell the name. */
  public User {
    // RFC 7617 ends a name at its colon, memcached at its space; the file begins comments with #.
    boolean isClean = name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':' && c != '#');
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX || !isClean) {
      throw new IllegalArgumentException(
          "a name has 1 to "
              + NAME_CHARS_MAX
              + " visible ASCII characters, no ':' or '#' among them");
    }
  }
}
