package io.gamut.server.http;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Pair;
import io.gamut.replication.remote.Page;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Receipt;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A page of the keys that begin with a prefix, ascending. At a weak level it shows what this server
 * shows, at a strong one its committed state; either way once that has all that the session has
 * met, and at bounded and linearizable once it is as new as they ask. It is not a picture of one
 * moment: what is written while somebody turns pages may be in it or not.
 *
 * <p>A cursor is the last key that was looked at: no server keeps anything for it, and any server
 * can go on from it.
 */
final class Listing {
  private static final Set<String> NAMES =
      new TreeSet<>(Set.of("prefix", "limit", "cursor", "values"));
  private static final int PART_MAX = 256;

  private final Exchange exchange;
  private final Asked asked;
  private final byte[] prefix;
  private final int limit;
  private final boolean withValues;
  private final List<Pair> found = new ArrayList<>();
  private @Nullable Key after;
  private boolean isEnd;
  private int lookedAt;
  private long foundBytes;

  private Listing(Exchange exchange) {
    Target target = exchange.target();
    target.requireOnly(NAMES);
    this.exchange = exchange;
    asked = exchange.ask();
    prefix = target.query().getOrDefault("prefix", new byte[0]);
    limit = (int) target.number("limit", HttpLimits.LISTED_DEFAULT, 1, HttpLimits.LISTED_MAX);
    withValues = flag(target, "values");
    if (prefix.length > Limits.KEY_BYTES_MAX) {
      throw ProblemException.malformed(
          "a prefix has at most " + Limits.KEY_BYTES_MAX + " bytes, not " + prefix.length);
    }
    String cursor = target.parameter("cursor");
    Key before = before(prefix);
    Key last = cursor == null ? null : key(cursor);
    after = last != null && (before == null || last.compareTo(before) > 0) ? last : before;
  }

  static void run(Exchange exchange) {
    Listing listing = new Listing(exchange);
    listing.goOn();
  }

  private static boolean flag(Target target, String name) {
    String text = target.parameter(name);
    return switch (text) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw ProblemException.malformed("'" + name + "' is true or false");
    };
  }

  private static Key key(String cursor) {
    try {
      return Key.of(Base64.getUrlDecoder().decode(cursor));
    } catch (IllegalArgumentException _) {
      throw ProblemException.malformed("the cursor is none that a listing has given");
    }
  }

  /** The last key before all that begin with a prefix; null if there is none. */
  static @Nullable Key before(byte[] prefix) {
    int last = prefix.length - 1;
    if (last < 0 || (last == 0 && prefix[0] == 0)) {
      return null;
    }
    if (prefix[last] == 0) {
      return Key.of(Arrays.copyOf(prefix, last));
    }
    byte[] before = Arrays.copyOf(prefix, Limits.KEY_BYTES_MAX);
    before[last]--;
    Arrays.fill(before, prefix.length, before.length, (byte) 0xff);
    return Key.of(before);
  }

  /** A part at a time, so that other connections get their turn. */
  private void goOn() {
    int missing = Math.max(1, Math.min(limit - found.size(), PART_MAX));
    exchange.client().reads().list(after, missing, true, asked, this::onPage);
  }

  private void onPage(Outcome<Page> outcome) {
    switch (outcome) {
      case Outcome.Done<Page>(Page page, Receipt receipt) -> take(page, receipt);
      case Outcome.Refused<Page>(var code, String message, Receipt receipt) ->
          exchange.answerOfMany(Answer.of(Problem.of(code), message), receipt, asked);
    }
  }

  private void take(Page page, Receipt receipt) {
    isEnd = page.isEnd();
    for (Pair pair : page.pairs()) {
      if (!beginsWithPrefix(pair.key().bytes())) {
        isEnd = true;
        break;
      }
      if (isFull()) {
        isEnd = false;
        break;
      }
      look(pair);
    }
    if (isEnd || isFull() || !exchange.client().isOpen()) {
      exchange.answerOfMany(page(), receipt, asked);
    } else {
      exchange.client().later(this::goOn);
    }
  }

  private boolean isFull() {
    return found.size() == limit
        || foundBytes >= HttpLimits.LISTED_BYTES_MAX
        || lookedAt >= HttpLimits.LOOKED_AT_MAX;
  }

  private boolean beginsWithPrefix(byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private void look(Pair pair) {
    after = pair.key();
    lookedAt++;
    if (pair.valueAt(exchange.services().clock().millis()) != null) {
      found.add(pair);
      foundBytes += pair.key().bytes().length + (withValues ? pair.content().size() : 0);
    }
  }

  private Answer page() {
    return Answer.json(
        HttpResponseStatus.OK,
        json -> {
          json.writeArrayPropertyStart("keys");
          for (Pair pair : found) {
            json.writeStartObject();
            if (pair.content() instanceof Content.Value value) {
              Entries.write(pair.key(), pair.version(), value, withValues, json);
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          if (!isEnd && after != null) {
            String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(after.bytes());
            json.writeStringProperty("cursor", cursor);
          }
        });
  }
}
