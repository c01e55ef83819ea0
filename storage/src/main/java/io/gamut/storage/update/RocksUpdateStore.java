package io.gamut.storage.update;

import io.gamut.core.*;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stub. */
public final class RocksUpdateStore implements UpdateStore {
  private final MemoryUpdateStore m = new MemoryUpdateStore();
  private RocksUpdateStore() {}
  public static RocksUpdateStore open(Path p) throws IOException { return new RocksUpdateStore(); }
  public CompletableFuture<Void> checkpointAsync(byte[] b) { return CompletableFuture.completedFuture(null); }
  @Override public void append(Update u) { m.append(u); }
  @Override public @Nullable Update find(Dot d) { return m.find(d); }
  @Override public List<Update> read(Origin o, long a, long b, int c) { return m.read(o,a,b,c); }
  @Override public @Nullable Pair show(Update u) { return m.show(u); }
  @Override public @Nullable Pair lookup(Key k) { return m.lookup(k); }
  @Override public List<Pair> scan(@Nullable Key a, int l) { return m.scan(a,l); }
  @Override public int dropOvertaken(Origin o, long t, int l) { return m.dropOvertaken(o,t,l); }
  @Override public void commit() {}
  @Override public void checkpoint(byte[] s) {}
  @Override public byte @Nullable [] checkpointed() { return null; }
  @Override public void close() {}
}
