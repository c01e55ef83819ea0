package io.gamut.verify.file;

import java.io.IOException;

/** A file that is no history: the message names the line, and what is wrong with it. */
public final class MalformedHistoryException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedHistoryException(long line, String fault) {
    super("line " + line + ": " + fault);
  }
}
