package io.gamut.server.memcached;

import io.gamut.core.Change;
import io.gamut.core.Change.Arithmetic;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Transacted;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.Version;
import io.gamut.protocol.memcached.Expiry;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.request.Found;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What the text commands ask for. */
final class TextPlans {
  private final Tally tally;
  private final DelayedFlush later;
  private final InstantSource clock;
  private final Contents contents;

  TextPlans(Tally tally, DelayedFlush later, InstantSource clock) {
    this.tally = tally;
    this.later = later;
    this.clock = clock;
    contents = new Contents(clock);
  }

  // Reading

  Plan get(MemcachedRequest.Get get) {
    List<Key> keys = get.keys();
    return new Plan.Look(
        keys,
        (found, writer) -> {
          for (int i = 0; i < keys.size(); i++) {
            Found one = found.get(i);
            value(keys.get(i), one.value(), one.version(), get.wantsCas(), writer);
          }
          writer.line("END");
        });
  }

  private void value(
      Key key,
      Content.@Nullable Value value,
      @Nullable Version version,
      boolean wantsCas,
      ReplyWriter writer) {
    boolean isHit = value != null && version != null;
    tally.onGet(isHit);
    if (value != null && version != null) {
      OptionalLong cas = wantsCas ? OptionalLong.of(version.tag()) : OptionalLong.empty();
      writer.value(key, value.flags(), value.bytes(), cas);
    }
  }

  Plan getAndTouch(MemcachedRequest.GetAndTouch get) {
    List<Minitransaction> steps =
        get.keys().stream()
            .map(key ->
                new Minitransaction(
                    List.of(new Condition.Present(key)),
                    List.of(contents.touch(key, get.expiry())),
                    true))
            .toList();
    return new Plan.Modify(
        new Operation.Transaction(List.of(), steps),
        (result, writer) -> {
          switch (result) {
            case Transacted(List<OperationResult> done) -> {
              for (int i = 0; i < done.size(); i++) {
                touched(get.keys().get(i), done.get(i), get.wantsCas(), writer);
              }
              writer.line("END");
            }
            case Failed(var problem) -> writer.line(Steps.line(problem));
            case Changed _, Unmet _, OperationResult.Cleared _, OperationResult.Withdrawn _ ->
                throw new IllegalStateException(result.toString());
          }
        });
  }

  private void touched(Key key, OperationResult result, boolean wantsCas, ReplyWriter writer) {
    tally.onTouch();
    if (result instanceof Changed(List<ChangeResult> changes)) {
      ChangeResult change = changes.getFirst();
      value(key, change.before(), change.version(), wantsCas, writer);
    } else {
      tally.onGet(false);
    }
  }

  // Storing

  Plan store(MemcachedRequest.Store store) {
    tally.onSet();
    Key key = store.key();
    Content content = contents.of(store.value(), store.flags(), store.expiry());
    Change.Put put = new Change.Put(key, content);
    Condition present = new Condition.Present(key);
    return switch (store.how()) {
      case SET -> new Plan.Put(put, (_, writer) -> writer.line("STORED"));
      case ADD -> stored(Operation.when(new Condition.Absent(key), put));
      case REPLACE -> stored(Operation.when(present, put));
      case APPEND -> stored(Operation.when(present, new Change.Append(key, store.value(), false)));
      case PREPEND -> stored(Operation.when(present, new Change.Append(key, store.value(), true)));
      case CAS ->
          modify(
              new Minitransaction(
                  List.of(present, new Condition.TagIs(key, store.cas())), List.of(put), false),
              unmet -> unmet == 0 ? "NOT_FOUND" : "EXISTS",
              _ -> "STORED");
    };
  }

  private static Plan stored(Minitransaction step) {
    return modify(step, _ -> "NOT_STORED", _ -> "STORED");
  }

  // Changing

  Plan delete(MemcachedRequest.Delete delete) {
    return new Plan.Put(
        new Change.Put(delete.key(), Content.Tombstone.TOMBSTONE),
        (result, writer) -> writer.line(result.replacedValue() ? "DELETED" : "NOT_FOUND"));
  }

  Plan count(MemcachedRequest.Count count) {
    Arithmetic arithmetic = count.isUp() ? Arithmetic.UNSIGNED_UP : Arithmetic.UNSIGNED_DOWN;
    Key key = count.key();
    return modify(
        Operation.when(
            new Condition.Present(key), new Change.Increment(key, count.delta(), arithmetic)),
        _ -> "NOT_FOUND",
        result -> Long.toUnsignedString(result.number()));
  }

  Plan touch(MemcachedRequest.Touch touch) {
    tally.onTouch();
    Key key = touch.key();
    return modify(
        Operation.when(new Condition.Present(key), contents.touch(key, touch.expiry())),
        _ -> "NOT_FOUND",
        _ -> "TOUCHED");
  }

  Plan flushAll(MemcachedRequest.FlushAll flush) {
    tally.onFlush();
    long nowMillis = clock.millis();
    OptionalLong at = Expiry.millis(flush.delay(), nowMillis);
    boolean isLater = at.isPresent() && at.getAsLong() != Expiry.NEVER;
    if (isLater) {
      return new Plan.FlushLater(at.getAsLong() - nowMillis);
    }
    return new Plan.Modify(
        Operation.Clear.CLEAR,
        (_, writer) -> {
          later.cancel();
          writer.line("OK");
        });
  }

  /**
   * One step whose reply is a line.
   *
   * @param onUnmet of the condition that does not hold
   * @param onDone of what the change did
   */
  private static Plan modify(
      Minitransaction step, IntFunction<String> onUnmet, Function<ChangeResult, String> onDone) {
    return Steps.plan(
        step,
        (changes, writer) -> writer.line(onDone.apply(changes.getFirst())),
        (writer, condition) -> writer.line(onUnmet.apply(condition)));
  }
}
