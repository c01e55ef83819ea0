package io.gamut.storage.update;

import io.gamut.storage.volume.VolumeLockedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
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
 * A RocksDB with the column families of an update store, opened, read, written, flushed and closed
 * in order; every failure names the directory.
 *
 * <p>Its own write-ahead log is off: the journal stands behind it. All column families are flushed
 * together (atomic flush), so what a crash leaves is the effect of a prefix of the batches. Closing
 * does not flush: what counts was checkpointed, or stands in the journal.
 *
 * <p>Safe for use by several threads. Closing waits for those that are reading; later calls fail.
 */
final class RocksTables implements AutoCloseable {
  /** The column families; the name on disk is the constant's in lower case. */
  enum Table {
    /** Dot to update. */
    LOG,
    /** Key to the version and the dot that won it. */
    VIEW,
    /** Which dot is to be shown by all before which overtaken one may go: rows without content. */
    OVERTAKEN,
    /** Format version and checkpoint. */
    META;

    byte[] diskName() {
      return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }
  }

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
  private final EnumMap<Table, ColumnFamilyHandle> byTable = new EnumMap<>(Table.class);
  private final RocksDB db;
  private final Moment latest;
  private final WriteOptions writeOptions;
  private final FlushOptions flushOptions;
  private boolean closed;

  /** Opens what is in the directory, or makes it. */
  RocksTables(Path directory, RocksStoreOptions options) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    loadLibrary(directory.resolve("native"));
    try {
      ColumnFamilyOptions columnOptions = columnOptions(options);
      DBOptions dbOptions = dbOptions(options);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, columnOptions));
      for (Table table : Table.values()) {
        descriptors.add(new ColumnFamilyDescriptor(table.diskName(), columnOptions));
      }
      latest = new Moment(own(new ReadOptions()));
      writeOptions = own(new WriteOptions().setDisableWAL(true));
      flushOptions = own(new FlushOptions().setWaitForFlush(true));
      db = own(RocksDB.open(dbOptions, directory.toString(), descriptors, columns));
      columns.forEach(this::own);
      Iterator<ColumnFamilyHandle> handle = columns.listIterator(1); // behind RocksDB's default
      for (Table table : Table.values()) {
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

  private ColumnFamilyOptions columnOptions(RocksStoreOptions options) {
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

  private DBOptions dbOptions(RocksStoreOptions options) {
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
    String what = "could not open the store in " + directory + ": " + e.getMessage();
    Status status = e.getStatus();
    if (status != null && status.getCode() == Status.Code.Corruption) {
      return new IOException(
          what + ". It is damaged: delete it, and the server fetches all from the others", e);
    }
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

  /** The latest rows: each read for itself. */
  Moment latest() {
    return latest;
  }

  /** Reads rows as they stand together at one moment, whatever is written meanwhile. */
  <T> T atOneMoment(Function<Moment, T> reading) {
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
  void write(Writing writing) {
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
  void flush() {
    enter();
    try {
      db.flush(flushOptions, columns);
    } catch (RocksDBException e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  /** One of RocksDB's own figures for one column family. */
  long figure(Table table, String property) {
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
        new IOException("the store in " + directory + " failed: " + e.getMessage(), e));
  }

  @Override
  public void close() {
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
  interface Writing {
    void into(Batch batch) throws RocksDBException;
  }

  /** Called for each row in order; says whether to go on. */
  interface Visitor {
    boolean visit(byte[] key, byte[] row);
  }

  /** Rows to be written together. */
  final class Batch {
    private final WriteBatch batch;

    private Batch(WriteBatch batch) {
      this.batch = batch;
    }

    void put(Table table, byte[] key, byte[] row) throws RocksDBException {
      batch.put(column(table), key, row);
    }

    void delete(Table table, byte[] key) throws RocksDBException {
      batch.delete(column(table), key);
    }
  }

  /** The rows as they are read. */
  final class Moment {
    private final ReadOptions options;

    private Moment(ReadOptions options) {
      this.options = options;
    }

    /** The row of a key, or null. */
    byte @Nullable [] get(Table table, byte[] key) {
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
    void each(Table table, byte[] first, Visitor visitor) {
      each(table, options, first, visitor);
    }

    /**
     * Rows with keys from {@code first} to before {@code end}. What was deleted behind that is not
     * read over.
     *
     * @param end empty for none
     */
    void each(Table table, byte[] first, byte[] end, Visitor visitor) {
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
