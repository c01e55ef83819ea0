package io.gamut.server.memcached;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.Renewal;
import io.gamut.protocol.memcached.Expiry;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.MetaFlags;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.request.Found;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code mg} asks for: a value, and the right to make it anew if that is due.
 *
 * <p>That right goes to one client, whatever server each of them asks: it is claimed in the ledger,
 * together with a new expiry, or once a read has found a value that is due.
 */
final class MetaGetting {
  private final MemcachedRequest.MetaGet get;
  private final Key key;
  private final MetaFlags flags;
  private final Tally tally;
  private final InstantSource clock;
  private final Contents contents;

  MetaGetting(MemcachedRequest.MetaGet get, Tally tally, InstantSource clock) {
    this.get = get;
    this.tally = tally;
    this.clock = clock;
    contents = new Contents(clock);
    key = get.key().key();
    flags = get.flags();
  }

  Plan plan() {
    OptionalLong expiry = flags.number('T');
    if (expiry.isPresent()) {
      tally.onTouch();
      return touch(expiry.getAsLong());
    }
    return new Plan.Look(
        List.of(key),
        flags.has('N') || flags.has('R'),
        found -> following(found.getFirst()),
        (found, writer) -> got(found.getFirst(), false, writer));
  }

  /** Values that are over before are due; 0 for none. */
  private long untilMillis() {
    OptionalLong limit = flags.number('R');
    return limit.isPresent() ? Expiry.endOfLessThan(limit.getAsLong(), clock.millis()) : 0;
  }

  /** What a read has found asks for. */
  private Plan.@Nullable Modify following(Found found) {
    Content.Value value = found.value();
    if (value == null) {
      return flags.has('N') ? new Plan.Modify(orVivify(claiming()), this::got) : null;
    }
    return value.isDue(untilMillis()) ? new Plan.Modify(claiming(), this::got) : null;
  }

  private Plan touch(long expiry) {
    Minitransaction touching = claiming(contents.touch(key, expiry));
    Operation operation = flags.has('N') ? orVivify(touching) : touching;
    return new Plan.Modify(operation, this::got);
  }

  /** Claims a value that is due, and whatever it is, does something else to it. */
  private Minitransaction claiming(Change... more) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.Claim(key, untilMillis()));
    changes.addAll(List.of(more));
    changes.add(new Change.Look(key));
    return new Minitransaction(List.of(new Condition.Present(key)), changes, true);
  }

  /** An empty value for whoever comes meanwhile, where there is none; it is claimed. */
  private Operation orVivify(Minitransaction first) {
    long expiry = flags.number('T').orElse(flags.number('N').orElse(0));
    Content made = contents.of(new byte[0], 0, expiry);
    return made instanceof Content.Value empty
        ? Steps.orElse(first, vivification(empty.with(Renewal.CLAIMED)))
        : first;
  }

  private Minitransaction vivification(Content.Value made) {
    Change look = new Change.Look(key);
    return new Minitransaction(
        List.of(new Condition.Absent(key)), List.of(new Change.Put(key, made), look), true);
  }

  // Answering

  /** What an operation has come across, and has left. */
  private void got(OperationResult result, ReplyWriter writer) {
    if (!(Steps.single(result) instanceof Changed(List<ChangeResult> changes))) {
      got(new Found(null, null), false, writer);
      return;
    }
    ChangeResult first = changes.getFirst();
    ChangeResult left = changes.getLast();
    Content.Value before = first.before();
    if (before == null) {
      got(Found.of(left), true, writer);
      return;
    }
    // What has been touched away is told as it was; and the right to make it anew as it was before.
    Content.Value value = left.before() == null ? before : left.before();
    boolean isWon = first.number() == 1;
    got(new Found(left.version(), value.with(before.renewal())), isWon, writer);
  }

  private void got(Found found, boolean isWon, ReplyWriter writer) {
    MetaReply reply = new MetaReply(get.key(), flags, clock);
    Content.Value value = found.value();
    tally.onGet(value != null);
    if (value != null) {
      reply.hit(value, found.version(), letters(value.renewal(), isWon), writer);
    } else if (!flags.has('q')) {
      reply.code("EN", writer);
    }
  }

  private static String letters(Renewal renewal, boolean isWon) {
    String stale = renewal.isStale() ? " X" : "";
    return isWon ? stale + " W" : renewal.isClaimed() ? " Z" + stale : stale;
  }
}
