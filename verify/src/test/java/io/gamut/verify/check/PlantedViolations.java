package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Large histories of correct registers, into which requests are put that break a promise. */
public final class PlantedViolations {
  private static final int SESSIONS = 16;
  private static final long FIRST = 1_000_000;

  private final List<Request> requests = new ArrayList<>();
  private long next = FIRST;

  /** As many requests as there are, on thirty keys. */
  public PlantedViolations(int requests) {
    new SimulatedRegisters(7, 30, SESSIONS, 0, 0)
        .run(requests / SESSIONS)
        .forEach(operation -> this.requests.add(operation.request()));
  }

  /** Puts one in, of a session beside the others. */
  public PlantedViolations with(int session, long from, Step... steps) {
    requests.add(
        new Request(
            next++,
            100 + session,
            Consistency.LINEARIZABLE,
            0,
            List.of(steps),
            Outcome.OK,
            from,
            from + 5,
            null));
    return this;
  }

  /** A step with a version; 0 for none. */
  public static Step step(Kind kind, String key, @Nullable String value, long version) {
    Version stamped = Histories.version(version);
    return kind == Kind.ADD
        ? new Step(kind, key, value, "1", stamped, 0)
        : Step.of(kind, key, value, stamped);
  }

  /** Lets a read in the middle return what was overwritten before it began. */
  public PlantedViolations withStaleRead() {
    for (int i = requests.size() / 2; i < requests.size(); i++) {
      Request read = requests.get(i);
      Step step = read.steps().getFirst();
      for (Request write : requests.subList(0, requests.size() / 4)) {
        Step written = write.steps().getFirst();
        if (read.isRead() && !write.isRead() && written.key().equals(step.key())) {
          requests.set(
              i,
              SimulatedRegisters.mutated(
                      new Operation(read, step), written.value(), written.version())
                  .request());
          return this;
        }
      }
    }
    throw new AssertionError("there is no read to plant it in");
  }

  public History history() {
    return new History(requests);
  }
}
