package io.gamut.server.request;

import org.jspecify.annotations.Nullable;

/**
 * What has come of the last of a connection's requests, in their order: what has come of each may
 * become known in another.
 */
public final class Latest<T> {
  private long number;
  private @Nullable T value;

  /**
   * Takes what has come of a request, unless a later one's is there.
   *
   * @param of the request: {@link Asked#number}
   */
  public void offer(long of, T what) {
    if (of > number) {
      number = of;
      value = what;
    }
  }

  /** Null before the first. */
  public @Nullable T get() {
    return value;
  }

  /** Forgets it; what comes of earlier requests is of no account any more. */
  public void forget() {
    value = null;
  }
}
