package io.gamut.server;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.snapshot.SnapshotHost;
import io.gamut.server.snapshot.SnapshotLinks;
import io.gamut.storage.committed.RocksCommittedStore;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A group's replica as those see it that send and replace its committed state.
 *
 * @param step takes an input of the strong world
 * @param onFailure what to do when the server cannot go on
 */
record GroupSnapshots(
    GroupDisk disk, Overlay overlay, Consumer<StrongInput> step, Consumer<Throwable> onFailure)
    implements SnapshotHost, SnapshotLinks {
  @Override
  public long applied() {
    return disk.replica().machine().applied().index();
  }

  @Override
  public long baseIndex() {
    return disk.replica().ledger().kept().base().index();
  }

  @Override
  public CompletableFuture<Void> save(Path directory) {
    return disk.save(directory);
  }

  @Override
  public void setInstalling(boolean isInstalling) {
    disk.setInstalling(isInstalling);
  }

  @Override
  public RocksCommittedStore install(RocksCommittedStore state, AppliedPoint point) {
    RocksCommittedStore former = disk.committed().switchTo(state);
    step.accept(new StrongInput.Installed(point));
    return former;
  }

  @Override
  public void fail(Throwable failure) {
    onFailure.accept(failure);
  }

  @Override
  public boolean send(NodeId to, byte[] message) {
    return overlay.send(to, Channel.SNAPSHOT, message);
  }

  @Override
  public boolean reaches(NodeId node) {
    return overlay.reachable().contains(node);
  }
}
