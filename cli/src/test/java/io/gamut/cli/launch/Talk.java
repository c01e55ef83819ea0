package io.gamut.cli.launch;

import java.io.IOException;

/**
 * One client's session, in one protocol. Requests say what they were answered: what was asked for,
 * or an error that begins with its code. An exception means that the connection is gone.
 */
interface Talk extends AutoCloseable {
  /** A number one higher than it was. */
  String increment(String key) throws IOException;

  /** {@code OK}. */
  String write(String key, String value) throws IOException;

  String read(String key) throws IOException;

  /** What continues the session elsewhere. */
  String token() throws IOException;

  @Override
  void close() throws IOException;
}
