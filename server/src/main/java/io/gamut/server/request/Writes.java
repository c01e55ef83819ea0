package io.gamut.server.request;

import io.gamut.core.Change;
import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one connection, at any level. On the connection's event loop, and so are its
 * answers.
 */
public final class Writes {
  private final NodeServices services;
  private final Executor here;

  /**
   * @param here the connection's event loop
   */
  public Writes(NodeServices services, Executor here) {
    this.services = services;
    this.here = here;
  }

  /**
   * Sets or deletes keys: at a strong level all at one moment, at a weak one each for itself.
   *
   * @param then is told what each did, in order
   */
  public void put(List<Change.Put> puts, Asked asked, Consumer<Outcome<List<ChangeResult>>> then) {
    if (asked.level().isWeak()) {
      new WeakWriting(puts.size(), asked, then).begin(puts);
      return;
    }
    Operation operation = new Operation.Minitransaction(List.of(), List.copyOf(puts), false);
    execute(
        operation,
        asked,
        outcome ->
            then.accept(
                switch (outcome) {
                  case Outcome.Done<OperationResult>(OperationResult result, Receipt receipt) ->
                      new Outcome.Done<>(changes(result), receipt);
                  case Outcome.Refused<OperationResult>(var code, var message, var receipt) ->
                      new Outcome.Refused<>(code, message, receipt);
                }));
  }

  /** Of an operation that cannot fail. */
  private static List<ChangeResult> changes(OperationResult result) {
    if (result instanceof OperationResult.Changed(List<ChangeResult> changes)) {
      return changes;
    }
    throw new IllegalStateException(result.toString());
  }

  // Strong operations

  /**
   * Has an operation done by the ledger, at one moment.
   *
   * @param asked at a strong level: see {@link Asked#strong}
   */
  public void execute(Operation operation, Asked asked, Consumer<Outcome<OperationResult>> then) {
    Requirement requirement = asked.session().everything();
    long latest = asked.session().latest();
    long deadline = asked.deadlineNanos();
    services.submitStrong(
        request -> new StrongInput.Execute(request, operation, requirement, latest, deadline),
        answered -> here.execute(() -> then.accept(onReply(operation, asked, answered))));
  }

  private Outcome<OperationResult> onReply(
      Operation operation, Asked asked, Answered<Reply> answered) {
    NodeId replica = answered.replica();
    return switch (answered.reply()) {
      case Reply.Executed(OperationResult.Failed(OperationResult.Problem problem), long index)
          when problem.error() != ErrorCode.ERR -> {
        asked.session().observe(new LedgerPosition(index));
        yield Refusals.refused(services, asked, problem.error(), problem.words(), replica);
      }
      case Reply.Executed(OperationResult result, long index) ->
          new Outcome.Done<>(
              result, observe(operation, result, new LedgerPosition(index), asked, replica));
      case Reply.Failed(ErrorCode code, String message) ->
          Refusals.refused(services, asked, code, message, replica);
      case Reply.Read _, Reply.Written _, Reply.Done _ -> throw new IllegalStateException();
    };
  }

  /** Lets the session learn what was done, and says how. */
  private static Receipt observe(
      Operation operation,
      OperationResult result,
      LedgerPosition position,
      Asked asked,
      @Nullable NodeId replica) {
    Consistency level = asked.level();
    if (result instanceof OperationResult.Cleared(Version version)) {
      asked.session().observe(position);
      asked.session().observeAll(version, position, level);
      return Receipt.ofClear(version, position, level, replica);
    }
    Effects effects = effects(operation, result);
    effects.observe(asked.session(), position, level);
    return effects.receipt(position, level, replica);
  }

  private static Effects effects(Operation operation, OperationResult result) {
    Effects effects = new Effects();
    switch (operation) {
      case Operation.Minitransaction step -> effects.add(step, result);
      case Operation.Transaction(var conditions, var steps) -> {
        switch (result) {
          case OperationResult.Transacted(List<OperationResult> results) -> {
            for (int i = 0; i < steps.size(); i++) {
              effects.add(steps.get(i), results.get(i));
            }
          }
          case OperationResult.Unmet(int condition, Version found) ->
              effects.addUnmet(conditions.get(condition), found);
          case OperationResult.Failed _ -> {}
          case OperationResult.Changed _, OperationResult.Cleared _, OperationResult.Withdrawn _ ->
              throw new IllegalStateException(result.toString());
        }
      }
      case Operation.Clear.CLEAR -> throw new IllegalStateException(result.toString());
    }
    return effects;
  }

  // Weak writes

  /** The weak writes of one request that are under way. */
  private final class WeakWriting {
    private final Asked asked;
    private final Consumer<Outcome<List<ChangeResult>>> then;
    private final @Nullable ChangeResult[] results;
    private int missing;
    private @Nullable Receipt receipt;
    private @Nullable Answered<Reply.Failed> failed;

    WeakWriting(int count, Asked asked, Consumer<Outcome<List<ChangeResult>>> then) {
      this.asked = asked;
      this.then = then;
      results = new ChangeResult[count];
      missing = count;
    }

    void begin(List<Change.Put> puts) {
      Session session = asked.session();
      boolean isCausal = asked.level() == Consistency.CAUSAL;
      VersionVector dependencies = isCausal ? session.causal() : VersionVector.EMPTY;
      long index = isCausal ? session.index() : 0;
      long latest = session.latest();
      long deadline = asked.deadlineNanos();
      for (int i = 0; i < puts.size(); i++) {
        int place = i;
        Key key = puts.get(i).key();
        Content content = puts.get(i).content();
        services.submit(
            request ->
                new Input.Write(request, key, content, dependencies, index, latest, null, deadline),
            answered -> here.execute(() -> onReply(place, key, answered)));
      }
    }

    private void onReply(int place, Key key, Answered<Reply> answered) {
      NodeId replica = answered.replica();
      switch (answered.reply()) {
        case Reply.Written written -> onWritten(place, key, written, replica);
        case Reply.Failed failure -> failed = new Answered<>(failure, replica);
        case Reply.Read _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
      }
      missing--;
      if (missing == 0) {
        then.accept(outcome());
      }
    }

    private void onWritten(int place, Key key, Reply.Written written, @Nullable NodeId replica) {
      Consistency level = asked.level();
      asked.session().observe(key, written.version(), written.dot(), level);
      results[place] = new ChangeResult(written.version(), written.replacedValue(), 0, null);
      Receipt one = Receipt.ofWrite(key, written.version(), written.dot(), level, replica);
      receipt = receipt == null ? one : receipt.weakest(one);
    }

    private Outcome<List<ChangeResult>> outcome() {
      if (failed == null) {
        List<ChangeResult> done = Arrays.stream(results).map(Objects::requireNonNull).toList();
        return new Outcome.Done<>(new ArrayList<>(done), Objects.requireNonNull(receipt));
      }
      ErrorCode code = failed.reply().code();
      String message = failed.reply().message();
      if (receipt == null) {
        return Refusals.refused(services, asked, code, message, failed.replica());
      }
      // Some keys were written and others not: the error must not pass for "nothing was done".
      return new Outcome.Refused<>(code, message, receipt.withUnknownOutcome(failed.replica()));
    }
  }
}
