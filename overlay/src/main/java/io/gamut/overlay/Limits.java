package io.gamut.overlay;

/** The bounds of the overlay, each with its unit and reason; queues' are in {@link Channel}. */
public final class Limits {
  /** The largest payload of one frame: an 8 MiB value with its envelope, twice. Bytes. */
  public static final int PAYLOAD_BYTES_MAX = 16 << 20;

  /**
   * The largest piece of a frame on a link. A probe waits for at most one piece that is being
   * written, so it is small against a link's bandwidth, and large against its 8-byte header. Bytes.
   */
  public static final int SEGMENT_BYTES_MAX = 64 << 10;

  /** What a link hands to its socket beyond which it waits until the socket has taken it. Bytes. */
  public static final int OUTSTANDING_BYTES_MAX = 256 << 10;

  /** The largest join request or answer: the addresses of 1,024 members fit. Bytes. */
  public static final int HANDSHAKE_PAYLOAD_BYTES_MAX = 256 << 10;

  /** The largest address text a peer may send: a DNS name is at most 253 characters. Bytes. */
  public static final int ENDPOINT_BYTES_MAX = 300;

  /** The largest explanation of a refusal. Bytes. */
  public static final int REFUSAL_BYTES_MAX = 1_024;

  /**
   * Accepted connections whose peer has not proved itself; more are closed at once. Connections.
   */
  public static final int UNAUTHENTICATED_MAX = 64;

  /** Nodes that the link-state table holds, those gone long ago included. Nodes. */
  public static final int NODES_MAX = 1_024;

  /**
   * How far a frame travels before it is taken for lost in a loop: no cluster is that wide. Links.
   */
  public static final int HOPS_MAX = 128;

  private Limits() {}
}
