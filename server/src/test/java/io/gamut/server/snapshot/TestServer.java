package io.gamut.server.snapshot;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.storage.committed.RocksCommittedStore;
import io.gamut.storage.committed.SwitchableCommittedStore;
import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that has nothing but its committed state, and links to others that tests may bend. */
final class TestServer implements SnapshotHost, SnapshotLinks, AutoCloseable {
  private static final int VALUE_BYTES = 64 << 10;
  private static final RocksOptions SMALL = new RocksOptions(4 << 20, 1 << 20, 32, 40_000, 6_000);

  final Participant self;
  final Path data;
  final CommittedPlace place;
  final SwitchableCommittedStore store;
  final StateMachine machine;
  final Snapshots snapshots;
  final List<SnapshotMessage> sent = new CopyOnWriteArrayList<>();
  final List<AppliedPoint> installed = new CopyOnWriteArrayList<>();
  Way way = (_, _) -> {};
  Runnable beforeNaming = () -> {};
  boolean isInstalling;
  boolean isReachable = true;
  long baseIndex;
  @Nullable Throwable failure;

  /** Where messages go. */
  interface Way {
    void deliver(NodeId to, byte[] message);
  }

  TestServer(int id, Path data, ScheduledExecutorService loop) throws IOException {
    self = new Participant(new NodeId(id), 100 + id);
    this.data = Files.createDirectories(data);
    place = CommittedPlace.open(data);
    store = new SwitchableCommittedStore(RocksCommittedStore.open(place.inUse(), SMALL));
    machine = new StateMachine(store);
    SplittableRandom random = new SplittableRandom(id);
    snapshots = new Snapshots(self, place, this, this, loop, random::nextLong);
  }

  static Row row(long index) {
    byte[] bytes = new byte[VALUE_BYTES];
    new SplittableRandom(index).nextBytes(bytes);
    return new Row(new Version(index, new Origin(1, 1)), Content.Value.of(bytes));
  }

  static Key key(long index) {
    return Key.of("k" + index);
  }

  /** Applies entries, each with a row, up to an index. */
  void applyThrough(long last) {
    for (long index = applied() + 1; index <= last; index++) {
      machine.apply(new Entry(index, 1, Entry.NoOp.NO_OP), (_, _, _) -> {});
      store.put(key(index), row(index));
      machine.commit();
    }
  }

  /** Whether it holds all rows up to what is applied. */
  boolean isComplete() {
    for (long index = 1; index <= applied(); index++) {
      if (!row(index).equals(store.find(key(index)))) {
        return false;
      }
    }
    return store.find(key(applied() + 1)) == null;
  }

  List<String> directories() {
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(Files::isDirectory).map(each -> "" + each.getFileName()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long applied() {
    return machine.applied().index();
  }

  @Override
  public long baseIndex() {
    return baseIndex;
  }

  @Override
  public CompletableFuture<Void> save(Path directory) {
    return store.saveToAsync(directory);
  }

  @Override
  public void setInstalling(boolean installing) {
    isInstalling = installing;
    if (installing) {
      beforeNaming.run();
    }
  }

  @Override
  public RocksCommittedStore install(RocksCommittedStore state, AppliedPoint point) {
    RocksCommittedStore former = store.switchTo(state);
    machine.onInstalled();
    installed.add(point);
    return former;
  }

  @Override
  public void fail(Throwable reason) {
    failure = reason;
  }

  @Override
  public boolean send(NodeId to, byte[] message) {
    sent.add(SnapshotCodec.decode(message));
    way.deliver(to, message);
    return true;
  }

  @Override
  public boolean reaches(NodeId node) {
    return isReachable;
  }

  /** After {@link Snapshots#stop}. */
  @Override
  public void close() {
    snapshots.close();
    store.close();
  }
}
