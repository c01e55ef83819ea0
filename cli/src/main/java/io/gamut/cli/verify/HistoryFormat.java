package io.gamut.cli.verify;

import io.gamut.core.Consistency;
import io.gamut.verify.edn.EdnHistoryReader;
import io.gamut.verify.file.HistoryReader;
import io.gamut.verify.file.Recording;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** How a history is written. */
public enum HistoryFormat {
  /** Lines of JSON: docs/history.md. */
  HISTORY,
  /** Jepsen's operations. */
  EDN;

  private static final int LOOKED_AT = 256;

  /** By the name of a file, else by its first characters, which stay to be read. */
  static HistoryFormat guess(Path file, PushbackInputStream in) throws IOException {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".edn")) {
      return EDN;
    }
    byte[] first = in.readNBytes(LOOKED_AT);
    in.unread(first);
    String text = new String(first, StandardCharsets.ISO_8859_1).strip();
    boolean isJson = text.startsWith("{") && text.substring(1).stripLeading().startsWith("\"");
    boolean isEdn = !isJson && !text.isEmpty() && "{[(;#".indexOf(text.charAt(0)) >= 0;
    return isEdn ? EDN : HISTORY;
  }

  static PushbackInputStream reader(InputStream in) {
    return new PushbackInputStream(in, LOOKED_AT);
  }

  /**
   * Reads a history.
   *
   * @param level of operations that do not tell theirs
   */
  Recording read(InputStream in, Consistency level) throws IOException {
    return switch (this) {
      case HISTORY -> HistoryReader.read(in);
      case EDN ->
          EdnHistoryReader.read(
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), level);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
