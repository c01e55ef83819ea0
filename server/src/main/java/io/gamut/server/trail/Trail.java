package io.gamut.server.trail;

import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.replication.committed.Row;
import io.gamut.replication.message.Update;
import io.gamut.server.trail.Trace.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The recent versions of each key, and when each came to be seen here: in memory, since this
 * server's start.
 *
 * <p><b>Bounds.</b> A key keeps its {@value #VERSIONS_MAX} greatest versions, all keys together
 * {@value #STEPS_MAX} and about {@value #BYTES_MAX} bytes; beyond that the key that was written or
 * asked for least recently is forgotten. Of a value only the beginning is kept, so a write costs a
 * few small objects here, and no look into a store.
 *
 * <p><b>Whether a version was written weakly or strongly</b> is known of what is shown as an
 * update. What is committed without having been shown tells by its stamper: the ledger itself, or a
 * proposer of which batches were applied, which is asked once those that were just applied count.
 *
 * <p>Thread rules: one thread, the replica's. What is told before {@link #begin} is what the disk
 * remembers, and not kept: when it was seen is not known any more.
 */
public final class Trail {
  static final int VERSIONS_MAX = 16;
  static final int STEPS_MAX = 65_536;
  static final long BYTES_MAX = 32L << 20;

  /** Bytes of memory of a key that is kept, beside itself and its versions. */
  private static final int KEY_BYTES = 160;

  private final LongSupplier clock;

  /** The key that was written or asked for least recently first. */
  private final LinkedHashMap<Key, Steps> byKey = new LinkedHashMap<>(16, 0.75f, true);

  private final List<Step> applied = new ArrayList<>();
  private Predicate<Origin> isProposer = _ -> false;
  private @Nullable Step cleared;
  private boolean isBegun;
  private long sinceMillis;
  private int steps;
  private long bytes;

  /** The versions of one key, ascending. */
  private static final class Steps {
    final List<Step> steps = new ArrayList<>(2);
    private @Nullable Version forgottenThrough;
    long forgotten;

    @Nullable Step find(Version version) {
      for (int place = steps.size() - 1; place >= 0; place--) {
        int order = steps.get(place).version.compareTo(version);
        if (order <= 0) {
          return order == 0 ? steps.get(place) : null;
        }
      }
      return null;
    }

    void add(Step step) {
      int place = steps.size();
      while (place > 0 && steps.get(place - 1).version.isAfter(step.version)) {
        place--;
      }
      steps.add(place, step);
    }

    Step forgetFirst() {
      Step first = steps.removeFirst();
      forgottenThrough = first.version;
      forgotten++;
      return first;
    }

    /** Whether it was forgotten, or came too late to be kept: shown before it is committed. */
    boolean isForgotten(Version version) {
      return forgottenThrough != null && !version.isAfter(forgottenThrough);
    }
  }

  /**
   * @param clock the wall clock, in milliseconds since 1970
   */
  public Trail(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Keeps what is told from now on.
   *
   * @param proposers whether batches of a proposer with this stamper were applied
   */
  public void begin(Predicate<Origin> proposers) {
    isProposer = proposers;
    sinceMillis = clock.getAsLong();
    isBegun = true;
  }

  /** A weak write is shown here. */
  void onShown(Update update) {
    if (!isBegun) {
      return;
    }
    Steps of = touched(update.key());
    if (of.isForgotten(update.version())) {
      return;
    }
    Step known = of.find(update.version());
    if (known == null) {
      add(of, Step.ofShown(update, clock.getAsLong()));
    } else {
      known.onShown(update);
    }
  }

  /** A version has become a key's committed one, for readers as of {@link #onCommit}. */
  void onApplied(Key key, Row row) {
    if (!isBegun) {
      return;
    }
    Steps of = touched(key);
    if (of.isForgotten(row.version())) {
      return;
    }
    Step step = of.find(row.version());
    if (step == null) {
      step = Step.ofCommitted(row.version(), row.content());
      add(of, step);
    }
    applied.add(step);
  }

  /** All keys were deleted. */
  void onCleared(Version version) {
    if (isBegun) {
      cleared = Step.ofClear(version, clock.getAsLong());
    }
  }

  /** What was applied since the last time is committed. */
  void onCommit() {
    if (applied.isEmpty()) {
      return;
    }
    long now = clock.getAsLong();
    for (Step step : applied) {
      step.onCommitted(kind(step), now);
    }
    applied.clear();
  }

  private Kind kind(Step step) {
    Origin stamper = step.version.stamper();
    boolean isStrong =
        !step.isKnownAsWeak() && (stamper.equals(Version.LEDGER) || isProposer.test(stamper));
    return isStrong ? Kind.STRONG : Kind.WEAK;
  }

  /** The versions of a key, which is now the one that was written last. */
  private Steps touched(Key key) {
    Steps known = byKey.get(key);
    if (known == null) {
      known = new Steps();
      bytes += KEY_BYTES + key.length();
      byKey.put(key, known);
    }
    return known;
  }

  private void add(Steps of, Step step) {
    of.add(step);
    count(step, 1);
    if (of.steps.size() > VERSIONS_MAX) {
      count(of.forgetFirst(), -1);
    }
    while ((steps > STEPS_MAX || bytes > BYTES_MAX) && byKey.size() > 1) {
      Map.Entry<Key, Steps> eldest = Objects.requireNonNull(byKey.pollFirstEntry());
      bytes -= KEY_BYTES + eldest.getKey().length();
      eldest.getValue().steps.forEach(each -> count(each, -1));
    }
  }

  private void count(Step step, int sign) {
    steps += sign;
    bytes += sign * (long) step.bytes();
  }

  /**
   * The recent versions of a key.
   *
   * @param count how many at most
   */
  public History history(Key key, int count, Past past) {
    Steps kept = byKey.get(key);
    Steps known = kept == null ? new Steps() : kept;
    List<Step> all = new ArrayList<>(known.steps);
    Step clear = cleared;
    if (clear != null) {
      all.add(clear);
      all.sort((one, other) -> one.version.compareTo(other.version));
    }
    List<Trace> newest =
        all.reversed().stream().limit(count).map(step -> step.trace(past)).toList();
    return new History(sinceMillis, newest, known.forgotten);
  }

  int steps() {
    return steps;
  }

  int keys() {
    return byKey.size();
  }

  long bytes() {
    return bytes;
  }
}
