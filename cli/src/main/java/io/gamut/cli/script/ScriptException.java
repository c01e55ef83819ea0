package io.gamut.cli.script;

/** A line that means nothing, or that cannot be done now. The run goes on behind it. */
public final class ScriptException extends Exception {
  private static final long serialVersionUID = 1L;

  public ScriptException(String message) {
    super(message);
  }

  public ScriptException(String message, Throwable cause) {
    super(message, cause);
  }
}
