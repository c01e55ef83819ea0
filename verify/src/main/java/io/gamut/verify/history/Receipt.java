package io.gamut.verify.history;

import io.gamut.core.Consistency;

/**
 * What a reply says of itself.
 *
 * @param achieved the level that was had
 * @param replica which answered; {@link #REPLICA_UNKNOWN} if it does not say
 * @param ageNanos how old the state may have been that a read was answered from; {@link
 *     #AGE_UNKNOWN} if it does not say
 */
public record Receipt(Consistency achieved, int replica, long ageNanos) {
  public static final int REPLICA_UNKNOWN = -1;
  public static final long AGE_UNKNOWN = -1;
}
