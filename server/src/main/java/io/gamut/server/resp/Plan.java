package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Key;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Found;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a command asks for and how it is answered, apart from the level and from whether it is done
 * alone or as a step of a transaction.
 */
sealed interface Plan {
  /** Reads keys. */
  record Look(List<Key> keys, BiConsumer<List<Found>, ReplyWriter> report) implements Plan {}

  /** Sets or deletes keys without looking at them: weak at a weak level. */
  record Put(List<Change.Put> puts, BiConsumer<List<ChangeResult>, ReplyWriter> report)
      implements Plan {}

  /** Reads and modifies, at one moment: strong whatever the level. */
  record Modify(List<Minitransaction> steps, BiConsumer<List<OperationResult>, ReplyWriter> report)
      implements Plan {
    /** A single step. */
    static Modify of(Minitransaction step, BiConsumer<OperationResult, ReplyWriter> report) {
      return new Modify(
          List.of(step), (results, writer) -> report.accept(results.getFirst(), writer));
    }
  }

  /** Deletes every key. */
  record Clear() implements Plan {}

  /** Touches no data. */
  record Say(Consumer<ReplyWriter> reply) implements Plan {}
}
