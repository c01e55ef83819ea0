package io.gamut.server.trail;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Version;
import io.gamut.replication.message.Update;
import io.gamut.replication.remote.Glimpse;
import io.gamut.server.trail.Trace.Kind;
import io.gamut.server.trail.Trace.State;
import org.jspecify.annotations.Nullable;

/** One version of a key, while it is kept. For one thread. */
final class Step {
  /** Bytes of memory beside the beginning of the value: the objects, and the place in a list. */
  private static final int OVERHEAD_BYTES = 160;

  final Version version;
  final long shownMillis;
  private final Content content;
  private final int length;
  private final boolean ofAllKeys;
  private @Nullable Dot dot;
  private @Nullable Consistency level;
  private Kind kind;
  private long committedMillis;

  private Step(Version version, Content content, boolean ofAllKeys, Kind kind, long shownMillis) {
    this.version = version;
    this.content = Glimpse.cut(content);
    this.length = content.size();
    this.ofAllKeys = ofAllKeys;
    this.kind = kind;
    this.shownMillis = shownMillis;
  }

  static Step ofShown(Update update, long millis) {
    Step step = new Step(update.version(), update.content(), false, Kind.WEAK, millis);
    step.onShown(update);
    return step;
  }

  /**
   * Of a version that was committed before anybody could see it here; how it was written is to be
   * found out.
   */
  static Step ofCommitted(Version version, Content content) {
    return new Step(version, content, false, Kind.WEAK, 0);
  }

  static Step ofClear(Version version, long millis) {
    Step step = new Step(version, Content.Tombstone.TOMBSTONE, true, Kind.STRONG, millis);
    step.committedMillis = millis;
    return step;
  }

  /** It was met as a weak write. One that names its causes was written at a causal level. */
  void onShown(Update update) {
    dot = update.dot();
    boolean hasCauses = !update.dependencies().isEmpty() || update.index() > 0;
    level = hasCauses ? Consistency.CAUSAL : null;
  }

  void onCommitted(Kind found, long millis) {
    kind = found;
    committedMillis = millis;
  }

  boolean isKnownAsWeak() {
    return dot != null;
  }

  int bytes() {
    return OVERHEAD_BYTES + content.size();
  }

  Trace trace(Past past) {
    return new Trace(
        version,
        dot,
        kind,
        level,
        state(past),
        content,
        length,
        ofAllKeys,
        shownMillis == 0 ? committedMillis : shownMillis,
        committedMillis);
  }

  private State state(Past past) {
    if (committedMillis != 0 || version.equals(past.committed())) {
      return State.COMMITTED;
    }
    Dot name = dot;
    return name != null && past.absorbed().covers(name) ? State.OVERTAKEN : State.TENTATIVE;
  }
}
