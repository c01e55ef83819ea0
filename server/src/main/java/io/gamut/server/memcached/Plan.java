package io.gamut.server.memcached;

import io.gamut.core.Change;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.request.Found;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request asks for and how it is answered, apart from the level. */
sealed interface Plan {
  /**
   * Reads keys.
   *
   * @param mayChange whether what is read behind it must see what it has done
   * @param then what is done because of what was found, which then answers; null for nothing
   */
  record Look(
      List<Key> keys,
      boolean mayChange,
      Function<List<Found>, @Nullable Modify> then,
      BiConsumer<List<Found>, ReplyWriter> report)
      implements Plan {
    Look(List<Key> keys, BiConsumer<List<Found>, ReplyWriter> report) {
      this(keys, false, _ -> null, report);
    }
  }

  /** Sets or deletes a key without looking at it: weak at a weak level. */
  record Put(Change.Put put, BiConsumer<ChangeResult, ReplyWriter> report) implements Plan {}

  /** Reads and modifies, at one moment: strong whatever the level. */
  record Modify(Operation operation, BiConsumer<OperationResult, ReplyWriter> report)
      implements Plan {}

  /** Deletes every key, in so many milliseconds. */
  record FlushLater(long millis) implements Plan {}

  /** Touches no data. */
  record Say(Consumer<ReplyWriter> reply) implements Plan {}

  /** Says that what was asked makes no sense. */
  record Refuse(Consumer<ReplyWriter> reply) implements Plan {}

  /** Does something to the connection, or asks the server: once nothing else is under way. */
  record Do(Runnable task) implements Plan {}
}
