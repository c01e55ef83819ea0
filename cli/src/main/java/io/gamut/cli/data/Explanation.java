package io.gamut.cli.data;

import io.gamut.core.Version;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What GAMUT EXPLAIN tells, for people.
 *
 * @param lastAnswer how the last command was answered, where that is known here: a client may have
 *     asked over another connection than that which explains
 */
record Explanation(Told told, @Nullable String lastAnswer) {
  private static final String NOTHING = "-";

  String text() {
    String last = lastAnswer == null ? last() : "The session's last command: " + lastAnswer + ".\n";
    return head() + "\n" + replicas() + "\n" + last + (last.isEmpty() ? "" : "\n") + levels();
  }

  private String head() {
    Long server = told.number("server");
    Long node = told.number("node");
    Long leader = told.number("leader");
    StringBuilder head = new StringBuilder("Key " + key(told.bytes("key")));
    if (server == null) {
      head.append(": a gateway that reaches no server");
    } else if (server.equals(node)) {
      head.append(", asked of server ").append(server);
    } else {
      head.append(", asked of gateway ").append(node).append(", for which server ");
      head.append(server).append(" answers");
    }
    if (server != null) {
      head.append(leader == null ? "; nobody is known to lead" : "; server " + leader + " leads");
    }
    return head.append(".\n").toString();
  }

  private static String key(byte @Nullable [] key) {
    return key == null ? "" : Printer.shown(key);
  }

  // Replicas

  private String replicas() {
    Columns columns =
        new Columns(
            "SERVER", "WEAK READS SHOW", "STATE", "WRITTEN AT", "VERSION", "COMMITTED", "LACKING");
    for (Told replica : told.list("replicas")) {
      String server = String.valueOf(replica.number("server"));
      if (replica.is("reached")) {
        Told shown = replica.map("shown");
        columns.add(
            server,
            value(shown),
            shown == null ? NOTHING : or(shown.text("state"), NOTHING),
            writer(shown),
            version(shown),
            value(replica.map("committed")),
            lacking(replica));
      } else {
        columns.add(server, "(did not answer within a second)");
      }
    }
    return columns.text();
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  /** A value cut, with its length and expiry. */
  private static String value(@Nullable Told content) {
    if (content == null) {
      return "(never written)";
    }
    byte[] bytes = content.bytes("value");
    Long length = content.number("length");
    if (bytes == null) {
      return "(deleted)";
    }
    String shown = Printer.shown(bytes);
    String rest = length != null && length > bytes.length ? " (%d bytes)".formatted(length) : "";
    Long expiresAt = content.number("expiresAt");
    return shown + rest + (expiresAt == null ? "" : " until " + Instants.time(expiresAt));
  }

  private static String writer(@Nullable Told content) {
    Long writer = content == null ? null : content.number("writer");
    return writer == null ? NOTHING : "server " + writer;
  }

  private static String version(@Nullable Told content) {
    String exact = content == null ? null : content.text("version");
    return exact == null ? NOTHING : Version.parse(exact).toString();
  }

  /** Of what the weakest level lacks that lacks something. */
  private static String lacking(Told replica) {
    Told lacks = replica.map("lacks");
    for (String level : List.of("session", "causal", "strong")) {
      Told of = lacks == null ? null : lacks.map(level);
      Long count = of == null ? null : of.number("count");
      if (of != null && count != null && count > 0) {
        String words =
            of.list("first").stream()
                .map(lack -> or(lack.text("words"), ""))
                .limit(2)
                .collect(Collectors.joining("; "));
        String from = level.equals("strong") ? "strong levels: " : "from " + level + " on: ";
        return from + words + (count > 2 ? "; and " + (count - 2) + " more" : "");
      }
    }
    return "nothing";
  }

  // The last command

  private String last() {
    Told last = told.map("last");
    if (last == null) {
      return "";
    }
    StringBuilder text = new StringBuilder("The last command was ");
    text.append(or(last.text("command"), "one"));
    byte[] key = last.bytes("key");
    if (key != null) {
      text.append(' ').append(key(key));
    }
    text.append(last.is("sameKey") || key == null ? "" : " (another key)");
    text.append(", asked at ").append(or(last.text("asked"), "an unknown level"));
    text.append(", answered at ").append(last.text("level"));
    if (last.number("replica") != null) {
      text.append(" by ").append(last.number("replica"));
    }
    if (last.text("state") != null) {
      text.append(", ").append(last.text("state"));
    }
    if (last.text("version") != null) {
      text.append(", version ").append(version(last));
    }
    if (last.number("age") != null) {
      text.append(", at most ").append(last.number("age")).append(" ms old");
    }
    return text.append(": ").append(last.text("words")).append(".\n").toString();
  }

  // Levels

  private String levels() {
    Columns columns = new Columns("LEVEL", "A READ RETURNS", "STATE", "AND TAKES");
    for (Told level : told.list("levels")) {
      columns.add(
          or(level.text("level"), NOTHING),
          returned(level),
          or(level.text("state"), NOTHING),
          or(level.text("words"), NOTHING) + limit(level));
    }
    return columns.text();
  }

  private static String returned(Told level) {
    if (level.number("from") == null) {
      return "refused".equals(level.text("price")) ? "an error" : "(not known yet)";
    }
    return level.is("hasValue") ? value(level) : "(none)";
  }

  private static String limit(Told level) {
    Long most = level.number("millisMax");
    return most == null || most == 0 ? "" : String.format(Locale.ROOT, "; at most %,d ms", most);
  }
}
