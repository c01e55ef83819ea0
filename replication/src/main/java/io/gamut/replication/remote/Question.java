package io.gamut.replication.remote;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongInput.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server is asked on behalf of another node's client. */
public sealed interface Question {
  /** How many milliseconds it may wait for what it needs. */
  int waitMillis();

  /** The same, of which so much time is left. */
  Question waiting(int millis);

  /** About how many bytes it holds. */
  default int size() {
    return 100;
  }

  /** What of the weak world another server can be asked; null for what it cannot. */
  static @Nullable Weak of(Input input, long nowNanos) {
    return switch (input) {
      case Input.Read read ->
          new Read(read.key(), read.requirement(), left(read.deadlineNanos(), nowNanos));
      case Input.Write write ->
          new Write(
              write.key(),
              write.content(),
              write.dependencies(),
              write.index(),
              write.sessionLatest(),
              write.stamp(),
              left(write.deadlineNanos(), nowNanos));
      default -> null;
    };
  }

  /** What of the strong world another server can be asked; null for what it cannot. */
  static @Nullable Strong of(StrongInput input, long nowNanos) {
    return switch (input) {
      case StrongInput.Read read ->
          new Committed(read.wanted(), read.freshness(), left(read.deadlineNanos(), nowNanos));
      case StrongInput.Remove remove ->
          new Remove(remove.node(), left(remove.deadlineNanos(), nowNanos));
      default -> null;
    };
  }

  private static int left(long deadlineNanos, long nowNanos) {
    return Math.clamp((deadlineNanos - nowNanos) / 1_000_000, 0, Limits.WAIT_MILLIS_MAX);
  }

  /** What the weak world answers. */
  sealed interface Weak extends Question {
    /** The same, asked of a replica. */
    Input input(long request, long deadlineNanos);
  }

  /** A weak read. */
  record Read(Key key, Requirement requirement, int waitMillis) implements Weak {
    @Override
    public Read waiting(int millis) {
      return new Read(key, requirement, millis);
    }

    @Override
    public Input input(long request, long deadlineNanos) {
      return new Input.Read(request, key, requirement, deadlineNanos);
    }
  }

  /**
   * A weak write.
   *
   * @param dependencies what must be visible first and will be carried along
   * @param index how far the ledger must be applied first
   * @param sessionLatest the greatest timestamp its session has met
   * @param stamp its version, so that it can be asked of another server too; null for a write that
   *     is stamped where it is answered
   */
  record Write(
      Key key,
      Content content,
      VersionVector dependencies,
      long index,
      long sessionLatest,
      @Nullable Version stamp,
      int waitMillis)
      implements Weak {
    @Override
    public Write waiting(int millis) {
      return new Write(key, content, dependencies, index, sessionLatest, stamp, millis);
    }

    /** The same with another version, or none. */
    public Write stamped(@Nullable Version version) {
      return new Write(key, content, dependencies, index, sessionLatest, version, waitMillis);
    }

    @Override
    public int size() {
      return 200 + key.length() + content.size();
    }

    @Override
    public Input input(long request, long deadlineNanos) {
      return new Input.Write(
          request, key, content, dependencies, index, sessionLatest, stamp, deadlineNanos);
    }
  }

  /** What the strong world answers. */
  sealed interface Strong extends Question {
    /** The same, asked of a replica. */
    StrongInput input(long request, long deadlineNanos);
  }

  /** A read of committed state, of all keys at one moment. */
  record Committed(List<Wanted> wanted, Freshness freshness, int waitMillis) implements Strong {
    @Override
    public Committed waiting(int millis) {
      return new Committed(wanted, freshness, millis);
    }

    @Override
    public int size() {
      return 100 * wanted.size();
    }

    @Override
    public StrongInput input(long request, long deadlineNanos) {
      return new StrongInput.Read(request, wanted, freshness, deadlineNanos);
    }
  }

  /** An operator wants a server removed. */
  record Remove(NodeId node, int waitMillis) implements Strong {
    @Override
    public Remove waiting(int millis) {
      return new Remove(node, millis);
    }

    @Override
    public StrongInput input(long request, long deadlineNanos) {
      return new StrongInput.Remove(request, node, deadlineNanos);
    }
  }

  /**
   * Pairs with keys after another, ascending, tombstones too.
   *
   * @param after null for the first ones
   * @param hasValues whether values are wanted; else they come empty
   * @param requirement what must be there first
   * @param freshness how old the committed state may be that is listed; null for the view
   */
  record Listing(
      @Nullable Key after,
      int limit,
      boolean hasValues,
      Requirement requirement,
      @Nullable Freshness freshness,
      int waitMillis)
      implements Question {
    public static final int LIMIT_MAX = 10_000;

    /** Stands for all keys where one must be named. */
    public static final Key ANY = Key.of("*");

    @Override
    public Listing waiting(int millis) {
      return new Listing(after, limit, hasValues, requirement, freshness, millis);
    }

    /** What must have been answered before the pairs are looked up. */
    public Question first() {
      return freshness == null
          ? new Read(ANY, requirement, waitMillis)
          : new Committed(List.of(new Wanted(ANY, requirement)), freshness, waitMillis);
    }
  }

  /**
   * What a server holds of a key just now, and how it stands: of itself, member or not, and never
   * of another. So nothing is waited for.
   */
  record Look(Key key) implements Question {
    @Override
    public int waitMillis() {
      return 0;
    }

    @Override
    public Look waiting(int millis) {
      return this;
    }
  }
}
