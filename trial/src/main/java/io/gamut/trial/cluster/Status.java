package io.gamut.trial.cluster;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a server says in {@code GAMUT STATUS}, as far as those want it who work on a cluster.
 *
 * @param node its id
 * @param received which updates it has on its disk, as text: equal texts are equal vectors
 * @param visible which it shows
 * @param settled whether nothing is under way inside it
 * @param applied how far the ledger was applied
 * @param absorbed which updates it has absorbed, as text
 * @param leader whom it takes for the ledger's leader, or {@link #NOBODY}
 * @param voters of the ledger, as it knows them
 * @param antiEntropyBytes sent in answers to those who lacked something, since it was started
 */
public record Status(
    int node,
    String received,
    String visible,
    boolean settled,
    TreeSet<Integer> neighbours,
    long applied,
    String absorbed,
    int leader,
    long term,
    TreeSet<Integer> voters,
    long antiEntropyBytes) {
  public static final int NOBODY = -1;

  /** Throws {@link InvalidDataException} if it is no status. */
  public static Status of(RespValue reply) {
    if (!(reply instanceof RespValue.Sequence(List<RespValue> elements))) {
      throw new InvalidDataException("a server did not tell its status: " + reply);
    }
    Map<String, RespValue> fields = fields(elements);
    Map<String, RespValue> ledger =
        fields.get("ledger") instanceof RespValue.Sequence(List<RespValue> parts)
            ? fields(parts)
            : Map.of();
    return new Status(
        (int) number(fields.get("node"), NOBODY),
        String.valueOf(fields.get("received")),
        String.valueOf(fields.get("visible")),
        String.valueOf(fields.get("settled")).equals("1"),
        ids(fields.get("neighbours")),
        number(ledger.get("applied"), 0),
        String.valueOf(ledger.get("absorbed")),
        (int) number(ledger.get("leader"), NOBODY),
        number(ledger.get("term"), 0),
        ids(ledger.get("voters")),
        number(fields.get("antiEntropyBytesSent"), 0));
  }

  private static Map<String, RespValue> fields(List<RespValue> elements) {
    Map<String, RespValue> fields = new HashMap<>();
    for (int i = 0; i + 1 < elements.size(); i += 2) {
      fields.put(elements.get(i).toString(), elements.get(i + 1));
    }
    return fields;
  }

  private static TreeSet<Integer> ids(@Nullable RespValue value) {
    TreeSet<Integer> ids = new TreeSet<>();
    if (value instanceof RespValue.Sequence(List<RespValue> elements)) {
      elements.forEach(id -> ids.add(Integer.valueOf(id.toString())));
    }
    return ids;
  }

  private static long number(@Nullable RespValue value, long otherwise) {
    return value instanceof RespValue.Whole(long number) ? number : otherwise;
  }

  /** Whether both hold and show the same, and neither is busy, nor the ledger if it is led. */
  public boolean agreesWith(Status other) {
    return settled
        && other.settled
        && applied == other.applied
        && (leader == NOBODY || absorbed.equals(received))
        && received.equals(visible)
        && received.equals(other.received)
        && visible.equals(other.visible);
  }
}
