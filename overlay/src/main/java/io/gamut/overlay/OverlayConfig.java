package io.gamut.overlay;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import java.util.Optional;

/**
 * Who a node is on the network.
 *
 * @param self its id
 * @param cluster its cluster; empty for a node that has yet to {@link Overlay#join}
 * @param life which process this is
 * @param listen where to listen; port 0 lets the system choose
 * @param advertisedHost the host under which others reach it, if not that of {@code listen} (which
 *     may be a wildcard)
 * @param labEnabled whether {@link Overlay#faults} may do anything
 * @param timing the intervals
 */
public record OverlayConfig(
    NodeId self,
    Optional<ClusterId> cluster,
    Life life,
    Endpoint listen,
    Optional<String> advertisedHost,
    boolean labEnabled,
    Timing timing) {

  /**
   * One life of a process.
   *
   * @param boot 64 random bits drawn at start: tells two processes of one id apart
   * @param incarnation the wall clock at start, in milliseconds: later lives usually have greater
   *     ones, so that their advertisements win; where the clock was set back, the overlay finds out
   *     and jumps above its older lives
   */
  public record Life(long boot, long incarnation) {
    public Life {
      if (incarnation < 0) {
        throw new IllegalArgumentException("an incarnation is not negative: " + incarnation);
      }
    }
  }
}
