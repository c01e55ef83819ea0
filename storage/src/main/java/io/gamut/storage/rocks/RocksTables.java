package io.gamut.storage.rocks;

import io.gamut.storage.volume.VolumeLockedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB with the column families of a store, opened, read, written, flushed and closed in
 * order; every failure names the directory, and has a {@link StoreCorruptException} among its
 * causes if a file is damaged.
 *
 * <p>Its own write-ahead log is off: the journal or the ledger stands behind it. All column
 * families are flushed together (atomic flush), so what a crash leaves is the effect of a prefix of
 * the batches. Closing does not flush: what counts was flushed before, or stands in the journal or
 * the ledger.
 *
 * <p>Safe for use by several threads. Closing waits for those that are reading; later calls fail.
 */
public final class RocksTables implements AutoCloseable {
  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int BACKGROUND_JOBS_MAX = 2;
  private static final int INFO_LOG_FILES = 2;
  private static final long INFO_LOG_BYTES = 1 << 20;
  private static final long SYNC_EVERY_BYTES = 1 << 20;

  private final Path directory;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

  /** Everything native, in the order of making: closed the other way round. */
  private final ArrayDeque<AbstractNativeReference> handles = new ArrayDeque<>();

  private final List<ColumnFamilyHandle> columns = new ArrayList<>();
  private final Map<Table, ColumnFamilyHandle> byTable = new HashMap<>();
  private final RocksDB db;
  private final Moment latest;
  private final WriteOptions writeOptions;
  private final FlushOptions flushOptions;
  private final ExecutorService flusher =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gamut-store-flush").factory());
  private boolean closed;

