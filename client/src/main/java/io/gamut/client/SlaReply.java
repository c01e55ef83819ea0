package io.gamut.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was had of an {@link Sla}.
 *
 * @param outcome the answer, or of the last alternative that was tried why there is none
 * @param rank of the alternative that was had, 0 for the best; -1 if none was
 * @param level that was had; null if none was
 * @param elapsed from the call to its end, with all that was tried
 */
public record SlaReply<T>(Outcome<T> outcome, int rank, @Nullable Level level, Duration elapsed) {
  public static final int NONE = -1;

  /** The value; throws {@link RequestFailedException} if no alternative could be had. */
  public T orElseThrow() {
    return outcome.orElseThrow();
  }
}
