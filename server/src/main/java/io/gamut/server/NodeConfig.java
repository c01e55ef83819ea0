package io.gamut.server;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.storage.journal.Durability;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that a node must be told.
 *
 * @param id its name in the cluster
 * @param listen where other nodes reach it; port 0 lets the system choose
 * @param resp where RESP clients reach it; port 0 lets the system choose
 * @param join a member's address, for a node that has no data yet; empty for a cluster's first node
 * @param data the directory that holds everything it must remember
 * @param durability when a write is acknowledged
 * @param defaultLevel of connections that ask for none
 * @param lab whether links may be cut by command
 * @param waitMillis how long a request waits for what its session depends on
 * @param threads network threads; the first also runs the replica
 * @param retention how much of the journal is kept
 */
public record NodeConfig(
    NodeId id,
    Endpoint listen,
    Endpoint resp,
    Optional<Endpoint> join,
    Path data,
    Durability durability,
    Consistency defaultLevel,
    boolean lab,
    int waitMillis,
    int threads,
    Retention retention) {
  public static final int WAIT_MILLIS_DEFAULT = 1_000;
  public static final int THREADS_MAX = 64;

  public NodeConfig {
    if (waitMillis < 0 || waitMillis > Limits.WAIT_MILLIS_MAX) {
      throw new IllegalArgumentException(
          "a request may wait 0 to " + Limits.WAIT_MILLIS_MAX + " ms, not " + waitMillis);
    }
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException(
          "a node has 1 to " + THREADS_MAX + " network threads, not " + threads);
    }
  }

  /** A node that keeps as much of its journal as is usual. */
  public NodeConfig(
      NodeId id,
      Endpoint listen,
      Endpoint resp,
      Optional<Endpoint> join,
      Path data,
      Durability durability,
      Consistency defaultLevel,
      boolean lab,
      int waitMillis,
      int threads) {
    this(
        id,
        listen,
        resp,
        join,
        data,
        durability,
        defaultLevel,
        lab,
        waitMillis,
        threads,
        Retention.DEFAULT);
  }

  /** A node with defaults for all that has one, on ports that the system chooses. */
  public static NodeConfig of(NodeId id, Path data) {
    Endpoint any = new Endpoint("127.0.0.1", 0);
    return new NodeConfig(
        id,
        any,
        any,
        Optional.empty(),
        data,
        Durability.FSYNC,
        Consistency.SESSION,
        false,
        WAIT_MILLIS_DEFAULT,
        defaultThreads());
  }

  public NodeConfig joining(Endpoint contact) {
    return new NodeConfig(
        id,
        listen,
        resp,
        Optional.of(contact),
        data,
        durability,
        defaultLevel,
        lab,
        waitMillis,
        threads,
        retention);
  }

  public NodeConfig listening(Endpoint address) {
    return new NodeConfig(
        id,
        address,
        resp,
        join,
        data,
        durability,
        defaultLevel,
        lab,
        waitMillis,
        threads,
        retention);
  }

  public NodeConfig with(Retention other) {
    return new NodeConfig(
        id, listen, resp, join, data, durability, defaultLevel, lab, waitMillis, threads, other);
  }

  public NodeConfig with(Durability other) {
    return new NodeConfig(
        id, listen, resp, join, data, other, defaultLevel, lab, waitMillis, threads, retention);
  }

  /** With another level for connections that ask for none. */
  public NodeConfig at(Consistency level) {
    return new NodeConfig(
        id, listen, resp, join, data, durability, level, lab, waitMillis, threads, retention);
  }

  public NodeConfig withLab() {
    return new NodeConfig(
        id,
        listen,
        resp,
        join,
        data,
        durability,
        defaultLevel,
        true,
        waitMillis,
        threads,
        retention);
  }

  /** One core is left to the disk and to others; more than four threads seldom help one group. */
  public static int defaultThreads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 1, 4);
  }
}