  /**
   * Opens what is in the directory, or makes it. Throws {@link StoreCorruptException} if it is
   * damaged, and {@link VolumeLockedException} if it is in use.
   *
   * @param tables all column families, always in the same order
   */
  public RocksTables(Path directory, RocksOptions options, List<Table> tables) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    loadLibrary(directory.resolve("native"));
    try {
      ColumnFamilyOptions columnOptions = columnOptions(options);
      DBOptions dbOptions = dbOptions(options);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, columnOptions));
      for (Table table : tables) {
        descriptors.add(new ColumnFamilyDescriptor(table.diskName(), columnOptions));
      }
      latest = new Moment(own(new ReadOptions()));
      writeOptions = own(new WriteOptions().setDisableWAL(true));
      flushOptions = own(new FlushOptions().setWaitForFlush(true));
      db = own(RocksDB.open(dbOptions, directory.toString(), descriptors, columns));
      columns.forEach(this::own);
      Iterator<ColumnFamilyHandle> handle = columns.listIterator(1); // behind RocksDB's default
      for (Table table : tables) {
        byTable.put(table, handle.next());
      }
    } catch (RocksDBException e) {
      closeHandles();
      throw openFailure(e);
    }
  }

  /**
   * Unpacks the native library into a directory that goes with the data. By itself RocksDB would
   * leave a copy in the system's directory for temporary files each time that the process is
   * killed. Where the data may not hold what is executed, that directory is what is left.
   */
  private static void loadLibrary(Path unpacked) throws IOException {
    Files.createDirectories(unpacked);
    try {
      NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
    } catch (UnsatisfiedLinkError _) {
      // Tried again below, from the other directory.
    }
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(
          "RocksDB's native library can be loaded neither from "
              + unpacked
              + " nor from the directory for temporary files. Are both mounted noexec? "
              + e.getMessage(),
          e);
    }
  }

  private <T extends AbstractNativeReference> T own(T handle) {
    handles.push(handle);
    return handle;
  }

  private ColumnFamilyOptions columnOptions(RocksOptions options) {
    Cache blockCache = own(new LRUCache(options.blockCacheBytes()));
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(blockCache)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    return own(
        new ColumnFamilyOptions()
            .setTableFormatConfig(tables)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setWriteBufferSize(options.writeBufferBytes() / 3)
            .setMaxWriteBufferNumber(3));
  }

  private DBOptions dbOptions(RocksOptions options) {
    return own(
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setAvoidFlushDuringShutdown(true)
            .setDbWriteBufferSize(options.writeBufferBytes())
            .setMaxOpenFiles(options.openFilesMax())
            .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
            .setBytesPerSync(SYNC_EVERY_BYTES)
            .setStatsDumpPeriodSec(0)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(INFO_LOG_BYTES)
            .setKeepLogFileNum(INFO_LOG_FILES));
  }

  private IOException openFailure(RocksDBException e) {
    if (isCorruption(e)) {
      return damaged(e);
    }
    String what = "could not open the store in " + directory + ": " + e.getMessage();
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("lock hold by") || message.contains("while lock file")) {
      VolumeLockedException locked =
          new VolumeLockedException(
              "the store in " + directory + " is in use by another server or process");
      locked.initCause(e);
      return locked;
    }
    return new IOException(what, e);
  }

  private StoreCorruptException damaged(RocksDBException e) {
    return new StoreCorruptException(
        "the store in " + directory + " is damaged: " + e.getMessage(), e);
  }

  private static boolean isCorruption(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption;
  }

  /** The least key that is greater. */
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** Where the store is. */
  public Path directory() {
    return directory;
  }

  /** Whether no table holds any row. */
  boolean isEmpty() {
    boolean[] empty = {true};
    for (Table table : byTable.keySet()) {
      latest.each(table, new byte[0], (_, _) -> empty[0] = false);
    }
    return empty[0];
  }

  /** The latest rows: each read for itself. */
  public Moment latest() {
    return latest;
  }

  /** Reads rows as they stand together at one moment, whatever is written meanwhile. */
  public <T> T atOneMoment(Function<Moment, T> reading) {
    enter();
    try {
      Snapshot snapshot = db.getSnapshot();
      try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
        return reading.apply(new Moment(options));
      } finally {
        db.releaseSnapshot(snapshot);
      }
    } finally {
      leave();
    }
  }

  /** Writes a batch: seen by all readers at one moment. */
  public void write(Writing writing) {
    enter();
    try (WriteBatch batch = new WriteBatch()) {
      writing.into(new Batch(batch));
      db.write(writeOptions, batch);
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  /** Brings all that was written to disk, synced; waits for it. */
  public void flush() {
    enter();
    try {
      db.flush(flushOptions, columns);
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  /**
   * Flushes on a thread of the store. When the future completes, all that was written before the
   * call is synced.
   */
  public CompletableFuture<Void> flushLater() {
    return CompletableFuture.runAsync(this::flush, flusher);
  }

  /**
   * Makes a copy of all that was flushed, by hard links where the file system has them. The
   * directory appears at once, complete and synced, or not at all.
   *
   * @param copy must not exist
   */
  public void copyTo(Path copy) throws IOException {
    enter();
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(copy.toString());
    } catch (RocksDBException e) {
      throw new IOException(
          "could not copy the store in " + directory + " to " + copy + ": " + e.getMessage(), e);
    } finally {
      leave();
    }
  }

  /**
   * Flushes and makes a copy, as {@link #copyTo}, on a thread of the store: of all that was written
   * before the call, and perhaps of some that was written after it, whole batches in order.
   */
  public CompletableFuture<Void> copyLater(Path copy) {
    return CompletableFuture.runAsync(
        () -> {
          flush();
          try {
            copyTo(copy);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        flusher);
  }

  /** Roughly how many keys a table has. */
  public long keysEstimate(Table table) {
    return figure(table, "rocksdb.estimate-num-keys");
  }

  /** Bytes of the files of all tables. */
  public long fileBytes() {
    long bytes = 0;
    for (Table table : byTable.keySet()) {
      bytes += figure(table, "rocksdb.total-sst-files-size");
    }
    return bytes;
  }

  /** One of RocksDB's own figures for one column family. */
  private long figure(Table table, String property) {
    enter();
    try {
      return db.getLongProperty(column(table), property);
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  private ColumnFamilyHandle column(Table table) {
    return Objects.requireNonNull(byTable.get(table));
  }

  private void enter() {
    life.readLock().lock();
    if (closed) {
      life.readLock().unlock();
      throw new IllegalStateException("the store in " + directory + " is closed");
    }
  }

  private void leave() {
    life.readLock().unlock();
  }

  private UncheckedIOException failure(RocksDBException e) {
    return new UncheckedIOException(
        isCorruption(e)
            ? damaged(e)
            : new IOException("the store in " + directory + " failed: " + e.getMessage(), e));
  }

  /** Closes once a running flush has ended. */
  @Override
  public void close() {
    flusher.close();
    life.writeLock().lock();
    try {
      closed = true;
      closeHandles();
    } finally {
      life.writeLock().unlock();
    }
  }

  private void closeHandles() {
    while (!handles.isEmpty()) {
      handles.pop().close();
    }
  }

  /** Says what a batch holds. */
  public interface Writing {
    void into(Batch batch) throws RocksDBException;
  }

  /** Called for each row in order; says whether to go on. */
  public interface Visitor {
    boolean visit(byte[] key, byte[] row);
  }

  /** Rows to be written together. */
  public final class Batch {
    private final WriteBatch batch;

    private Batch(WriteBatch batch) {
      this.batch = batch;
    }

    public void put(Table table, byte[] key, byte[] row) throws RocksDBException {
      batch.put(column(table), key, row);
    }

    public void delete(Table table, byte[] key) throws RocksDBException {
      batch.delete(column(table), key);
    }

    /** Deletes rows with keys from {@code first} to before {@code end}. */
    public void deleteRange(Table table, byte[] first, byte[] end) throws RocksDBException {
      batch.deleteRange(column(table), first, end);
    }
  }

  /** The rows as they are read. */
  public final class Moment {
    private final ReadOptions options;

    private Moment(ReadOptions options) {
      this.options = options;
    }

    /** The row of a key, or null. */
    public byte @Nullable [] get(Table table, byte[] key) {
      enter();
      try {
        return db.get(column(table), options, key);
      } catch (RocksDBException e) {
        throw failure(e);
      } finally {
        leave();
      }
    }

    /** Rows with keys from {@code first} on, ascending, until the visitor has enough. */
    public void each(Table table, byte[] first, Visitor visitor) {
      each(table, options, first, visitor);
    }

    /**
     * Rows with keys from {@code first} to before {@code end}. What was deleted behind that is not
     * read over.
     *
     * @param end empty for none
     */
    public void each(Table table, byte[] first, byte[] end, Visitor visitor) {
      if (end.length == 0) {
        each(table, first, visitor);
        return;
      }
      try (Slice bound = new Slice(end);
          ReadOptions bounded = new ReadOptions(options).setIterateUpperBound(bound)) {
        each(table, bounded, first, visitor);
      }
    }

    private void each(Table table, ReadOptions reading, byte[] first, Visitor visitor) {
      enter();
      try (RocksIterator rows = db.newIterator(column(table), reading)) {
        rows.seek(first);
        while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
          rows.next();
        }
        rows.status();
      } catch (RocksDBException e) {
        throw failure(e);
      } finally {
        leave();
      }
    }
  }
}
