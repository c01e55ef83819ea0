package io.gamut.replication;

import io.gamut.replication.AwaitingDisk.PromiseKept;
import org.jspecify.annotations.Nullable;

/**
 * Promises not to stamp at or below a bound any more, so that tombstones up to it may be collected.
 *
 * <p>The bound is the latest timestamp that the clock has given or met, or the wall clock's: what
 * is stamped from now on is later by itself. It is made durable as the bound of the clock, above
 * which a restart begins. A write that was stamped by an earlier try, at or below it, is refused:
 * see {@link Admission}.
 */
final class Promising {
  private final Stamping stamping;
  private final Reception reception;
  private final DiskQueue disk;
  private boolean isUnderWay;
  private @Nullable Promise kept;

  Promising(Stamping stamping, Reception reception, DiskQueue disk) {
    this.stamping = stamping;
    this.reception = reception;
    this.disk = disk;
  }

  /** Promises again, unless the last promise is not durable yet. */
  void begin(Now now, Effects effects) {
    if (!isUnderWay) {
      isUnderWay = true;
      Promise promise = new Promise(stamping.promise(now), reception.accepted());
      disk.persist(stamping.boundRecord(), new PromiseKept(promise), effects);
    }
  }

  void onDurable(Promise promise) {
    isUnderWay = false;
    kept = promise;
  }

  /** The last durable promise of this life, if there is one. */
  @Nullable Promise kept() {
    return kept;
  }
}
