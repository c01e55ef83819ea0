package io.gamut.client;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.util.List;

/**
 * Some of the keys, and where the others begin. Keys that are there from the first page to the last
 * come at least once.
 *
 * @param cursor for the next page; {@link #BEGINNING} if this was the last
 */
public record ScanPage(String cursor, List<Value> keys) {
  public static final String BEGINNING = "0";

  public boolean isLast() {
    return cursor.equals(BEGINNING);
  }

  static ScanPage of(RespValue reply) {
    if (reply instanceof RespValue.Sequence(List<RespValue> parts)
        && parts.size() == 2
        && parts.get(1) instanceof RespValue.Sequence(List<RespValue> keys)) {
      return new ScanPage(parts.getFirst().toString(), keys.stream().map(Command::value).toList());
    }
    throw new InvalidDataException("no page of a scan");
  }
}
