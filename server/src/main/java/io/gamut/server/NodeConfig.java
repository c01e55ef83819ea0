package io.gamut.server;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.access.AccessConfig;
import io.gamut.storage.journal.Durability;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that a node must be told. Begin with {@link #of}, and say what is to be otherwise.
 *
 * @param id its name in the cluster
 * @param listen where other nodes reach it; port 0 lets the system choose
 * @param resp where RESP clients reach it; port 0 lets the system choose
 * @param http where HTTP clients reach it; port 0 lets the system choose, empty for nowhere
 * @param memcached where memcached clients reach it, if they may; port 0 lets the system choose
 * @param join a member's address, for a node that has no data yet; empty for a cluster's first node
 * @param data the directory that holds everything it must remember
 * @param durability when a write is acknowledged
 * @param defaultLevel of connections that ask for none
 * @param lab whether links may be cut, and other faults be had, by command
 * @param waitMillis how long a request waits for what its session depends on
 * @param threads network threads; the first also runs the replica
 * @param retention how much of the journal is kept
 * @param diskReserveBytes with less free space no writes are taken from clients, with half of it
 *     nothing from other servers either; 0 for no limit
 * @param access who may use its client ports, and whether they speak TLS
 */
public record NodeConfig(
    NodeId id,
    Endpoint listen,
    Endpoint resp,
    Optional<Endpoint> http,
    Optional<Endpoint> memcached,
    Optional<Endpoint> join,
    Path data,
    Durability durability,
    Consistency defaultLevel,
    boolean lab,
    int waitMillis,
    int threads,
    Retention retention,
    long diskReserveBytes,
    AccessConfig access) {
  public static final int WAIT_MILLIS_DEFAULT = 1_000;
  public static final int THREADS_MAX = 64;

  /** Room for a few segments of the journal, a memtable of each store, and their compactions. */
  public static final long DISK_RESERVE_BYTES_DEFAULT = 256L << 20;

  public NodeConfig {
    if (id.isGateway()) {
      throw new IllegalArgumentException(
          "a server's id is 0 to " + NodeId.SERVER_MAX + ", not " + id);
    }
    if (waitMillis < 0 || waitMillis > Limits.WAIT_MILLIS_MAX) {
      throw new IllegalArgumentException(
          "a request may wait 0 to " + Limits.WAIT_MILLIS_MAX + " ms, not " + waitMillis);
    }
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException(
          "a node has 1 to " + THREADS_MAX + " network threads, not " + threads);
    }
    if (diskReserveBytes < 0) {
      throw new IllegalArgumentException(
          "a reserve on the disk has no less than 0 bytes, not " + diskReserveBytes);
    }
  }

  /** A node with defaults for all that has one, on ports that the system chooses. */
  public static NodeConfig of(NodeId id, Path data) {
    return new Builder(id, data).build();
  }

  /** Where clients are to reach it. */
  public ClientEndpoints clients() {
    return new ClientEndpoints(resp, http, memcached);
  }

  /** The same, to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  public NodeConfig joining(Endpoint contact) {
    return toBuilder().join(contact).build();
  }

  public NodeConfig listening(Endpoint address) {
    return toBuilder().listen(address).build();
  }

  public NodeConfig with(Retention other) {
    return toBuilder().retention(other).build();
  }

  public NodeConfig with(Durability other) {
    return toBuilder().durability(other).build();
  }

  /** With another level for connections that ask for none. */
  public NodeConfig at(Consistency level) {
    return toBuilder().defaultLevel(level).build();
  }

  public NodeConfig withLab() {
    return toBuilder().lab(true).build();
  }

  /** One core is left to the disk and to others; more than four threads seldom help one group. */
  public static int defaultThreads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 1, 4);
  }

  /** Takes what is to be otherwise, each as the component of its name. */
  public static final class Builder {
    private static final Endpoint ANY = new Endpoint("127.0.0.1", 0);

    private final NodeId id;
    private final Path data;
    private Endpoint listen = ANY;
    private Endpoint resp = ANY;
    private Optional<Endpoint> http = Optional.empty();
    private Optional<Endpoint> memcached = Optional.empty();
    private Optional<Endpoint> join = Optional.empty();
    private Durability durability = Durability.FSYNC;
    private Consistency defaultLevel = Consistency.LINEARIZABLE;
    private boolean lab;
    private int waitMillis = WAIT_MILLIS_DEFAULT;
    private int threads = defaultThreads();
    private Retention retention = Retention.DEFAULT;
    private long diskReserveBytes = DISK_RESERVE_BYTES_DEFAULT;
    private AccessConfig access = AccessConfig.OPEN;

    private Builder(NodeId id, Path data) {
      this.id = id;
      this.data = data;
    }

    private Builder(NodeConfig config) {
      this(config.id, config.data);
      listen = config.listen;
      resp = config.resp;
      http = config.http;
      memcached = config.memcached;
      join = config.join;
      durability = config.durability;
      defaultLevel = config.defaultLevel;
      lab = config.lab;
      waitMillis = config.waitMillis;
      threads = config.threads;
      retention = config.retention;
      diskReserveBytes = config.diskReserveBytes;
      access = config.access;
    }

    public Builder listen(Endpoint value) {
      listen = value;
      return this;
    }

    public Builder resp(Endpoint value) {
      resp = value;
      return this;
    }

    public Builder http(Endpoint value) {
      http = Optional.of(value);
      return this;
    }

    public Builder memcached(Endpoint value) {
      memcached = Optional.of(value);
      return this;
    }

    /** Where all of its clients are to reach it. */
    public Builder clients(ClientEndpoints value) {
      resp = value.resp();
      http = value.http();
      memcached = value.memcached();
      return this;
    }

    public Builder join(Endpoint value) {
      join = Optional.of(value);
      return this;
    }

    public Builder durability(Durability value) {
      durability = value;
      return this;
    }

    public Builder defaultLevel(Consistency value) {
      defaultLevel = value;
      return this;
    }

    public Builder lab(boolean value) {
      lab = value;
      return this;
    }

    public Builder waitMillis(int value) {
      waitMillis = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder retention(Retention value) {
      retention = value;
      return this;
    }

    public Builder diskReserveBytes(long value) {
      diskReserveBytes = value;
      return this;
    }

    public Builder access(AccessConfig value) {
      access = value;
      return this;
    }

    /** Throws {@link IllegalArgumentException}, with the reason, where something makes no sense. */
    public NodeConfig build() {
      return new NodeConfig(
          id,
          listen,
          resp,
          http,
          memcached,
          join,
          data,
          durability,
          defaultLevel,
          lab,
          waitMillis,
          threads,
          retention,
          diskReserveBytes,
          access);
    }
  }
}
