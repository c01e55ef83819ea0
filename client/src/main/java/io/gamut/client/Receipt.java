package io.gamut.client;

import io.gamut.core.Consistency;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of how it answered a data command, once the connection was told {@code GAMUT
 * RECEIPT ON}: docs/receipts.md says what each field states.
 *
 * @param level that was had; of an error, that was asked for
 * @param replica the server that answered, or {@link #REPLICA_UNKNOWN} where none has, or several
 *     have
 * @param version of what was read or written; null if there is none
 * @param ageMillis how old the state may be at most, or {@link #AGE_UNKNOWN}
 * @param state {@code tentative} or {@code committed}; null if nothing was shown or written
 * @param token of just this command, for {@code GAMUT SESSION}; null if it has nothing to say
 * @param outcome of a write or an error {@code applied}, {@code not applied} or {@code unknown}
 */
public record Receipt(
    Consistency level,
    int replica,
    @Nullable Version version,
    long ageMillis,
    @Nullable String state,
    @Nullable String token,
    @Nullable String outcome) {
  public static final int REPLICA_UNKNOWN = -1;
  public static final long AGE_UNKNOWN = -1;

  /**
   * The receipt of a reply; null if it has none. Throws {@link InvalidDataException} if it has one
   * that cannot be read.
   */
  public static @Nullable Receipt of(RespValue reply) {
    if (!(reply instanceof RespValue.Attributed(Map<String, RespValue> fields, RespValue _))) {
      return null;
    }
    String level = text(fields, "level");
    if (level == null) {
      return null;
    }
    String version = text(fields, "version");
    return new Receipt(
        Consistency.parse(level)
            .orElseThrow(() -> new InvalidDataException("no level '" + level + "'")),
        fields.get("replica") instanceof RespValue.Whole(long replica)
            ? (int) replica
            : REPLICA_UNKNOWN,
        version == null ? null : Version.parse(version),
        fields.get("age") instanceof RespValue.Whole(long age) ? age : AGE_UNKNOWN,
        text(fields, "state"),
        text(fields, "token"),
        text(fields, "outcome"));
  }

  private static @Nullable String text(Map<String, RespValue> fields, String name) {
    return fields.get(name) instanceof RespValue.Text text ? text.toString() : null;
  }

  /** A reply without what the server says about it. */
  public static RespValue without(RespValue reply) {
    return reply instanceof RespValue.Attributed(Map<String, RespValue> _, RespValue value)
        ? value
        : reply;
  }
}
