package io.gamut.replication.remote;

import io.gamut.core.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a node without the data was told, and by whom.
 *
 * @param replica that answered; null where none did, and the node itself says so
 */
public record Answered<T>(T reply, @Nullable NodeId replica) {
  /** No replica was asked, or none has answered. */
  public static <T> Answered<T> byNone(T reply) {
    return new Answered<>(reply, null);
  }
}
