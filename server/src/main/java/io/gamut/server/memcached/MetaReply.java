package io.gamut.server.memcached;

import io.gamut.core.Content;
import io.gamut.core.Version;
import io.gamut.protocol.memcached.Expiry;
import io.gamut.protocol.memcached.MetaFlag;
import io.gamut.protocol.memcached.MetaFlags;
import io.gamut.protocol.memcached.MetaKey;
import io.gamut.protocol.memcached.ReplyWriter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How a meta command is answered: with the flags that it asked for, in its order.
 *
 * <p>What a replicated store does not know (whether and when somebody read a key) is left out.
 */
record MetaReply(MetaKey key, MetaFlags flags, InstantSource clock) {
  /** {@code HD} or {@code VA}, with what is known of a value. */
  void hit(Content.@Nullable Value value, @Nullable Version version, ReplyWriter writer) {
    hit(value, version, "", writer);
  }

  /**
   * The same.
   *
   * @param renewal letters that say whether it is to be made anew
   */
  void hit(
      Content.@Nullable Value value,
      @Nullable Version version,
      String renewal,
      ReplyWriter writer) {
    String flagged = flagged(value, version) + renewal;
    if (flags.has('v') && value != null) {
      writer.metaValue(value.bytes(), flagged);
    } else {
      writer.line("HD" + flagged);
    }
  }

  /** A code with nothing but what came with the request. */
  void code(String code, ReplyWriter writer) {
    writer.line(code + flagged(null, null));
  }

  /** The same, of a write that made a version. */
  void done(@Nullable Version version, ReplyWriter writer) {
    writer.line("HD" + flagged(null, version));
  }

  private String flagged(Content.@Nullable Value value, @Nullable Version version) {
    StringBuilder text = new StringBuilder();
    for (MetaFlag flag : flags.all()) {
      switch (flag.letter()) {
        case 'k' -> text.append(" k").append(key.text()).append(key.isBase64() ? " b" : "");
        case 'O' -> text.append(' ').append(flag);
        case 'c' -> {
          if (version != null) {
            text.append(" c").append(version.tag());
          }
        }
        default -> {
          if (value != null) {
            ofValue(flag.letter(), value, text);
          }
        }
      }
    }
    return text.toString();
  }

  private void ofValue(char letter, Content.Value value, StringBuilder text) {
    switch (letter) {
      case 'f' -> text.append(" f").append(Integer.toUnsignedString(value.flags()));
      case 's' -> text.append(" s").append(value.bytes().length);
      case 't' -> {
        long left = Expiry.secondsLeft(value.expiresAtMillis(), clock.millis());
        text.append(" t").append(left);
      }
      default -> {
        // Of no account here, or nothing that is known.
      }
    }
  }
}
