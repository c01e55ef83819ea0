package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.Version;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What a client has queued since {@code MULTI}, and what it watches. */
final class Multi {
  static final int NO_TRANSACTION = -1;
  private static final int PLANS_MAX = 1 << 16;
  private static final int BYTES_MAX = 12 << 20;
  private static final int WATCHED_MAX = 10_000;

  private final List<Plan> queued = new ArrayList<>();
  private final Map<Key, Optional<Version>> watched = new LinkedHashMap<>();
  private final IntConsumer onQueued;
  private boolean isOpen;
  private boolean isBroken;
  private long bytes;
  private long watchedBytes;

  /**
   * @param onQueued is told how many commands are queued, and a negative number where none can be
   */
  Multi(IntConsumer onQueued) {
    this.onQueued = onQueued;
  }

  /** Bytes of what is queued and watched, roughly. */
  long heldBytes() {
    return bytes + watchedBytes;
  }

  boolean isOpen() {
    return isOpen;
  }

  void begin() {
    isOpen = true;
    onQueued.accept(0);
  }

  /** Forgets what was queued and watched. */
  void end() {
    isOpen = false;
    isBroken = false;
    bytes = 0;
    queued.clear();
    unwatch();
    onQueued.accept(NO_TRANSACTION);
  }

  /** A command could not be queued: nothing will be done. */
  void onRefused() {
    isBroken = isOpen;
  }

  boolean isBroken() {
    return isBroken;
  }

  void queue(Plan plan) {
    for (Minitransaction step : steps(plan)) {
      bytes += step.size();
    }
    if (queued.size() >= PLANS_MAX || bytes > BYTES_MAX) {
      throw new InvalidDataException(
          "a transaction has at most " + PLANS_MAX + " commands and " + BYTES_MAX + " bytes");
    }
    queued.add(plan);
    onQueued.accept(queued.size());
  }

  // Watching

  void watch(List<Key> keys, List<Found> found) {
    for (int i = 0; i < keys.size(); i++) {
      Found one = found.get(i);
      boolean hasValue = one.value() != null;
      Version version = hasValue ? one.version() : null;
      if (watched.putIfAbsent(keys.get(i), Optional.ofNullable(version)) == null) {
        watchedBytes += Condition.OVERHEAD_BYTES + keys.get(i).bytes().length;
      }
    }
  }

  void requireRoomToWatch(int more) {
    if (watched.size() + more > WATCHED_MAX) {
      throw new InvalidDataException("at most " + WATCHED_MAX + " keys are watched");
    }
  }

  void unwatch() {
    watched.clear();
    watchedBytes = 0;
  }

  /**
   * What must be as it was. A key that had no value must have none; that it had one in between is
   * of no account, since nothing was seen of it.
   */
  List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    watched.forEach((key, version) -> {
      if (version.isEmpty()) {
        conditions.add(new Condition.Absent(key));
      } else {
        conditions.add(new Condition.VersionIs(key, version.get()));
        conditions.add(new Condition.Present(key));
      }
    });
    return conditions;
  }

  // Steps

  List<Minitransaction> steps() {
    List<Minitransaction> steps = new ArrayList<>();
    queued.forEach(plan -> steps.addAll(steps(plan)));
    return steps;
  }

  private static List<Minitransaction> steps(Plan plan) {
    return switch (plan) {
      case Plan.Look(List<Key> keys, var _) -> {
        List<Change> looks = new ArrayList<>(keys.size());
        keys.forEach(key -> looks.add(new Change.Look(key)));
        yield List.of(new Minitransaction(List.of(), looks, false));
      }
      case Plan.Put(List<Change.Put> puts, var _) ->
          List.of(new Minitransaction(List.of(), List.copyOf(puts), false));
      case Plan.Modify(List<Minitransaction> steps, var _) -> steps;
      case Plan.Say _ -> List.of();
      case Plan.Clear _ ->
          throw new InvalidDataException("FLUSHALL is not possible in a transaction");
    };
  }

  /**
   * Answers all that was queued.
   *
   * @param tellsVersions whether each answer has the versions of its keys before it, as an
   *     attribute
   */
  static void report(
      List<Plan> plans, List<OperationResult> results, boolean tellsVersions, ReplyWriter writer) {
    writer.array(plans.size());
    int begin = 0;
    for (Plan plan : plans) {
      int end = begin + steps(plan).size();
      List<OperationResult> own = results.subList(begin, end);
      if (tellsVersions) {
        writeVersions(own, writer);
      }
      report(plan, own, writer);
      begin = end;
    }
  }

  /** Of what was read or written, in order; null where a key was never written. */
  private static void writeVersions(List<OperationResult> results, ReplyWriter writer) {
    List<@Nullable Version> versions = new ArrayList<>();
    for (OperationResult result : results) {
      switch (result) {
        case Changed(List<ChangeResult> changes) ->
            changes.forEach(change -> versions.add(change.version()));
        case OperationResult.Unmet(var _, Version found) -> versions.add(found);
        case OperationResult.Failed _,
            OperationResult.Transacted _,
            OperationResult.Cleared _,
            OperationResult.Withdrawn _ -> {}
      }
    }
    if (!versions.isEmpty()) {
      writer.attribute(1);
      writer.simple("versions");
      writer.array(versions.size());
      versions.forEach(version -> ReceiptWriter.version(version, writer));
    }
  }

  private static void report(Plan plan, List<OperationResult> results, ReplyWriter writer) {
    switch (plan) {
      case Plan.Say(var reply) -> reply.accept(writer);
      case Plan.Modify(var _, var report) -> report.accept(results, writer);
      case Plan.Look(var _, var report) ->
          orProblem(
              results.getFirst(),
              changes -> report.accept(changes.stream().map(Found::of).toList(), writer),
              writer);
      case Plan.Put(var _, var report) ->
          orProblem(results.getFirst(), changes -> report.accept(changes, writer), writer);
      case Plan.Clear _ -> throw new IllegalStateException();
    }
  }

  private static void orProblem(
      OperationResult result, Consumer<List<ChangeResult>> then, ReplyWriter writer) {
    switch (result) {
      case Changed(List<ChangeResult> changes) -> then.accept(changes);
      case OperationResult.Failed(var problem) -> writer.error(problem.error(), problem.words());
      case OperationResult.Unmet _,
          OperationResult.Transacted _,
          OperationResult.Cleared _,
          OperationResult.Withdrawn _ ->
          throw new IllegalStateException(result.toString());
    }
  }

  List<Plan> queued() {
    return List.copyOf(queued);
  }
}
