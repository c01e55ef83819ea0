package io.gamut.verify.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store that does one request after the other, and so keeps every promise. It may leave out what
 * an answer need not say: versions of values, sums, lengths, whole answers.
 */
final class CorrectStore {
  private static final int SESSIONS = 3;
  private static final int REPLICAS = 3;
  private static final List<Consistency> LEVELS = List.of(Consistency.values());
  private static final long PAUSE_NANOS_MAX = 4_000_000_000L;

  /** Registers, counters that are also written, lists, texts that are also appended to. */
  private static final Map<String, List<Kind>> KINDS =
      new TreeMap<>(
          Map.of(
              "r", List.of(Kind.WRITE, Kind.DELETE, Kind.COMPARE_AND_SET),
              "n", List.of(Kind.ADD, Kind.ADD, Kind.WRITE, Kind.DELETE, Kind.COMPARE_AND_SET),
              "c", List.of(Kind.ADD),
              "l", List.of(Kind.APPEND),
              "t", List.of(Kind.APPEND, Kind.WRITE, Kind.DELETE, Kind.COMPARE_AND_SET)));

  private record Row(@Nullable String value, Version version, long expires) {}

  private final Random random;
  private final boolean areVersionsTold;
  private final boolean mayExpire;
  private final Map<String, Row> rows = new HashMap<>();
  private long now;
  private int written;

  CorrectStore(long seed) {
    random = new Random(seed);
    areVersionsTold = random.nextBoolean();
    mayExpire = random.nextInt(3) == 0;
  }

  /** What its clients have seen after so many requests. */
  History run(int count) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request(i));
    }
    Map<Integer, Map<String, Shown>> ends = new TreeMap<>();
    for (int replica = 0; replica < REPLICAS; replica++) {
      Map<String, Shown> pairs = new TreeMap<>();
      rows.forEach((key, row) -> pairs.put(key, new Shown(value(key), row.version)));
      ends.put(replica, pairs);
    }
    return new History(requests, List.of(), ends);
  }

  private boolean isPercent(int percent) {
    return random.nextInt(100) < percent;
  }

  private Request request(int number) {
    long invoked = now + 1;
    now = invoked + 1 + random.nextLong(isPercent(50) ? 100 : PAUSE_NANOS_MAX);
    boolean isAnswered = isPercent(90);
    boolean isLost = !isAnswered && isPercent(50);
    Map<String, Row> before = new HashMap<>(rows);
    List<Step> steps = new ArrayList<>();
    Set<String> changed = new HashSet<>();
    Version version = Histories.version(number + 1L);
    int count = isPercent(70) ? 1 : 3;
    for (int i = 0; i < count; i++) {
      Step step = step(Objects.requireNonNull(version), changed);
      if (isAnswered) {
        steps.add(said(step));
      } else if (!step.kind().isRead()) {
        steps.add(unsaid(step));
      }
    }
    if (isLost) {
      rows.clear();
      rows.putAll(before);
    }
    if (steps.isEmpty()) {
      return request(number);
    }
    Consistency level = LEVELS.get(random.nextInt(LEVELS.size()));
    level = isPercent(50) ? Consistency.LINEARIZABLE : level;
    return new Request(
        number,
        random.nextInt(SESSIONS),
        level,
        level == Consistency.BOUNDED ? 10 : 0,
        steps,
        isAnswered ? Outcome.OK : Outcome.UNKNOWN,
        invoked,
        ++now,
        isAnswered ? new Receipt(level, 0, isPercent(50) ? 5 : Receipt.AGE_UNKNOWN) : null);
  }

  /** One that is done, with all that could be said of it. */
  private Step step(Version version, Set<String> changed) {
    List<String> keys = List.copyOf(KINDS.keySet());
    String key = keys.get(random.nextInt(keys.size()));
    List<Kind> kinds = Objects.requireNonNull(KINDS.get(key));
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    Row row = rows.get(key);
    String value = value(key);
    if (changed.contains(key) || isPercent(40)) {
      // What has expired may have been collected.
      boolean isCollected = row != null && value == null && row.value != null && isPercent(50);
      return Step.of(Kind.READ, key, value, row == null || isCollected ? null : row.version);
    }
    if (kind == Kind.COMPARE_AND_SET && isPercent(40)) {
      String other = isPercent(50) || value == null ? "none" : null;
      return new Step(Kind.MISMATCH, key, null, other, row == null ? null : row.version, 0);
    }
    boolean isNumber = key.equals("n");
    String next = isNumber ? "" + random.nextInt(3) : isPercent(80) ? "v" + ++written : "w";
    long life = kind == Kind.WRITE && mayExpire && isPercent(50) ? 5_000_000_000L : 0;
    String argument =
        switch (kind) {
          case ADD -> "1";
          case APPEND -> (isPercent(80) ? "e" + ++written : "ü") + GrowingLists.END;
          case COMPARE_AND_SET -> value;
          case READ, WRITE, DELETE, MISMATCH -> null;
        };
    boolean writes = kind.writesValue();
    Step asked = new Step(kind, key, writes ? next : null, argument, version, life);
    String after = Register.after(asked, value);
    rows.put(key, new Row(after, version, life == 0 ? Long.MAX_VALUE : now + life));
    changed.add(key);
    String answer =
        switch (kind) {
          case ADD -> after;
          case APPEND -> "" + Objects.requireNonNull(after).getBytes(UTF_8).length;
          case READ, WRITE, DELETE, COMPARE_AND_SET, MISMATCH -> asked.value();
        };
    return new Step(kind, key, answer, argument, version, life);
  }

  private @Nullable String value(String key) {
    Row row = rows.get(key);
    return row == null || row.expires <= now ? null : row.value;
  }

  /** What is said of a step that was answered. */
  private Step said(Step step) {
    boolean mayBeUntold = step.kind() == Kind.ADD || step.kind() == Kind.APPEND;
    boolean isUntold = mayBeUntold && isPercent(20);
    boolean isAbsence = step.kind() == Kind.READ && step.value() == null;
    boolean isNameless = !areVersionsTold && !isAbsence && isPercent(30);
    return new Step(
        step.kind(),
        step.key(),
        isUntold ? null : step.value(),
        step.argument(),
        isNameless ? null : step.version(),
        step.lifeNanos());
  }

  /** What is known of one that was not. */
  private static Step unsaid(Step step) {
    String value = step.kind().writesValue() ? step.value() : null;
    return new Step(step.kind(), step.key(), value, step.argument(), null, step.lifeNanos());
  }
}
