package io.gamut.cli.shell;

import io.gamut.cli.script.ScriptReader;
import java.io.IOException;
import java.io.InputStream;

/** A shell whose lines come through a pipe or from a file. */
public final class PipedLines {
  private final ScriptReader reader;

  public PipedLines(InputStream in) {
    reader = new ScriptReader(in, () -> {});
  }

  /** The number of the line that is done now, from 1: for messages. */
  public int lineNumber() {
    return reader.lineNumber();
  }

  /**
   * Does all lines.
   *
   * @return whether each could be done
   */
  public boolean play(Shell shell) throws IOException {
    boolean done = true;
    for (String line = reader.next(); line != null; line = reader.next()) {
      Shell.Result result = shell.run(line);
      if (result == Shell.Result.END) {
        return done;
      }
      done &= result == Shell.Result.DONE;
    }
    return done;
  }
}
