package io.gamut.server.explain;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.replication.remote.Glimpse;
import org.jspecify.annotations.Nullable;

/**
 * What a read at one level would return now, and at what price.
 *
 * @param words the price for people
 * @param millisMax how long it may take at most until it is answered or refused; null if nothing
 *     bounds it
 * @param answer null where it is not known yet what would be returned
 */
public record Forecast(
    Consistency level,
    Price price,
    String words,
    @Nullable Integer millisMax,
    @Nullable Expected answer) {
  /** What a read costs. */
  public enum Price {
    AT_ONCE("at once"),
    WAIT("wait"),
    ROUND("round"),
    PASSED("passed on"),
    REFUSED("refused");

    private final String text;

    Price(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * An answer.
   *
   * @param server whose state it is
   * @param glimpse null where the key was never written
   * @param hasValue whether there is a value: it is no tombstone, and not over
   */
  public record Expected(NodeId server, @Nullable Glimpse glimpse, boolean hasValue) {}
}
