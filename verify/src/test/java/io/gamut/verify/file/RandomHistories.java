package io.gamut.verify.file;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Histories in which everything that a history can say is said, whether it makes sense or not. */
final class RandomHistories {
  private static final List<String> WORDS =
      List.of("v", "", "two words", "line\nbreak", "\"quoted\\\"", "größe", "\u0000\u2028", "🙂");

  private final SplittableRandom random;

  RandomHistories(long seed) {
    random = new SplittableRandom(seed);
  }

  Recording recording() {
    List<Request> requests = new ArrayList<>();
    Map<Integer, String> processes = new TreeMap<>();
    long number = random.nextLong(1L << 40);
    for (int session = 0; session < 4; session++) {
      if (random.nextBoolean()) {
        processes.put(session, "client-" + session % 2);
      }
      long time = random.nextLong(1_000);
      int count = processes.containsKey(session) ? 1 + random.nextInt(9) : random.nextInt(9);
      for (int i = 0; i < count; i++) {
        long responded = time + 1 + random.nextLong(100);
        requests.add(request(number++, session, time, responded));
        time = responded + random.nextLong(3);
      }
    }
    List<Event> events = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      events.add(new Event(100 - i, "cut", word()));
    }
    return new Recording(
        new History(requests, events, ends()), Map.of("seed", word()), processes, List.of());
  }

  private Map<Integer, Map<String, Shown>> ends() {
    Map<Integer, Map<String, Shown>> ends = new TreeMap<>();
    for (int replica = random.nextInt(4); replica > 0; replica--) {
      Map<String, Shown> shown = new TreeMap<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        shown.put(word(), new Shown(random.nextBoolean() ? word() : null, version()));
      }
      ends.put(replica, shown);
    }
    return ends;
  }

  private Request request(long number, int session, long invoked, long responded) {
    Outcome outcome = one(Outcome.values());
    List<Step> steps = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      steps.add(step(outcome));
    }
    Consistency level = one(Consistency.values());
    long bound = level == Consistency.BOUNDED ? 1 + random.nextLong(1_000) : 0;
    Receipt receipt =
        random.nextBoolean()
            ? null
            : new Receipt(level, random.nextInt(3) - 1, random.nextLong(5) - 1);
    return new Request(number, session, level, bound, steps, outcome, invoked, responded, receipt);
  }

  private Step step(Outcome outcome) {
    Kind kind = one(Kind.values());
    boolean isOk = outcome == Outcome.OK;
    Version version = isOk ? version() : null;
    String maybe = isOk && random.nextBoolean() ? word() : null;
    return switch (kind) {
      case READ -> Step.of(kind, word(), maybe, version);
      case WRITE ->
          new Step(kind, word(), word(), null, version, random.nextBoolean() ? 0 : 5_000_000);
      case DELETE -> Step.of(kind, word(), null, version);
      case ADD, APPEND -> new Step(kind, word(), maybe, word(), version, 0);
      case COMPARE_AND_SET -> new Step(kind, word(), word(), maybe, version, 0);
      case MISMATCH -> new Step(kind, word(), null, maybe, version, 0);
    };
  }

  private @Nullable Version version() {
    return random.nextBoolean()
        ? null
        : new Version(random.nextLong(1L << 62), new Origin(random.nextLong(), random.nextLong()));
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private <T> T one(T[] all) {
    return all[random.nextInt(all.length)];
  }
}
