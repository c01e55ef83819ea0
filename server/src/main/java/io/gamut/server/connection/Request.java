package io.gamut.server.connection;

import io.gamut.server.request.Asked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that may begin, once nothing is under way that it may not begin beside.
 *
 * @param gathers of a read that gathers: how it is asked, since only alike ones are read together
 * @param words that the client said, where its protocol keeps a log of them
 */
public record Request(Kind kind, @Nullable Asked gathers, Runnable run, List<byte[]> words) {
  /** One of which no log is kept. */
  public Request(Kind kind, @Nullable Asked gathers, Runnable run) {
    this(kind, gathers, run, List.of());
  }

  /** The same, of which a log is kept. */
  public Request saying(List<byte[]> said) {
    return new Request(kind, gathers, run, said);
  }
}
