package io.gamut.verify.file;

import io.gamut.verify.history.History;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A history, and what its file says beside it.
 *
 * @param about free words, such as the seed and the command line of the run
 * @param processes the clients by session, as far as they have names
 * @param notes what was left out when it was read, for people; empty if nothing was
 */
public record Recording(
    History history,
    Map<String, String> about,
    Map<Integer, String> processes,
    List<String> notes) {
  public Recording {
    about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
    processes = Collections.unmodifiableMap(new TreeMap<>(processes));
    notes = List.copyOf(notes);
  }
}
