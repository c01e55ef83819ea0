package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for the simulator and for tests: what a crash takes from it is decided by the
 * test ({@link #afterCrash}).
 *
 * <p>For one thread, unlike what the port allows.
 */
public final class MemoryUpdateStore implements UpdateStore {
  private final TreeMap<Dot, Update> log = new TreeMap<>();
  private final TreeMap<Key, Pair> view = new TreeMap<>();
  private final TreeSet<Overtaking> overtaken = new TreeSet<>();
  private @Nullable MemoryUpdateStore saved;
  private byte @Nullable [] savedState;

  /** An empty store. */
  public MemoryUpdateStore() {}

  private MemoryUpdateStore(MemoryUpdateStore other) {
    log.putAll(other.log);
    view.putAll(other.view);
    overtaken.addAll(other.overtaken);
  }

  /** The store as a crash leaves it: what the last checkpoint held, and nothing else. */
  public MemoryUpdateStore afterCrash() {
    return afterCrash(saved == null ? new MemoryUpdateStore() : saved);
  }

  /** The store as a crash leaves it that happens to have all on its disk that was ever done. */
  public MemoryUpdateStore afterCrashWithAll() {
    return afterCrash(this);
  }

  private MemoryUpdateStore afterCrash(MemoryUpdateStore rows) {
    MemoryUpdateStore left = new MemoryUpdateStore(rows);
    left.saved = saved;
    left.savedState = savedState;
    return left;
  }

  @Override
  public void append(Update update) {
    log.put(update.dot(), update);
  }

  @Override
  public @Nullable Update find(Dot dot) {
    return log.get(dot);
  }

  @Override
  public List<Update> read(Origin origin, long first, long last, int bytesMax) {
    List<Update> updates = new ArrayList<>();
    int bytes = 0;
    for (Update update :
        log.subMap(new Dot(origin, first), true, new Dot(origin, last), true).values()) {
      updates.add(update);
      bytes += update.size();
      if (bytes >= bytesMax) {
        break;
      }
    }
    return updates;
  }

  @Override
  public @Nullable Pair show(Update update) {
    Pair before = view.get(update.key());
    if (before == null || before.isOvertakenBy(update.version(), update.dot())) {
      view.put(
          update.key(), new Pair(update.key(), update.content(), update.version(), update.dot()));
      if (before != null) {
        overtaken.add(new Overtaking(update.dot(), before.dot()));
      }
    } else if (!before.dot().equals(update.dot())) {
      overtaken.add(new Overtaking(before.dot(), update.dot()));
    }
    return before;
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return view.get(key);
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return (after == null ? view : view.tailMap(after, false))
        .values().stream().limit(limit).toList();
  }

  @Override
  public int dropOvertaken(VersionVector through, int limit) {
    List<Overtaking> found = new ArrayList<>();
    through.forEach((origin, last) -> {
      Overtaking from = new Overtaking(new Dot(origin, 1), new Dot(new Origin(0, 0), 1));
      overtaken.tailSet(from).stream()
          .takeWhile(each -> each.awaited().origin().equals(origin))
          .takeWhile(each -> each.awaited().sequence() <= last)
          .limit(Math.max(0, limit - found.size()))
          .forEach(found::add);
    });
    int dropped = 0;
    for (Overtaking each : found) {
      overtaken.remove(each);
      if (through.covers(each.loser())) {
        log.remove(each.loser());
        dropped++;
      } else {
        overtaken.add(each.waitingForLoser());
      }
    }
    return dropped;
  }

  @Override
  public void discard(VersionVector remaining, VersionVector received) {
    received.forEach((origin, last) -> {
      if (last > remaining.get(origin)) {
        Dot first = new Dot(origin, remaining.get(origin) + 1);
        log.subMap(first, true, new Dot(origin, last), true)
            .values()
            .removeIf(update -> !isInView(update));
      }
    });
  }

  private boolean isInView(Update update) {
    Pair pair = view.get(update.key());
    return pair != null && pair.dot().equals(update.dot());
  }

  /** All updates that are kept, overtaken ones too. */
  public Collection<Update> updates() {
    return log.values();
  }

  /** How many updates are kept, overtaken ones too. */
  public int size() {
    return log.size();
  }

  @Override
  public void commit() {}

  @Override
  public void checkpoint(byte[] state) {
    saved = new MemoryUpdateStore(this);
    savedState = state;
  }

  @Override
  public byte @Nullable [] checkpointed() {
    return savedState == null ? null : Objects.requireNonNull(savedState).clone();
  }

  @Override
  public void close() {}
}
