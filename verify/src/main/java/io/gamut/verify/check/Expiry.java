package io.gamut.verify.check;

import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That what expires is gone after its life: a strong read that begins later than the write ended,
 * its life, and a tolerance for clocks that differ and for ledger time, which moves in steps, does
 * not meet it. A bounded read may be behind by its bound as well, and a sequential one by the age
 * that its receipt tells; without one it may be anywhere in the past. Nor do replicas show it in
 * the end, which is no earlier than the last answer to a write. That it is there before that is
 * {@link Linearizability}. Of O(n) steps.
 */
public final class Expiry {
  static final String PROMISE = "expiry";

  private static final long ANY = Long.MAX_VALUE;

  private final long toleranceNanos;
  private final List<Violation> violations = new ArrayList<>();

  private Expiry(long toleranceNanos) {
    this.toleranceNanos = toleranceNanos;
  }

  /**
   * Judges a history.
   *
   * @param toleranceNanos how much later than it should it may go
   */
  public static Verdict check(History history, long toleranceNanos) {
    Expiry expiry = new Expiry(toleranceNanos);
    long end = lastWritten(history);
    history
        .byKey()
        .forEach((key, ofKey) -> {
          if (ofKey.stream().anyMatch(Steps::isExpiring)) {
            Writes.OfKey writes = Writes.of(ofKey).at(key);
            expiry.checkReads(ofKey, writes);
            expiry.checkEnds(key, history.ends(), writes, end);
          }
        });
    return Verdict.of(expiry.violations);
  }

  /** How many reads it weighs: of keys that something expires at. */
  static long judged(History history) {
    return history.byKey().values().stream()
        .filter(ofKey -> ofKey.stream().anyMatch(Steps::isExpiring))
        .mapToLong(ofKey -> ofKey.stream().filter(read -> behind(read) != ANY).count())
        .sum();
  }

  private static long lastWritten(History history) {
    return history.requests().stream()
        .filter(request -> request.isOk() && !request.isRead())
        .mapToLong(Request::responded)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** How far in the past a read may be; {@link #ANY} if it is not judged. */
  private static long behind(Operation read) {
    if (read.kind() != Kind.READ || !read.isOk()) {
      return ANY;
    }
    return switch (read.level()) {
      case LINEARIZABLE -> 0;
      case BOUNDED -> read.request().boundNanos();
      case SEQUENTIAL -> read.ageNanos() == Receipt.AGE_UNKNOWN ? ANY : read.ageNanos();
      case EVENTUAL, SESSION, CAUSAL -> ANY;
    };
  }

  private void checkReads(List<Operation> operations, Writes.OfKey writes) {
    for (Operation read : operations) {
      long behind = behind(read);
      Operation write =
          behind == ANY || read.value() == null ? null : expiring(writes.source(read));
      if (write != null && read.invoked() > Times.after(goneAfter(write), behind)) {
        violations.add(new Violation(PROMISE, "it was there after its life", List.of(write, read)));
      }
    }
  }

  private void checkEnds(
      String key, Map<Integer, Map<String, Shown>> ends, Writes.OfKey writes, long end) {
    ends.forEach((replica, pairs) -> {
      Shown shown = pairs.getOrDefault(key, Shown.NOTHING);
      Operation write =
          shown.value() == null ? null : expiring(writes.source(shown.value(), shown.version()));
      if (write != null && end > goneAfter(write)) {
        violations.add(
            new Violation(
                PROMISE,
                "it is shown in the end, after its life, by replica " + replica,
                List.of(write)));
      }
    });
  }

  /** The write itself, if it is known when it expires; else null. */
  private static @Nullable Operation expiring(@Nullable Operation write) {
    return write != null && write.isOk() && Steps.isExpiring(write) ? write : null;
  }

  private long goneAfter(Operation write) {
    return Times.after(Times.after(write.responded(), write.step().lifeNanos()), toleranceNanos);
  }
}
