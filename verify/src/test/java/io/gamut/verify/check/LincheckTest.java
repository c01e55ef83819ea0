package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.verify.file.HistoryReader;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.ValueResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.HBClock;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.verifier.linearizability.LinearizabilityVerifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Histories are handed to a judge that others have made: the verifier of Lincheck (Koval, Fedorov,
 * Sokolova, Tsitelov and Alistarh, "Lincheck", CAV 2023), which looks for an order of the
 * operations that a sequential program answers in the same way.
 */
final class LincheckTest {
  private static final long BYTES_MAX = 64 << 20;
  private static final int HISTORIES = Integer.getInteger("gamut.histories", 300);

  /** A store of registers that does one thing after the other; Lincheck runs it by reflection. */
  public static final class Registers {
    private final Map<String, String> values = new HashMap<>();

    public String read(String key) {
      return values.getOrDefault(key, "absent");
    }

    public String write(String key, String value) {
      values.put(key, value);
      return "done";
    }

    public String delete(String key) {
      values.remove(key);
      return "done";
    }

    public String compareAndSet(String key, String expected, String value) {
      if (!read(key).equals(expected)) {
        return "mismatch";
      }
      return write(key, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Registers registers && values.equals(registers.values);
    }

    @Override
    public int hashCode() {
      return values.hashCode();
    }
  }

  // Handing a history over

  private static boolean acceptsLincheck(History history) {
    List<List<Operation>> sessions = List.copyOf(history.bySession().values());
    List<List<Actor>> actors = new ArrayList<>();
    List<List<ResultWithClock>> results = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      List<Actor> own = new ArrayList<>();
      List<ResultWithClock> answers = new ArrayList<>();
      for (Operation operation : sessions.get(i)) {
        own.add(actor(operation));
        HBClock before = new HBClock(before(operation, i, sessions));
        answers.add(new ResultWithClock(new ValueResult(answer(operation)), before));
      }
      actors.add(own);
      results.add(answers);
    }
    ExecutionScenario scenario = new ExecutionScenario(List.of(), actors, List.of());
    ExecutionResult result = new ExecutionResult(List.of(), results, List.of());
    return new LinearizabilityVerifier(Registers.class).verifyResults(scenario, result);
  }

  /** How many operations of each session have come before one in real time. */
  private static int[] before(Operation operation, int own, List<List<Operation>> sessions) {
    int[] before = new int[sessions.size()];
    for (int i = 0; i < before.length; i++) {
      before[i] =
          i == own
              ? sessions.get(i).indexOf(operation)
              : (int)
                  sessions.get(i).stream()
                      .filter(other -> other.responded() < operation.invoked())
                      .count();
    }
    return before;
  }

  private static Actor actor(Operation operation) {
    String key = operation.key();
    return switch (operation.kind()) {
      case READ -> actor("read", key);
      case WRITE -> actor("write", key, String.valueOf(operation.value()));
      case DELETE -> actor("delete", key);
      case COMPARE_AND_SET, MISMATCH ->
          actor(
              "compareAndSet",
              key,
              Objects.requireNonNullElse(operation.argument(), "absent"),
              String.valueOf(operation.value()));
      case ADD, APPEND -> throw new IllegalArgumentException("no register does it: " + operation);
    };
  }

  private static Actor actor(String name, String... arguments) {
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, String.class);
    try {
      Method method = Registers.class.getMethod(name, types);
      return new Actor(method, List.of((Object[]) arguments));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static String answer(Operation operation) {
    return switch (operation.kind()) {
      case READ -> Objects.requireNonNullElse(operation.value(), "absent");
      case MISMATCH -> "mismatch";
      default -> "done";
    };
  }

  // What both say

  private static boolean accepts(History history) {
    Verdict verdict = Linearizability.check(history, BYTES_MAX);
    assertThat(verdict).isNotInstanceOf(Verdict.Unknown.class);
    return verdict instanceof Verdict.Holds;
  }

  /** Small, since Lincheck's verifier tries every order before it rejects one. */
  private static List<Operation> correct(long seed) {
    return new SimulatedRegisters(seed, 2, 3, 0, 0).run(5);
  }

  @Test
  void bothAcceptWhatCorrectRegistersDo() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      History history = History.of(correct(seed));
      assertThat(accepts(history)).as("seed %d", seed).isTrue();
      assertThat(acceptsLincheck(history)).as("seed %d", seed).isTrue();
    }
  }

  /** A read returns something else that was written at its key. */
  @Test
  void bothSayTheSameOfWhatWasTamperedWith() {
    int[] verdicts = new int[2];
    for (int seed = 0; seed < HISTORIES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Operation> operations = correct(seed);
      int chosen = random.nextInt(operations.size());
      Operation read = operations.get(chosen);
      Operation write = operations.get(random.nextInt(operations.size()));
      if (read.kind() == Kind.READ
          && write.kind() == Kind.WRITE
          && write.key().equals(read.key())) {
        operations.set(chosen, SimulatedRegisters.mutated(read, write.value(), write.version()));
        History history = History.of(operations);
        boolean isAccepted = accepts(history);
        assertThat(acceptsLincheck(history)).as("seed %d", seed).isEqualTo(isAccepted);
        verdicts[isAccepted ? 1 : 0]++;
      }
    }
    assertThat(verdicts[0]).as("broken ones").isGreaterThan(HISTORIES / 20);
  }

  /** Of a live cluster of three servers, one of which was killed meanwhile. */
  @Test
  void bothAcceptWhatServersDidAndNotWhatTheyDidNot() throws IOException {
    List<Operation> recorded = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(LincheckTest.class.getResourceAsStream("/recorded.jsonl"))) {
      recorded.addAll(HistoryReader.read(in).history().operations());
    }
    int rejected = 0;
    for (List<Operation> ofKey : History.of(recorded).byKey().values()) {
      assertThat(accepts(History.of(ofKey))).isTrue();
      assertThat(acceptsLincheck(History.of(ofKey))).isTrue();
      for (List<Operation> tampered : withEachReadTampered(ofKey)) {
        boolean isAccepted = accepts(History.of(tampered));
        assertThat(acceptsLincheck(History.of(tampered))).isEqualTo(isAccepted);
        rejected += isAccepted ? 0 : 1;
      }
    }
    assertThat(rejected).isGreaterThan(50);
  }

  /** Each read, one after the other, returns what was written first. */
  private static List<List<Operation>> withEachReadTampered(List<Operation> operations) {
    Optional<Operation> first =
        operations.stream().filter(each -> each.kind().writesValue()).findFirst();
    List<List<Operation>> tampered = new ArrayList<>();
    for (int i = 0; first.isPresent() && i < operations.size(); i++) {
      if (operations.get(i).kind() == Kind.READ) {
        List<Operation> copy = new ArrayList<>(operations);
        copy.set(
            i,
            SimulatedRegisters.mutated(
                operations.get(i), first.get().value(), first.get().version()));
        tampered.add(copy);
      }
    }
    return tampered;
  }
}
