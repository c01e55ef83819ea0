package io.gamut.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Writes a lab script, and counts its commands. The same seed writes the same bytes.
 *
 * <p>Puts and gets come from the given clients in turn; keys are drawn from a fixed number, so that
 * values are overwritten and gets find something.
 */
final class ScriptWriter {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int TEXT_BYTES = 64 << 10;

  private final OutputStream out;
  private final SplittableRandom random;
  private final String text;
  private final int keys;
  private int commands;

  ScriptWriter(OutputStream out, long seed, int keys) {
    this.out = out;
    this.random = new SplittableRandom(seed);
    this.keys = keys;
    StringBuilder letters = new StringBuilder(TEXT_BYTES);
    for (int i = 0; i < TEXT_BYTES; i++) {
      letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    this.text = letters.toString();
  }

  int commands() {
    return commands;
  }

  void comment(String comment) throws IOException {
    line("# " + comment);
  }

  void command(String name, Object... arguments) throws IOException {
    StringBuilder line = new StringBuilder(name);
    for (Object argument : arguments) {
      line.append(' ').append(argument);
    }
    line(line.toString());
    commands++;
  }

  private void line(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.US_ASCII));
    out.write('\n');
  }

  /** A put by a client; the value is as long as drawn. */
  void put(int client, int bytesLeast, int bytesMost) throws IOException {
    int length = random.nextInt(bytesLeast, bytesMost + 1);
    int from = random.nextInt(text.length() - length);
    command("put", client, key(), text.substring(from, from + length));
  }

  void get(int client) throws IOException {
    command("get", client, key());
  }

  /** So many commands: a put and a get in turn, each by the next of the clients. */
  void putsAndGets(int count, int... clients) throws IOException {
    for (int i = 0; i < count; i++) {
      int client = clients[i / 2 % clients.length];
      if (i % 2 == 0) {
        put(client, 8, 32);
      } else {
        get(client);
      }
    }
  }

  private String key() {
    return "key" + random.nextInt(keys);
  }
}
