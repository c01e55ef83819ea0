package io.gamut.cli.data;

import io.gamut.core.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What GAMUT HISTORY tells, for people. */
record Recent(Told told) {
  String text() {
    byte[] key = told.bytes("key");
    Long since = told.number("since");
    Long forgotten = told.number("forgotten");
    List<Told> versions = told.list("versions");
    StringBuilder text = new StringBuilder("Key ");
    text.append(key == null ? "" : Printer.shown(key));
    text.append(" at server ").append(told.number("server"));
    text.append(", as seen there since ").append(Instants.time(since == null ? 0 : since));
    if (versions.isEmpty()) {
      return text.append(": no version.\n").toString();
    }
    text.append(forgotten == null || forgotten == 0 ? "" : "; older ones are forgotten");
    return text.append(".\n\n").append(table(versions)).toString();
  }

  private static String table(List<Told> versions) {
    Columns columns =
        new Columns("STAMPED", "VALUE", "WRITTEN", "STATE", "VISIBLE", "COMMITTED", "VERSION");
    for (Told each : versions) {
      long stamped = or0(each.number("stamped"));
      columns.add(
          Instants.time(stamped),
          value(each),
          written(each),
          String.valueOf(each.text("state")),
          after(stamped, each.number("visible")),
          after(stamped, each.number("committed")),
          Version.parse(String.valueOf(each.text("version"))).toString());
    }
    return columns.text();
  }

  private static long or0(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  private static String value(Told version) {
    byte[] bytes = version.bytes("value");
    if (bytes == null) {
      return version.is("allKeys") ? "(all keys deleted)" : "(deleted)";
    }
    long length = or0(version.number("length"));
    return Printer.shown(bytes) + (length > bytes.length ? " (%d bytes)".formatted(length) : "");
  }

  private static String written(Told version) {
    String level = version.text("level");
    return version.text("kind") + (level == null ? "" : " (" + level + ")");
  }

  /** How long after the stamp, which another server's clock may have given. */
  private static String after(long stamped, @Nullable Long millis) {
    return millis == null ? "-" : "%+d ms".formatted(millis - stamped);
  }
}
