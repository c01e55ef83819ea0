package io.gamut.overlay;

import java.util.ArrayList;
import java.util.List;

/**
 * The overlay's intervals, in milliseconds.
 *
 * @param heartbeatMillis a link that sent nothing for so long sends a heartbeat; default 200
 * @param suspicionMillis a link that heard nothing for so long is suspected; default 600, three
 *     heartbeats, so that one lost to a pause of the sender changes nothing
 * @param deathMillis a link that heard nothing for so long is closed; default 1,500
 * @param handshakeMillis how long a connection may take to prove itself; default 2,000
 * @param graceMillis how long a link is given to answer when a newcomer claims its place; default
 *     300, several round trips of a continent
 * @param backOffMaxMillis the longest pause between two dials of one peer; default 1,000
 */
public record Timing(
    long heartbeatMillis,
    long suspicionMillis,
    long deathMillis,
    long handshakeMillis,
    long graceMillis,
    long backOffMaxMillis) {
  public static final Timing DEFAULT = new Timing(200, 600, 1_500, 2_000, 300, 1_000);

  /** The first pause between two dials, before jitter: a restarted process listens by then. */
  public static final long BACK_OFF_FIRST_MILLIS = 20;

  /** How long the end with the lower id leaves the first dial to the other. */
  public static final long COURTESY_MILLIS = 30;

  /** How long {@link LinkFaults#heal} waits for the link. */
  public static final long HEAL_MILLIS = 2_000;

  /** How long a contact may take over a join request: an election may lie in between. */
  public static final long JOIN_MILLIS = 15_000;

  /** After so long out of reach, a node's advertisement is forgotten. */
  public static final long FORGET_MILLIS = 600_000;

  public Timing {
    List<String> faults = new ArrayList<>();
    if (heartbeatMillis < 4) {
      faults.add("heartbeatMillis is at least 4, not " + heartbeatMillis);
    }
    if (suspicionMillis <= heartbeatMillis) {
      faults.add("suspicionMillis must exceed heartbeatMillis, not " + suspicionMillis);
    }
    if (deathMillis < suspicionMillis) {
      faults.add("deathMillis is at least suspicionMillis, not " + deathMillis);
    }
    if (handshakeMillis < 1 || graceMillis < 1) {
      faults.add("handshakeMillis and graceMillis are at least 1");
    }
    if (backOffMaxMillis < BACK_OFF_FIRST_MILLIS) {
      faults.add("backOffMaxMillis is at least " + BACK_OFF_FIRST_MILLIS);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("bad timing: " + String.join("; ", faults));
    }
  }
}
