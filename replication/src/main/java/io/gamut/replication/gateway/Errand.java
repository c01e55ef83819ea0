package io.gamut.replication.gateway;

import io.gamut.core.NodeId;
import io.gamut.replication.remote.Question;
import io.gamut.replication.strong.Freshness;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A question that servers are asked until one has answered it. */
final class Errand {
  /** Its place among all that this gateway was asked. */
  final long order;

  final Lane lane;
  final Purpose purpose;
  final long waitUntilNanos;
  final Set<NodeId> asked = new HashSet<>();

  /** Servers that have said for certain that they did not do it, and could not. */
  final Set<NodeId> refusers = new HashSet<>();

  /** What it is asked under. */
  long number;

  Question question;
  @Nullable NodeId current;
  long sentNanos;

  /** Whether one may have done it of whom nothing was heard. */
  boolean isLost;

  /** Whether it is a write that came too late for the version that it had. */
  boolean isLate;

  /** For whom it is done. */
  sealed interface Purpose {
    record OfRequest(long request) implements Purpose {}

    /** Of an operation that waits until all that its session has met is absorbed. */
    record OfHeld(Lane.Held held) implements Purpose {}
  }

  Errand(
      long order, long number, Lane lane, Purpose purpose, Question question, long waitUntilNanos) {
    this.order = order;
    this.number = number;
    this.lane = lane;
    this.purpose = purpose;
    this.question = question;
    this.waitUntilNanos = waitUntilNanos;
  }

  /** Whether it changes something, so that it matters whether it was done. */
  boolean isChange() {
    return question instanceof Question.Write || question instanceof Question.Remove;
  }

  /** Whether another write of the same lane came later, and has a version already. */
  boolean isBefore(Errand other) {
    return other.lane == lane
        && other.order > order
        && other.question instanceof Question.Write write
        && write.stamp() != null;
  }

  /** Whether it may be asked again of whom nothing was heard. */
  boolean isRepeatable() {
    return !(question instanceof Question.Remove);
  }

  /** Whether a leader answers it best. */
  boolean isForLeader() {
    return switch (question) {
      case Question.Committed(var _, var freshness, int _) ->
          purpose instanceof Purpose.OfHeld || freshness instanceof Freshness.Latest;
      case Question.Remove _ -> true;
      case Question.Read _, Question.Write _, Question.Listing _, Question.Look _ -> false;
    };
  }
}
