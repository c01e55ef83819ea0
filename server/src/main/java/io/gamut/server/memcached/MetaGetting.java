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
import io.gamut.core.Version;
import io.gamut.protocol.memcached.Expiry;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.MetaFlags;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.request.Found;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code mg} asks for: a value, and the right to make it anew if that is due.
 *
 * <p>That right goes to one client, whatever server each of them asks: it is claimed in the ledger,
 * on condition that nobody has written the key since it was read.
 */
final class MetaGetting {
  private final MemcachedRequest.MetaGet get;
  private final Key key;
  private final MetaFlags flags;
  private final Tally tally;

  /** What is told of who makes a value anew, beside what the value says itself. */
  private enum Claim {
    NOT_ASKED,
    WON,
    LOST
  }

  MetaGetting(MemcachedRequest.MetaGet get, Tally tally) {
    this.get = get;
    this.tally = tally;
    key = get.key().key();
    flags = get.flags();
  }

  Plan plan() {
    OptionalLong expiry = flags.number('T');
    if (expiry.isEmpty()) {
      return new Plan.Look(
          List.of(key),
          flags.has('N') || flags.has('R'),
          found -> following(found.getFirst()),
          (found, writer) -> got(found.getFirst(), Claim.NOT_ASKED, writer));
    }
    tally.onTouch();
    Change touch = Contents.touch(key, expiry.getAsLong());
    return new Plan.Modify(
        new Minitransaction(List.of(new Condition.Present(key)), List.of(touch), true),
        true,
        result -> touch instanceof Change.Put ? null : following(touched(result, touch)),
        (result, writer) -> {
          Found found = touched(result, touch);
          // What is gone with that is nobody else's any more.
          boolean isWon = touch instanceof Change.Put && isDue(found.value());
          got(found, isWon ? Claim.WON : Claim.NOT_ASKED, writer);
        });
  }

  /** The value as it was, with the expiry that it has got. */
  private static Found touched(OperationResult result, Change touch) {
    if (!(result instanceof Changed(List<ChangeResult> changes))) {
      return new Found(null, null);
    }
    ChangeResult change = changes.getFirst();
    Content.Value value = change.before();
    return value != null && touch instanceof Change.ExpireAt(Key _, long millis, var _)
        ? new Found(change.version(), value.withExpiry(millis))
        : new Found(change.version(), value);
  }

  // Making anew

  /** The claim that what was found asks for. */
  private Plan.@Nullable Modify following(Found found) {
    Content.Value value = found.value();
    Version version = found.version();
    if (value == null || version == null) {
      return flags.has('N') ? vivify() : null;
    }
    return isDue(value) ? claim(found, value, version.tag()) : null;
  }

  /** Whether a value is to be made anew, and nobody does. */
  private boolean isDue(Content.@Nullable Value value) {
    return value != null
        && !value.renewal().isClaimed()
        && (value.renewal().isStale() || isExpiringSoon(value));
  }

  private boolean isExpiringSoon(Content.Value value) {
    OptionalLong limit = flags.number('R');
    long nowMillis = System.currentTimeMillis();
    return limit.isPresent()
        && value.expiresAtMillis() != 0
        && Expiry.secondsLeft(value.expiresAtMillis(), nowMillis) < limit.getAsLong();
  }

  private Plan.Modify claim(Found found, Content.Value value, long tag) {
    Change claim = new Change.Renew(key, value.renewal().claimed());
    return new Plan.Modify(
        Operation.when(new Condition.TagIs(key, tag), claim),
        (result, writer) -> {
          if (result instanceof Changed(List<ChangeResult> changes)) {
            got(new Found(changes.getFirst().version(), value), Claim.WON, writer);
          } else {
            got(found, Claim.LOST, writer);
          }
        });
  }

  /** An empty value for whoever comes meanwhile, unless one has been made by now. */
  private Plan.@Nullable Modify vivify() {
    long expiry = flags.number('T').orElse(flags.number('N').orElse(0));
    Content stub = Contents.of(new byte[0], 0, expiry);
    if (!(stub instanceof Content.Value empty)) {
      return null;
    }
    Content.Value made = empty.with(Renewal.CLAIMED);
    Minitransaction making = Operation.when(new Condition.Absent(key), new Change.Put(key, made));
    Minitransaction looking = Operation.when(new Condition.Present(key), new Change.Look(key));
    return new Plan.Modify(
        Steps.orElse(looking, making),
        (result, writer) -> {
          if (Steps.single(result) instanceof Changed(List<ChangeResult> changes)) {
            ChangeResult change = changes.getFirst();
            boolean isMade = change.before() == null;
            Found found = new Found(change.version(), isMade ? made : change.before());
            got(found, isMade ? Claim.WON : Claim.NOT_ASKED, writer);
          } else {
            got(new Found(null, null), Claim.NOT_ASKED, writer);
          }
        });
  }

  // Answering

  private void got(Found found, Claim claim, ReplyWriter writer) {
    MetaReply reply = new MetaReply(get.key(), flags);
    Content.Value value = found.value();
    tally.onGet(value != null);
    if (value != null) {
      reply.hit(value, found.version(), letters(value.renewal(), claim), writer);
    } else if (!flags.has('q')) {
      reply.code("EN", writer);
    }
  }

  private static String letters(Renewal renewal, Claim claim) {
    String stale = renewal.isStale() ? " X" : "";
    return switch (claim) {
      case WON -> stale + " W";
      case LOST -> " Z" + stale;
      case NOT_ASKED -> renewal.isClaimed() ? " Z" + stale : stale;
    };
  }
}
