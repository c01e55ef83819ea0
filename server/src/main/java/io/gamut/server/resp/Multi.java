package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a client has queued since {@code MULTI}, and what it watches. */
final class Multi {
  private static final int PLANS_MAX = 1 << 16;
  private static final int BYTES_MAX = 12 << 20;
  private static final int WATCHED_MAX = 10_000;

  private final List<Plan> queued = new ArrayList<>();
  private final Map<Key, Found> watched = new LinkedHashMap<>();
  private boolean isOpen;
  private boolean isBroken;
  private long bytes;

  boolean isOpen() {
    return isOpen;
  }

  void begin() {
    isOpen = true;
  }

  /** Forgets what was queued and watched. */
  void end() {
    isOpen = false;
    isBroken = false;
    bytes = 0;
    queued.clear();
    watched.clear();
  }

  /** A command could not be queued: nothing will be done. */
  void onRefused() {
    isBroken = isOpen;
  }

  boolean isBroken() {
    return isBroken;
  }

  void queue(Plan plan) {
    List<Minitransaction> steps = steps(plan);
    for (Minitransaction step : steps) {
      bytes += step.size();
    }
    if (queued.size() >= PLANS_MAX || bytes > BYTES_MAX) {
      throw new InvalidDataException(
          "a transaction has at most " + PLANS_MAX + " commands and " + BYTES_MAX + " bytes");
    }
    queued.add(plan);
  }

  // Watching

  void watch(List<Key> keys, List<Found> found) {
    for (int i = 0; i < keys.size(); i++) {
      watched.putIfAbsent(keys.get(i), found.get(i));
    }
  }

  void requireRoomToWatch(int more) {
    if (watched.size() + more > WATCHED_MAX) {
      throw new InvalidDataException("at most " + WATCHED_MAX + " keys are watched");
    }
  }

  void unwatch() {
    watched.clear();
  }

  /**
   * What must be as it was. A key that had no value must have none; that it had one in between is
   * of no account, since nothing was seen of it.
   */
  List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    watched.forEach((key, found) -> {
      if (found.value() == null || found.version() == null) {
        conditions.add(new Condition.Absent(key));
      } else {
        conditions.add(new Condition.VersionIs(key, found.version()));
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

  /** Answers all that was queued. */
  static void report(List<Plan> plans, List<OperationResult> results, ReplyWriter writer) {
    writer.array(plans.size());
    int begin = 0;
    for (Plan plan : plans) {
      int end = begin + steps(plan).size();
      report(plan, results.subList(begin, end), writer);
      begin = end;
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
