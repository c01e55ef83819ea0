package io.gamut.replication;

import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds requests back until the view satisfies what their sessions depend on, up to each request's
 * deadline.
 *
 * <p>The number of those that wait is bounded; a request too many is refused as {@code BUSY}.
 */
final class ReadGate {
  private static final int WAITING_MAX = 10_000;

  private final View view;
  private final LedgerProgress ledger;
  private List<Waiting> waiting = new ArrayList<>();

  /** A request, with what it needs. Of a write, {@code write} is done once it is satisfied. */
  private record Waiting(
      long request,
      Key key,
      Requirement requirement,
      long deadlineNanos,
      Input.@Nullable Write write) {}

  /** What is done with a write whose dependencies are visible. */
  interface Writes {
    void execute(Input.Write write, Now now, Effects effects);
  }

  ReadGate(View view, LedgerProgress ledger) {
    this.view = view;
    this.ledger = ledger;
  }

  /** Whether a request for {@code key} may be served from the view as it is. */
  boolean isOpen(Key key, Requirement requirement, VersionVector visible) {
    if (requirement.isNone()) {
      return true;
    }
    Pair pair = requirement.seen() == null ? null : view.lookup(key);
    return requirement.isSatisfiedBy(
        ledger.with(visible), ledger.applied(), pair == null ? null : pair.version());
  }

  void hold(Input.Read read, Now now, Effects effects) {
    Reply refusal =
        hold(
            new Waiting(read.request(), read.key(), read.requirement(), read.deadlineNanos(), null),
            now);
    if (refusal != null) {
      effects.reply(read.request(), refusal);
    }
  }

  void hold(Input.Write write, Now now, Effects effects) {
    Requirement requirement = new Requirement(write.dependencies(), write.index(), null);
    Reply refusal =
        hold(
            new Waiting(write.request(), write.key(), requirement, write.deadlineNanos(), write),
            now);
    if (refusal != null) {
      effects.reply(write.request(), refusal);
    }
  }

  private @Nullable Reply hold(Waiting request, Now now) {
    if (isLost(request)) {
      return lost();
    }
    if (request.deadlineNanos - now.nanos() <= 0) {
      return missing(request);
    }
    if (waiting.size() >= WAITING_MAX) {
      return new Reply.Failed(
          ErrorCode.BUSY, "more than " + WAITING_MAX + " requests wait for their dependencies");
    }
    waiting.add(request);
    return null;
  }

  private boolean isLost(Waiting request) {
    Pair pair = request.requirement.seen() == null ? null : view.lookup(request.key);
    return request.requirement.isLost(ledger.lost().ends(), pair == null ? null : pair.version());
  }

  private static Reply lost() {
    return new Reply.Failed(ErrorCode.ERR_LOST, Problem.LOST.words());
  }

  private Reply missing(Waiting request) {
    if (request.write != null && !ledger.isAdmitted()) {
      return new Reply.Failed(
          ErrorCode.BUSY, "this server has not been let into the ledger yet: it reaches no leader");
    }
    return new Reply.Failed(
        ErrorCode.ERR_DEP,
        "this server does not hold yet what the session depends on for '" + request.key + "'");
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Serves those that are satisfied, in the order they came, and refuses those out of time. */
  void onProgress(VersionVector visible, boolean settled, Now now, Effects effects, Writes writes) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> all = waiting;
    waiting = new ArrayList<>();
    for (Waiting request : all) {
      if (settled && isOpen(request, visible)) {
        if (request.write != null) {
          writes.execute(request.write, now, effects);
        } else {
          effects.reply(
              request.request, new Reply.Read(view.lookup(request.key), ledger.applied()));
        }
      } else if (isLost(request)) {
        effects.reply(request.request, lost());
      } else if (request.deadlineNanos - now.nanos() <= 0) {
        effects.reply(request.request, missing(request));
      } else {
        waiting.add(request);
      }
    }
  }

  /** A write needs its dependencies here as updates, so that others can get them from here. */
  private boolean isOpen(Waiting request, VersionVector visible) {
    return request.write == null
        ? isOpen(request.key, request.requirement, visible)
        : isOpen(request.write, visible);
  }

  /** Whether a write may be taken. */
  boolean isOpen(Input.Write write, VersionVector visible) {
    return ledger.isAdmitted()
        && visible.covers(write.dependencies())
        && ledger.applied() >= write.index();
  }

  /** When the first of those that wait runs out of time; the far future when none waits. */
  long earliestDeadlineNanos(long otherwise) {
    long earliest = otherwise;
    for (Waiting request : waiting) {
      if (request.deadlineNanos - earliest < 0) {
        earliest = request.deadlineNanos;
      }
    }
    return earliest;
  }
}
