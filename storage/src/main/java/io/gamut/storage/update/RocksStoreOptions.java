package io.gamut.storage.update;

import io.gamut.storage.rocks.RocksOptions;

/**
 * How much memory a {@link RocksUpdateStore} takes.
 *
 * @param rocks of its RocksDB and its read cache
 * @param recentBytes bytes of the latest updates kept for other replicas, on the Java heap. 8 MiB
 *     by default: what a replica that is seconds behind still lacks
 */
public record RocksStoreOptions(RocksOptions rocks, long recentBytes) {
  public static final RocksStoreOptions DEFAULTS =
      new RocksStoreOptions(RocksOptions.DEFAULTS, 8L << 20);

  public RocksStoreOptions {
    RocksOptions.require(recentBytes, 0, "bytes of recent updates");
  }
}
