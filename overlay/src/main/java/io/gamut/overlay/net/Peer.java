package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.link.BackOff;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is known of one other node, and what is under way to link with it. */
final class Peer {
  final NodeId id;
  final BackOff backOff;
  Endpoint address;

  /** Dialled until a link stands; otherwise it is known from a link that it opened. */
  boolean wanted;

  String lastFailure = "it has not been dialled";
  Refusal.@Nullable Reason toldRefusal;

  private @Nullable Dial dial;
  private @Nullable Future<?> retry;
  private long urgentUntilNanos;
  private boolean urgent;

  Peer(NodeId id, Endpoint address, BackOff backOff) {
    this.id = id;
    this.address = address;
    this.backOff = backOff;
  }

  boolean isDialling() {
    return dial != null;
  }

  void onDial(Dial started) {
    dial = started;
  }

  void onDialEnded() {
    dial = null;
  }

  void onRetryScheduled(Future<?> scheduled) {
    cancelRetry();
    retry = scheduled;
  }

  void cancelRetry() {
    if (retry != null) {
      retry.cancel(false);
      retry = null;
    }
  }

  /** Stops what is under way. */
  void rest() {
    cancelRetry();
    if (dial != null) {
      dial.abandon();
      dial = null;
    }
  }

  /** Dial it until then even if it is a stranger. */
  void urgentUntil(long nanos) {
    urgent = true;
    urgentUntilNanos = nanos;
  }

  boolean isWanted(long nowNanos) {
    urgent = urgent && nowNanos - urgentUntilNanos < 0;
    return wanted || urgent;
  }
}
