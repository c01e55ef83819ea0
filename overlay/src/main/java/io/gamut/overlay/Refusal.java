package io.gamut.overlay;

/** Why a node would not link with another: the kind, for programs, and the story, for people. */
public record Refusal(Reason reason, String detail) {
  /** The kinds of refusal, with their wire codes. */
  public enum Reason {
    /** The two belong to different clusters. */
    WRONG_CLUSTER(1),
    /** The two speak different versions of the wire protocol. */
    WRONG_VERSION(2),
    /** The dialer carries the id of the node it dialled. */
    OWN_ID(3),
    /** Another live process carries the dialer's id. */
    DUPLICATE_ID(4),
    /** The node that was asked is in no cluster itself yet; ask again, or ask another. */
    NO_CLUSTER_YET(5),
    /** The cluster's admission said no to a join request. */
    JOIN_REFUSED(6),
    /** The dialer was removed from the cluster. */
    REMOVED(7),
    /** A lab command cut this link. */
    LINK_CUT(8),
    /** The two have a live link already; harmless, the end of a simultaneous open. */
    ALREADY_LINKED(9),
    /** Somebody else than expected answers at the address dialled. */
    WRONG_NODE(10);

    private static final Reason[] ALL = values();

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The reason of a wire code, which {@link #isCode} has accepted. */
    public static Reason ofCode(int code) {
      return ALL[code - 1];
    }

    public static boolean isCode(int code) {
      return code >= 1 && code <= ALL.length;
    }

    public int code() {
      return code;
    }
  }

  @Override
  public String toString() {
    return reason + ": " + detail;
  }
}
