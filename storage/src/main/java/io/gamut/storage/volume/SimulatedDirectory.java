package io.gamut.storage.volume;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names of a simulated volume: as they are, as last synced, and the changes in between.
 *
 * <p>At a crash each file keeps a prefix of its own changes; changes to different files are lost or
 * kept independently, as file systems are free to do (Pillai et al., "All File Systems Are Not
 * Created Equal", OSDI 2014).
 */
final class SimulatedDirectory {
  /** One change: the file gets a name, loses one, or both at once. */
  private record Change(long file, String from, String to) {}

  private static final String NO_NAME = "";

  private final TreeMap<String, Long> current;
  private TreeMap<String, Long> durable;
  private final List<Change> unsynced;

  SimulatedDirectory() {
    current = new TreeMap<>();
    durable = new TreeMap<>();
    unsynced = new ArrayList<>();
  }

  SimulatedDirectory(SimulatedDirectory other) {
    current = new TreeMap<>(other.current);
    durable = new TreeMap<>(other.durable);
    unsynced = new ArrayList<>(other.unsynced);
  }

  Map<String, Long> names() {
    return current;
  }

  void add(String name, long file) {
    change(new Change(file, NO_NAME, name));
  }

  void rename(String from, String to, long file) {
    change(new Change(file, from, to));
  }

  void remove(String name, long file) {
    change(new Change(file, name, NO_NAME));
  }

  private void change(Change change) {
    apply(change, current);
    unsynced.add(change);
  }

  void sync() {
    durable = new TreeMap<>(current);
    unsynced.clear();
  }

  void crash(CrashChooser chooser) {
    Set<Long> stopped = new HashSet<>();
    for (Change change : unsynced) {
      if (!stopped.contains(change.file()) && chooser.choose(2) == 0) {
        stopped.add(change.file());
      }
      if (!stopped.contains(change.file())) {
        apply(change, durable);
      }
    }
    unsynced.clear();
    current.clear();
    current.putAll(durable);
  }

  /** The files that a name leads to now or could lead to after a crash. */
  Set<Long> reachable() {
    Set<Long> files = new HashSet<>(current.values());
    files.addAll(durable.values());
    unsynced.forEach(change -> files.add(change.file()));
    return files;
  }

  private static void apply(Change change, Map<String, Long> names) {
    names.remove(change.from(), change.file());
    if (!change.to().equals(NO_NAME)) {
      names.put(change.to(), change.file());
    }
  }
}
