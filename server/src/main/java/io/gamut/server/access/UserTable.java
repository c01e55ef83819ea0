package io.gamut.server.access;

import io.gamut.core.Consistency;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users and their passwords, as a file has them: a line for each, with its name, its {@link
 * PasswordHash}, and perhaps {@code level=causal} and {@code read-only}. Empty lines and those that
 * begin with {@code #} say nothing.
 */
public final class UserTable {
  private static final String LEVEL = "level=";
  private static final String READ_ONLY = "read-only";

  private final Map<String, Entry> byName;
  private final PasswordHash nobody;

  /** A user with a password. */
  public record Entry(User user, PasswordHash password) {
    /** Reads a line. Throws {@link IllegalArgumentException}, with the reason. */
    static Entry parse(String line) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length < 2) {
        throw new IllegalArgumentException("a line has a name and a password hash");
      }
      Optional<Consistency> level = Optional.empty();
      boolean isReadOnly = false;
      for (int i = 2; i < words.length; i++) {
        if (words[i].equals(READ_ONLY)) {
          isReadOnly = true;
        } else if (words[i].startsWith(LEVEL)) {
          level = Consistency.parse(words[i].substring(LEVEL.length()));
          if (level.isEmpty()) {
            throw new IllegalArgumentException("'" + words[i] + "' names no level");
          }
        } else {
          throw new IllegalArgumentException(
              "a user may be level=<level> and read-only, not '" + words[i] + "'");
        }
      }
      return new Entry(new User(words[0], level, isReadOnly), PasswordHash.parse(words[1]));
    }

    /** As {@link #parse} reads it. */
    String line() {
      return user.name()
          + " "
          + password
          + user.level().map(level -> " " + LEVEL + level).orElse("")
          + (user.isReadOnly() ? " " + READ_ONLY : "");
    }
  }

  private UserTable(Map<String, Entry> byName) {
    this.byName = byName;
    int iterations =
        byName.values().stream()
            .mapToInt(entry -> entry.password().iterations())
            .max()
            .orElse(PasswordHash.ITERATIONS);
    nobody = PasswordHash.ofNobody(iterations);
  }

  /** The name in a line; null if it is of no user. */
  static @Nullable String nameIn(String line) {
    String bare = line.strip();
    return bare.isEmpty() || bare.startsWith("#") ? null : bare.split("\\s+", 2)[0];
  }

  /**
   * Reads the lines of a file. Throws {@link IllegalArgumentException} with all that is wrong.
   *
   * @param source for errors
   */
  static UserTable parse(String source, List<String> lines) {
    Map<String, Entry> byName = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (nameIn(line) == null) {
        continue;
      }
      try {
        Entry entry = Entry.parse(line);
        if (byName.put(entry.user().name(), entry) != null) {
          throw new IllegalArgumentException("user '" + entry.user().name() + "' is there twice");
        }
      } catch (IllegalArgumentException e) {
        faults.add(source + ", line " + number + ": " + e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), faults));
    }
    return new UserTable(byName);
  }

  /** Ascending by name. */
  public Collection<Entry> all() {
    return byName.values();
  }

  /** The user of a name and a password, or null. A name that there is not takes as long as one. */
  @Nullable User find(String name, byte[] password) {
    Entry entry = byName.get(name);
    boolean matches = (entry == null ? nobody : entry.password()).matches(password);
    return entry != null && matches ? entry.user() : null;
  }
}
