package io.gamut.verify.edn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of EDN, as far as histories have need of it. */
sealed interface Edn {
  Nil NIL = new Nil();

  record Nil() implements Edn {
    @Override
    public String toString() {
      return "nil";
    }
  }

  /** {@code :name}, without its colon. */
  record Keyword(String name) implements Edn {
    @Override
    public String toString() {
      return ":" + name;
    }
  }

  /** A whole number of 64 bits. */
  record Whole(long number) implements Edn {
    @Override
    public String toString() {
      return Long.toString(number);
    }
  }

  record Text(String text) implements Edn {
    @Override
    public String toString() {
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char each = text.charAt(i);
        switch (each) {
          case '"', '\\' -> quoted.append('\\').append(each);
          case '\n' -> quoted.append("\\n");
          case '\r' -> quoted.append("\\r");
          case '\t' -> quoted.append("\\t");
          default -> quoted.append(each);
        }
      }
      return quoted.append('"').toString();
    }
  }

  /** A vector or a list. */
  record Sequence(List<Edn> elements) implements Edn {
    public Sequence {
      elements = List.copyOf(elements);
    }

    static Sequence of(Edn... elements) {
      return new Sequence(List.of(elements));
    }

    @Override
    public String toString() {
      return "[" + String.join(" ", elements.stream().map(Edn::toString).toList()) + "]";
    }
  }

  record Mapping(Map<Edn, Edn> entries) implements Edn {
    /** Null if there is no such keyword, or nil behind it. */
    @Nullable Edn get(String keyword) {
      Edn value = entries.get(new Keyword(keyword));
      return value instanceof Nil ? null : value;
    }

    @Override
    public String toString() {
      Map<String, String> texts = new LinkedHashMap<>();
      entries.forEach((key, value) -> texts.put(key.toString(), value.toString()));
      return "{"
          + String.join(
              ", ",
              texts.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList())
          + "}";
    }
  }

  /** A set: nothing that one of our registers holds. */
  record SetOf(List<Edn> elements) implements Edn {
    public SetOf {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return "#{" + String.join(" ", elements.stream().map(Edn::toString).toList()) + "}";
    }
  }

  /** Whatever else, as it was written: symbols, characters, fractions, numbers of great length. */
  record Other(String word) implements Edn {
    @Override
    public String toString() {
      return word;
    }
  }
}
