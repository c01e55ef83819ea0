package io.gamut.client;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the keys, ascending, and where the others begin. Keys that are there from the first page
 * to the last come once. Each page may be had from another server.
 *
 * @param next the key that the next page goes on after; null if this was the last
 */
public record ScanPage(@Nullable Value next, List<Value> keys) {
  public boolean isLast() {
    return next == null;
  }

  static ScanPage of(RespValue reply) {
    if (reply instanceof RespValue.Sequence(List<RespValue> parts)
        && parts.size() == 2
        && parts.get(1) instanceof RespValue.Sequence(List<RespValue> keys)) {
      RespValue next = parts.getFirst();
      return new ScanPage(
          next instanceof RespValue.Null ? null : Command.value(next),
          keys.stream().map(Command::value).toList());
    }
    throw new InvalidDataException("no page of a scan");
  }
}
