package io.gamut.server.request;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Consistency;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Session;
import io.gamut.core.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the ledger has done of an operation, and has found, at each of its keys. */
final class Effects {
  /** Of more, a receipt keeps what a session does, which is bounded. */
  private static final int KEYS_KEPT_MAX = 16;

  /** Of each key the version that it has after all of that; null of one without. */
  private final Map<Key, @Nullable Version> versions = new LinkedHashMap<>();

  private boolean hasWritten;
  private boolean hasNotWritten;

  /** Takes what has become of one step. */
  void add(Minitransaction step, OperationResult result) {
    switch (result) {
      case OperationResult.Changed(List<ChangeResult> results) -> {
        for (int i = 0; i < results.size(); i++) {
          add(step.changes().get(i), results.get(i));
        }
      }
      case OperationResult.Unmet(int condition, Version found) ->
          addUnmet(step.conditions().get(condition), found);
      case OperationResult.Failed _,
          OperationResult.Transacted _,
          OperationResult.Cleared _,
          OperationResult.Withdrawn _ ->
          hasNotWritten = true;
    }
  }

  private void add(Change change, ChangeResult result) {
    versions.put(change.key(), result.version());
    boolean isWrite = isWrite(change, result);
    hasWritten |= isWrite;
    hasNotWritten |= !isWrite && !(change instanceof Change.Look);
  }

  /** Takes a condition that did not hold. */
  void addUnmet(Condition condition, @Nullable Version found) {
    versions.put(condition.key(), found);
    hasNotWritten = true;
  }

  /** Whether a change has changed something: some leave what is not as they want it. */
  private static boolean isWrite(Change change, ChangeResult result) {
    return switch (change) {
      case Change.Look _ -> false;
      case Change.ExpireAt _, Change.Renew _, Change.Claim _, Change.Copy _ -> result.number() == 1;
      case Change.Overwrite overwrite -> overwrite.bytes().length > 0;
      case Change.Put _,
          Change.Rewrite _,
          Change.Increment _,
          Change.IncrementDecimal _,
          Change.Append _ ->
          true;
    };
  }

  /** Lets a session learn it. */
  void observe(Session session, LedgerPosition position, Consistency level) {
    session.observe(position);
    versions.forEach((key, version) -> {
      if (version != null) {
        session.observe(key, version, position, level);
      }
    });
  }

  /** Says it. */
  Receipt receipt(LedgerPosition position, Consistency level, @Nullable NodeId replica) {
    Supplier<Session> step =
        () -> {
          Session learnt = new Session();
          observe(learnt, position, level);
          return learnt;
        };
    if (versions.size() > KEYS_KEPT_MAX) {
      Session learnt = step.get();
      step = () -> learnt;
    }
    return Receipt.ofOperation(versions.values(), outcome(), step, level, replica);
  }

  /** None of what has only looked. */
  private Receipt.@Nullable Outcome outcome() {
    if (hasWritten) {
      return Receipt.Outcome.APPLIED;
    }
    return hasNotWritten || versions.isEmpty() ? Receipt.Outcome.NOT_APPLIED : null;
  }
}
