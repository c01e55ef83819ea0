package io.gamut.replication.group;

/**
 * This server's disk was given up: the cluster goes on without what only it holds, and will not
 * take it back. The server must stop; nothing on its disk is touched.
 */
public final class RemovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RemovedException(String message) {
    super(message);
  }
}
