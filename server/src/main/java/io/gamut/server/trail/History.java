package io.gamut.server.trail;

import java.util.List;

/**
 * The recent versions of one key.
 *
 * @param sinceMillis when this began to be kept: at the server's start
 * @param traces newest first
 * @param forgotten how many older ones of the key were dropped, as far as is known
 */
public record History(long sinceMillis, List<Trace> traces, long forgotten) {
  public History {
    traces = List.copyOf(traces);
  }
}
