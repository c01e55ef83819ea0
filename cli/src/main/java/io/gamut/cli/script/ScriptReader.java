package io.gamut.cli.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a script as {@link ScriptText}.
 *
 * <p>Before it reads on it runs {@code beforeWaiting}: whoever types commands into a pipe sees the
 * output of those typed so far, and a script from a file pays for one flush every 64 KiB.
 */
public final class ScriptReader {
  private static final int BUFFER_BYTES = 64 << 10;

  /** An action that may fail as output does. */
  @FunctionalInterface
  public interface Flush {
    void run() throws IOException;
  }

  private final InputStream in;
  private final Flush beforeWaiting;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private int lineNumber;

  public ScriptReader(InputStream in, Flush beforeWaiting) {
    this.in = in;
    this.beforeWaiting = beforeWaiting;
  }

  /** The next line without its end, or null behind the last one. */
  public @Nullable String next() throws IOException {
    ByteArrayOutputStream begun = null;
    while (true) {
      if (at == end && !fill()) {
        return begun == null ? null : line(begun.toByteArray(), 0, begun.size());
      }
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      if (at < end) {
        int to = at++;
        if (begun == null) {
          return line(buffer, from, to);
        }
        begun.write(buffer, from, to - from);
        return line(begun.toByteArray(), 0, begun.size());
      }
      if (begun == null) {
        begun = new ByteArrayOutputStream();
      }
      begun.write(buffer, from, at - from);
    }
  }

  private String line(byte[] bytes, int from, int to) {
    lineNumber++;
    int until = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    return new String(bytes, from, until - from, StandardCharsets.ISO_8859_1);
  }

  private boolean fill() throws IOException {
    beforeWaiting.run();
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /** The number of the line read last, from 1. */
  public int lineNumber() {
    return lineNumber;
  }
}
