package io.gamut.replication;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.core.VersionVector;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Leaving the cluster: done once every other member holds all that was held here when the last own
 * write was done. One member would not do: two servers that leave at the same time could each count
 * on the other. With no other member there is nobody to count on, and the last one stays.
 */
final class Departure {
  private boolean isUnderWay;
  private long request;
  private int ownWrites;
  private @Nullable VersionVector leftBehind;

  boolean isUnderWay() {
    return isUnderWay;
  }

  /** From now on no own write may be accepted; unless there is a reason to refuse. */
  void begin(Input.Leave leave, Collection<NodeId> others, Effects effects) {
    if (isUnderWay) {
      refuse(leave, "this server is leaving the cluster already", effects);
    } else if (others.isEmpty()) {
      String reason = "this server knows of no other that would keep its data: just stop it";
      refuse(leave, reason, effects);
    } else {
      isUnderWay = true;
      request = leave.request();
    }
  }

  private static void refuse(Input.Leave leave, String reason, Effects effects) {
    effects.reply(leave.request(), new Reply.Failed(ErrorCode.BUSY, reason));
  }

  /** An own write was given to the disk. */
  void onOwnAccepted() {
    ownWrites++;
  }

  void onOwnDurable() {
    ownWrites--;
  }

  /** Whether nobody needs this server any more; {@code told} is what it says that it holds. */
  boolean isDue(VersionVector told, Peers peers, Collection<NodeId> others) {
    if (!isUnderWay || ownWrites > 0) {
      return false;
    }
    VersionVector needed = leftBehind == null ? told : leftBehind;
    leftBehind = needed;
    return !others.isEmpty() && others.stream().allMatch(node -> peers.held(node).covers(needed));
  }

  /**
   * It is done.
   *
   * @return the request that asked for it
   */
  long end() {
    isUnderWay = false;
    leftBehind = null;
    return request;
  }
}
