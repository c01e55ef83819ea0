package io.gamut.cli.data;

import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.client.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a data command works with: a cluster, and where it reads and prints. By itself it has a
 * connection of its own and the standard streams; a shell lends it what it holds.
 */
public interface Surroundings {
  /** Does something with a cluster. */
  @FunctionalInterface
  interface Work {
    int run(Handle cluster, Session session) throws Exception;
  }

  /** Lets a command work as its options say. */
  int with(ClientOptions options, Work work) throws Exception;

  /** The bytes that a word of the command line stands for. */
  byte[] bytes(String word);

  /** What a value is read from that no word holds. */
  InputStream in() throws IOException;

  /** For results, and nothing else. */
  OutputStream out();

  /** Whether each raw value is printed with the end of a line behind it. */
  boolean endsLines();

  /** Says what does not belong to the result. */
  void say(String command, String words);

  /** Is told what became of each request. */
  void onOutcome(Outcome<?> outcome);

  /** How the session's last request on data was answered, in a line; null where nobody knows. */
  default @Nullable String lastAnswer() {
    return null;
  }
}
