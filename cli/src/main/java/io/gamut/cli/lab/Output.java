package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptText;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What the script asked to print, and the last line of it.
 *
 * <p>Buffered: whoever reads along sees it when it is flushed.
 */
final class Output {
  private static final byte[] NOTHING = {};
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int length;
  private byte[] lastKey = NOTHING;
  private byte[] lastValue = NOTHING;
  private boolean lastIsPair;

  Output(OutputStream out) {
    this.out = out;
  }

  void pair(byte[] key, byte[] value) throws IOException {
    write(key);
    write(':');
    write(value);
    write('\n');
    lastKey = key;
    lastValue = value;
    lastIsPair = true;
  }

  void line(String text) throws IOException {
    byte[] line = ScriptText.bytes(text);
    write(line);
    write('\n');
    lastKey = line;
    lastIsPair = false;
  }

  /** The last line printed, without its end. */
  String lastLine() {
    String key = ScriptText.of(lastKey);
    return lastIsPair ? key + ":" + ScriptText.of(lastValue) : key;
  }

  private void write(char c) throws IOException {
    if (length == buffer.length) {
      drain();
    }
    buffer[length++] = (byte) c;
  }

  private void write(byte[] bytes) throws IOException {
    if (bytes.length > buffer.length - length) {
      drain();
      if (bytes.length > buffer.length) {
        out.write(bytes);
        return;
      }
    }
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void drain() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  void flush() throws IOException {
    drain();
    out.flush();
  }
}
