package io.gamut.server.memcached;

import io.gamut.core.Change;
import io.gamut.core.Change.Arithmetic;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Renewal;
import io.gamut.protocol.memcached.Expiry;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.MetaFlags;
import io.gamut.protocol.memcached.MetaKey;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.request.Found;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the meta commands ask for. */
final class MetaPlans {
  private static final String NOT_FOUND = "NF";
  private static final String NOT_STORED = "NS";
  private static final String EXISTS = "EX";

  private final Tally tally;
  private final InstantSource clock;
  private final Contents contents;

  MetaPlans(Tally tally, InstantSource clock) {
    this.tally = tally;
    this.clock = clock;
    contents = new Contents(clock);
  }

  private static boolean isQuiet(MetaFlags flags) {
    return flags.has('q');
  }

  Plan get(MemcachedRequest.MetaGet get) {
    return new MetaGetting(get, tally, clock).plan();
  }

  // me

  Plan debug(MetaKey key) {
    return new Plan.Look(
        List.of(key.key()),
        (found, writer) -> {
          Found one = found.getFirst();
          if (one.value() == null || one.version() == null) {
            writer.line("EN");
            return;
          }
          long nowMillis = clock.millis();
          writer.line(
              "ME %s exp=%d cas=%d size=%d"
                  .formatted(
                      key.text(),
                      Expiry.secondsLeft(one.value().expiresAtMillis(), nowMillis),
                      one.version().tag(),
                      one.value().bytes().length));
        });
  }

  // ms

  Plan set(MemcachedRequest.MetaSet set) {
    tally.onSet();
    Key key = set.key().key();
    MetaFlags flags = set.flags();
    int clientFlags = (int) flags.number('F').orElse(0);
    Content content = contents.of(set.value(), clientFlags, flags.number('T').orElse(0));
    Change.Put put = new Change.Put(key, content);
    return switch (flags.mode('S')) {
      case 'E' -> stored(set, Operation.when(new Condition.Absent(key), put), NOT_STORED);
      case 'R' -> stored(set, onPresent(key, flags, put), flags.has('C') ? NOT_FOUND : NOT_STORED);
      case 'A' -> append(set, clientFlags, false);
      case 'P' -> append(set, clientFlags, true);
      default -> {
        if (!flags.has('C')) {
          yield new Plan.Put(put, (result, writer) -> stored(set, result, writer));
        }
        Minitransaction onSame = onPresent(key, flags, put);
        yield stored(set, flags.has('I') ? orStale(set, onSame, clientFlags) : onSame, NOT_FOUND);
      }
    };
  }

  /** What was made of an earlier value takes the place of a later one, but is stale. */
  private static Operation orStale(
      MemcachedRequest.MetaSet set, Minitransaction onSame, int clientFlags) {
    Key key = set.key().key();
    long cas = set.flags().number('C').orElseThrow();
    Change late = new Change.Rewrite(key, set.value(), clientFlags, true);
    List<Condition> conditions =
        List.of(new Condition.Present(key), new Condition.TagIsNot(key, cas));
    return Steps.orElse(new Minitransaction(conditions, List.of(late), false), onSame);
  }

  private Plan append(MemcachedRequest.MetaSet set, int clientFlags, boolean isInFront) {
    Key key = set.key().key();
    MetaFlags flags = set.flags();
    Minitransaction append = onPresent(key, flags, new Change.Append(key, set.value(), isInFront));
    OptionalLong expiry = flags.number('N');
    if (expiry.isEmpty()) {
      return stored(set, append, NOT_STORED);
    }
    Content content = contents.of(set.value(), clientFlags, expiry.getAsLong());
    return stored(
        set,
        Steps.orElse(
            append, Operation.when(new Condition.Absent(key), new Change.Put(key, content))),
        NOT_STORED);
  }

