package io.gamut.server.resp;

import io.gamut.core.Content;
import io.gamut.core.Version;
import io.gamut.protocol.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/** Writes names and values of maps; a value that is not there is null. */
record Fields(ReplyWriter writer) {
  /** How many fields {@link #content} writes. */
  static final int OF_CONTENT = 3;

  void text(String name, @Nullable Object value) {
    writer.bulk(name);
    if (value == null) {
      writer.nullValue();
    } else {
      writer.bulk(value.toString());
    }
  }

  void number(String name, @Nullable Number value) {
    writer.bulk(name);
    if (value == null) {
      writer.nullValue();
    } else {
      writer.integer(value.longValue());
    }
  }

  void flag(String name, boolean holds) {
    number(name, holds ? 1 : 0);
  }

  void version(@Nullable Version version) {
    text("version", version == null ? null : version.exact());
  }

  /** The beginning of a value, how long it is, and when it ends; all null of a deletion. */
  void content(Content content, long length) {
    writer.bulk("value");
    switch (content) {
      case Content.Value value -> {
        writer.bulk(value.bytes());
        number("length", length);
        number("expiresAt", value.expiresAtMillis() == 0 ? null : value.expiresAtMillis());
      }
      case Content.Tombstone.TOMBSTONE -> {
        writer.nullValue();
        number("length", null);
        number("expiresAt", null);
      }
    }
  }
}
