package io.gamut.server.memcached;

import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Transacted;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.Version;
import io.gamut.protocol.memcached.ReplyWriter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/** What reads and modifies: one step, or one and another where the first finds nothing. */
final class Steps {
  private Steps() {}

  /** The second happens where a condition of the first does not hold. */
  static Operation orElse(Minitransaction first, Minitransaction second) {
    return new Operation.Transaction(List.of(), List.of(first, second));
  }

  /**
   * Plans a step, or two of which one happens.
   *
   * @param onDone is told what each change did
   * @param onUnmet is told which condition did not hold, from 0
   */
  static Plan plan(
      Operation operation,
      BiConsumer<List<ChangeResult>, ReplyWriter> onDone,
      ObjIntConsumer<ReplyWriter> onUnmet) {
    return new Plan.Modify(
        operation,
        (result, writer) -> {
          switch (single(result)) {
            case Changed(List<ChangeResult> changes) -> onDone.accept(changes, writer);
            case Unmet(int condition, Version _) -> onUnmet.accept(writer, condition);
            case Failed(Problem problem) -> writer.line(line(problem));
            case Transacted _, OperationResult.Cleared _, OperationResult.Withdrawn _ ->
                throw new IllegalStateException(result.toString());
          }
        });
  }

  /** What the one step of two did that could; else why the first could not. */
  static OperationResult single(OperationResult result) {
    if (result instanceof Transacted(List<OperationResult> steps)) {
      return steps.getLast() instanceof Changed ? steps.getLast() : steps.getFirst();
    }
    return result;
  }

  /** Why a change could not be made, in the words of memcached where it has some. */
  static String line(Problem problem) {
    return switch (problem) {
      case NOT_A_NUMBER -> "CLIENT_ERROR cannot increment or decrement non-numeric value";
      case TOO_LONG -> "SERVER_ERROR object too large for cache";
      case OVERFLOW, LOST, NOT_A_DECIMAL, TOO_MUCH ->
          "SERVER_ERROR " + problem.error() + " " + problem.words();
    };
  }
}