  /** A change where there is a value, and it is that of the cas token if one is named. */
  private static Minitransaction onPresent(Key key, MetaFlags flags, Change... changes) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(new Condition.Present(key));
    flags.number('C').ifPresent(cas -> conditions.add(new Condition.TagIs(key, cas)));
    return new Minitransaction(conditions, List.of(changes), false);
  }

  /**
   * @param onAbsent what is answered where there is no value, or one that there should not be
   */
  private Plan stored(MemcachedRequest.MetaSet set, Operation operation, String onAbsent) {
    MetaReply reply = new MetaReply(set.key(), set.flags(), clock);
    return Steps.plan(
        operation,
        (changes, writer) -> stored(set, changes.getLast(), writer),
        (writer, condition) -> reply.code(condition == 0 ? onAbsent : EXISTS, writer));
  }

  private void stored(MemcachedRequest.MetaSet set, ChangeResult result, ReplyWriter writer) {
    if (!isQuiet(set.flags())) {
      new MetaReply(set.key(), set.flags(), clock).done(result.version(), writer);
    }
  }

  // md

  Plan delete(MemcachedRequest.MetaDelete delete) {
    Key key = delete.key().key();
    MetaFlags flags = delete.flags();
    Change.Put put = new Change.Put(key, Content.Tombstone.TOMBSTONE);
    MetaReply reply = new MetaReply(delete.key(), flags, clock);
    if (flags.has('I') || flags.has('C')) {
      return Steps.plan(
          onPresent(key, flags, flags.has('I') ? staling(key, flags) : new Change[] {put}),
          (_, writer) -> deleted(reply, writer),
          (writer, condition) -> reply.code(condition == 0 ? NOT_FOUND : EXISTS, writer));
    }
    return new Plan.Put(
        put,
        (result, writer) -> {
          if (result.replacedValue()) {
            deleted(reply, writer);
          } else {
            reply.code(NOT_FOUND, writer);
          }
        });
  }

  /** Whoever reads it next may make it anew. */
  private Change[] staling(Key key, MetaFlags flags) {
    Change renew = new Change.Renew(key, Renewal.STALE);
    OptionalLong expiry = flags.number('T');
    return expiry.isEmpty()
        ? new Change[] {renew}
        : new Change[] {renew, contents.touch(key, expiry.getAsLong())};
  }

  private static void deleted(MetaReply reply, ReplyWriter writer) {
    if (!isQuiet(reply.flags())) {
      reply.code("HD", writer);
    }
  }

  // ma

  Plan count(MemcachedRequest.MetaCount count) {
    Key key = count.key().key();
    MetaFlags flags = count.flags();
    boolean isUp = "I+".indexOf(flags.mode('I')) >= 0;
    Arithmetic arithmetic = isUp ? Arithmetic.UNSIGNED_UP : Arithmetic.UNSIGNED_DOWN;
    Change increment = new Change.Increment(key, flags.number('D').orElse(1), arithmetic);
    Minitransaction step = onPresent(key, flags, counting(increment, flags.number('T')));
    OptionalLong expiry = flags.number('N');
    if (expiry.isEmpty()) {
      return counted(count, step);
    }
    String initial = Long.toUnsignedString(flags.number('J').orElse(0));
    byte[] digits = initial.getBytes(StandardCharsets.US_ASCII);
    Change create = new Change.Put(key, Content.Value.of(digits));
    Minitransaction creation =
        new Minitransaction(
            List.of(new Condition.Absent(key)), List.of(counting(create, expiry)), false);
    return counted(count, Steps.orElse(step, creation));
  }

  /** A change, what it leads to, and what is left of that by the new expiry. */
  private Change[] counting(Change change, OptionalLong expiry) {
    Change look = new Change.Look(change.key());
    return expiry.isEmpty()
        ? new Change[] {change, look}
        : new Change[] {change, look, contents.touch(change.key(), expiry.getAsLong()), look};
  }

  private Plan counted(MemcachedRequest.MetaCount count, Operation operation) {
    MetaReply reply = new MetaReply(count.key(), count.flags(), clock);
    return Steps.plan(
        operation,
        (changes, writer) -> {
          if (!isQuiet(count.flags())) {
            Content.Value left = changes.getLast().before();
            Content.Value value = left == null ? changes.get(1).before() : left;
            reply.hit(value, changes.getLast().version(), writer);
          }
        },
        (writer, condition) -> reply.code(condition == 0 ? NOT_FOUND : EXISTS, writer));
  }
}
