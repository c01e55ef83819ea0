package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.protocol.resp.RespValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the lab wants of a server's {@code GAMUT STATUS}.
 *
 * @param received which updates it has on its disk, as text: equal texts are equal vectors
 * @param visible which it shows
 * @param settled whether nothing is under way inside it
 * @param antiEntropyBytes sent in answers to those who lacked something, since it was started
 */
record Status(
    String received,
    String visible,
    boolean settled,
    TreeSet<Integer> neighbours,
    long antiEntropyBytes) {
  static Status of(RespValue reply) throws ScriptException {
    if (!(reply instanceof RespValue.Sequence(List<RespValue> elements))) {
      throw new ScriptException("a server did not tell its status: " + reply);
    }
    Map<String, RespValue> fields = new HashMap<>();
    for (int i = 0; i + 1 < elements.size(); i += 2) {
      fields.put(elements.get(i).toString(), elements.get(i + 1));
    }
    TreeSet<Integer> neighbours = new TreeSet<>();
    if (fields.get("neighbours") instanceof RespValue.Sequence(List<RespValue> ids)) {
      ids.forEach(id -> neighbours.add(Integer.valueOf(id.toString())));
    }
    return new Status(
        String.valueOf(fields.get("received")),
        String.valueOf(fields.get("visible")),
        String.valueOf(fields.get("settled")).equals("1"),
        neighbours,
        fields.get("antiEntropyBytesSent") instanceof RespValue.Whole(long bytes) ? bytes : 0);
  }

  /** Whether both hold and show the same, and neither is busy. */
  boolean agreesWith(Status other) {
    return settled
        && other.settled
        && received.equals(visible)
        && received.equals(other.received)
        && visible.equals(other.visible);
  }
}
