package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Histories of correct registers: each operation gets a moment between its ends at which it takes
 * effect, and then they are carried out in the order of these.
 */
final class SimulatedRegisters {
  private static final Origin STAMPER = new Origin(0, 1);

  private final SplittableRandom random;
  private final int keys;
  private final int sessions;
  private final int weakPercent;
  private final int deletePercent;

  /** An operation that will take effect at a moment; never, if that is past the end of time. */
  private record Planned(
      int session, Consistency level, Kind kind, String key, long from, long to, long effect) {}

  /** What a register holds. */
  private record Held(@Nullable String value, @Nullable Version version) {}

  SimulatedRegisters(long seed, int keys, int sessions, int weakPercent, int deletePercent) {
    random = new SplittableRandom(seed);
    this.keys = keys;
    this.sessions = sessions;
    this.weakPercent = weakPercent;
    this.deletePercent = deletePercent;
  }

  /** A history of so many operations of each session. */
  List<Operation> run(int each) {
    List<Planned> planned = new ArrayList<>();
    for (int session = 0; session < sessions; session++) {
      long time = random.nextLong(100);
      for (int i = 0; i < each; i++) {
        long to = time + 2 + random.nextLong(100);
        planned.add(plan(session, time, to));
        time = to + 1 + random.nextLong(10);
      }
    }
    planned.sort(Comparator.comparingLong(Planned::effect));
    return execute(planned);
  }

  private Planned plan(int session, long from, long to) {
    String key = "k" + random.nextInt(keys);
    Kind kind = Kind.READ;
    if (random.nextInt(100) < 50) {
      kind = random.nextInt(100) < deletePercent ? Kind.DELETE : Kind.WRITE;
    }
    long effect = from + 1 + random.nextLong(to - from - 1);
    boolean isWeak = kind != Kind.READ && random.nextInt(100) < weakPercent;
    if (isWeak) {
      effect = random.nextInt(5) == 0 ? Long.MAX_VALUE : from + 1 + random.nextLong(3_000);
    }
    Consistency level = isWeak ? Consistency.EVENTUAL : Consistency.LINEARIZABLE;
    return new Planned(session, level, kind, key, from, to, effect);
  }

  private List<Operation> execute(List<Planned> planned) {
    Map<String, Held> registers = new HashMap<>();
    List<Operation> operations = new ArrayList<>(planned.size());
    for (int i = 0; i < planned.size(); i++) {
      Planned each = planned.get(i);
      Held held = registers.getOrDefault(each.key, new Held(null, null));
      if (each.kind != Kind.READ) {
        held = new Held(each.kind == Kind.WRITE ? "v" + i : null, new Version(i + 1L, STAMPER));
        if (each.effect < Long.MAX_VALUE) {
          registers.put(each.key, held);
        }
      }
      operations.add(
          Operation.alone(
              i,
              each.session,
              each.level,
              Step.of(each.kind, each.key, held.value, held.version),
              Outcome.OK,
              each.from,
              each.to,
              null));
    }
    return operations;
  }

  /** Lets a read return what another write wrote. */
  static Operation mutated(Operation read, @Nullable String value, @Nullable Version version) {
    return Operation.alone(
        read.request().number(),
        read.session(),
        read.level(),
        Step.of(read.kind(), read.key(), value, version),
        read.outcome(),
        read.invoked(),
        read.responded(),
        read.request().receipt());
  }
}
