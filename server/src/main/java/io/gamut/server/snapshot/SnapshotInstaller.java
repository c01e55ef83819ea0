package io.gamut.server.snapshot;

import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.storage.committed.RocksCommittedStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a state from elsewhere in the place of this server's committed state.
 *
 * <p><b>Why a crash does no harm at any moment.</b> The received files are synced before their
 * directory is named as the one in use, and that is durable before the replica hears of the new
 * state. So until the naming a start finds the old state and the journal behind it, and the new
 * directory is deleted as left over. After it a start finds the new state, at S. The ledger's log,
 * as the journal tells it, begins at or before S: its base is moved by checkpoints only, one that
 * was begun before the naming reaches no further than what was applied then, which was before S,
 * and none is begun until the new state is in use here ({@link SnapshotHost#setInstalling}). If S
 * is in the log, what follows it there is applied again; if not, the log begins anew behind S, by
 * what the core recorded when it installed S, or, where that record was lost, by what it finds when
 * it recovers.
 *
 * <p><b>While the naming is under way</b> the replica goes on, and may be given so many entries
 * that it has passed S. Then the old directory is named again: a crash in between lets the server
 * find S and apply the entries behind it once more.
 *
 * <p>The journal, the identity and the weak updates are not touched. Thread rules: the replica's
 * thread, but for {@link #open} and {@link #close}.
 */
final class SnapshotInstaller implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotInstaller.class);

  private final CommittedPlace place;
  private final SnapshotHost host;
  private final SnapshotThread thread;

  /** Opened, and neither in use nor closed. */
  private final AtomicReference<@Nullable RocksCommittedStore> waiting = new AtomicReference<>();

  SnapshotInstaller(CommittedPlace place, SnapshotHost host, SnapshotThread thread) {
    this.place = place;
    this.host = host;
    this.thread = thread;
  }

  /** A store was opened, and is to be installed: closed by {@link #close} if it is not. */
  OpenedSnapshot open(OpenedSnapshot opened) {
    waiting.set(opened.store());
    return opened;
  }

  /**
   * Installs a state, if it is ahead of what is applied here.
   *
   * @param done is told what has become of it
   */
  void install(OpenedSnapshot opened, Consumer<Reason> done) {
    if (!isAhead(opened)) {
      discard(opened);
      done.accept(Reason.NOT_NEEDED);
      return;
    }
    host.setInstalling(true);
    thread.run(
        () -> {
          Path former = place.inUse();
          place.use(opened.directory());
          return former;
        },
        former -> onNamed(opened, former, done),
        failure -> onNotNamed(opened, failure, done));
  }

  private boolean isAhead(OpenedSnapshot opened) {
    return opened.point().index() > host.applied();
  }

  private void onNamed(OpenedSnapshot opened, Path former, Consumer<Reason> done) {
    if (!isAhead(opened)) {
      nameAgain(opened, former, done);
      return;
    }
    waiting.set(null);
    RocksCommittedStore replaced = host.install(opened.store(), opened.point());
    host.setInstalling(false);
    thread.runAside(
        "delete " + former,
        () -> {
          replaced.close();
          Directories.delete(former);
        });
    done.accept(Reason.INSTALLED);
  }

  private void nameAgain(OpenedSnapshot opened, Path former, Consumer<Reason> done) {
    thread.run(
        () -> {
          place.use(former);
          return former;
        },
        _ -> {
          host.setInstalling(false);
          discard(opened);
          done.accept(Reason.NOT_NEEDED);
        },
        host::fail);
  }

  /** If the disk names the new state all the same, nobody can say what a crash would leave. */
  private void onNotNamed(OpenedSnapshot opened, Exception failure, Consumer<Reason> done) {
    LOGGER.warn("Could not put the received state to use", failure);
    thread.run(
        place::inUse,
        inUse -> {
          if (inUse.equals(opened.directory())) {
            host.fail(failure);
          } else {
            host.setInstalling(false);
            discard(opened);
            done.accept(Reason.FAILED);
          }
        },
        host::fail);
  }

  private void discard(OpenedSnapshot opened) {
    waiting.set(null);
    thread.runAside("delete " + opened.directory(), opened::discard);
  }

  /** Closes what was not installed. After the thread was closed. */
  @Override
  public void close() {
    RocksCommittedStore left = waiting.getAndSet(null);
    if (left != null) {
      left.close();
    }
  }
}
