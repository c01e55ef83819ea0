package io.gamut.cli.user;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where passwords come from: never from the command line, which others on the machine can see. */
public final class Passwords {
  private static final int BYTES_MAX = 64 << 10;

  private Passwords() {}

  /** The first line of a file, without its end. */
  public static String ofFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return firstLine(in);
    } catch (IOException e) {
      throw new IOException("cannot read the password in " + file + ": " + e, e);
    }
  }

  /** Asks for a new one twice on the terminal; without one it is a line of standard input. */
  @SuppressWarnings("SystemConsoleNull") // it is null where standard input is not a terminal
  static String ask(String user) throws IOException {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return firstLine(System.in);
    }
    char[] first = console.readPassword("Password of %s: ", user);
    char[] second = console.readPassword("The same again: ");
    if (first == null || !Arrays.equals(first, second)) {
      throw new IOException("the passwords differ: nothing was changed");
    }
    return new String(first);
  }

  private static String firstLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
      if (line.size() > BYTES_MAX) {
        throw new IOException("a password is a line, and not that long");
      }
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
