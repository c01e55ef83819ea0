package io.gamut.storage.rocks;

/**
 * How much memory one store in RocksDB takes, most of it outside the Java heap. Several stores may
 * live in one process, so each is small by default.
 *
 * @param writeBufferBytes bytes of all write buffers together, at least 1 MiB. Flushed to files a
 *     third at a time, so that writes go on while a flush runs. 48 MiB by default: a server that
 *     takes 10 MB/s then flushes every two seconds, in files that are worth a file
 * @param blockCacheBytes bytes of file blocks, indices and filters in memory, for what the read
 *     cache misses. 32 MiB by default
 * @param openFilesMax files held open. 256 by default: more than 15 GB of data in files of 64 MiB,
 *     and far below what a process may open
 * @param readCacheBytes bytes of pairs kept ready for readers, on the Java heap. 32 MiB by default:
 *     100,000 hot keys with small values
 * @param cachedValueBytesMax bytes up to which a value is kept ready. 1 MiB by default, a 32nd of
 *     the cache: a large value that is asked for again and again is not read from files each time,
 *     and one that is not has to be asked for more often than the small ones that it would push out
 */
public record RocksOptions(
    long writeBufferBytes,
    long blockCacheBytes,
    int openFilesMax,
    long readCacheBytes,
    int cachedValueBytesMax) {
  public static final RocksOptions DEFAULTS =
      new RocksOptions(48L << 20, 32L << 20, 256, 32L << 20, 1 << 20);

  private static final long WRITE_BUFFER_BYTES_MIN = 1 << 20;
  private static final int OPEN_FILES_MIN = 16;

  public RocksOptions {
    require(writeBufferBytes, WRITE_BUFFER_BYTES_MIN, "bytes of write buffers");
    require(blockCacheBytes, 0, "bytes of block cache");
    require(openFilesMax, OPEN_FILES_MIN, "open files");
    require(readCacheBytes, 0, "bytes of read cache");
    require(cachedValueBytesMax, 0, "bytes of a cached value");
  }

  /** Throws {@link IllegalArgumentException} if less is given than a store needs. */
  public static void require(long given, long least, String what) {
    if (given < least) {
      throw new IllegalArgumentException(
          "a store needs at least " + least + " " + what + ", not " + given);
    }
  }
}
