package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.verify.history.History;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Histories that were published, as good ones or as bad ones, for every checker. */
final class LiteratureTest {
  private static final long BYTES_MAX = 64 << 20;
  private static final int EACH_MIN = 10;

  private static Map<String, Function<History, Verdict>> checkers() {
    Map<String, Function<History, Verdict>> checkers = new TreeMap<>();
    checkers.put("linearizability", history -> Linearizability.check(history, BYTES_MAX));
    checkers.put("strict-serializability", history -> Serializability.check(history, BYTES_MAX));
    checkers.put("sequential-consistency", history -> SequentialOrder.check(history, BYTES_MAX));
    checkers.put("causality", Causality::check);
    checkers.put("read-your-writes", SessionGuarantees.READ_YOUR_WRITES::check);
    checkers.put("monotonic-reads", SessionGuarantees.MONOTONIC_READS::check);
    checkers.put("monotonic-writes", SessionGuarantees.MONOTONIC_WRITES::check);
    checkers.put("writes-follow-reads", SessionGuarantees.WRITES_FOLLOW_READS::check);
    checkers.put("bounded-staleness", Staleness::check);
    checkers.put("growing-lists", GrowingLists::check);
    checkers.put("expiry", history -> Expiry.check(history, 5));
    checkers.put("versions", Versions::check);
    checkers.put("level", Levels::check);
    return checkers;
  }

  @TestFactory
  Stream<DynamicTest> everyHistoryIsJudgedAsItShouldBe() {
    return checkers().entrySet().stream()
        .flatMap(checker -> {
          List<Script.Case> cases = read(checker.getKey());
          assertThat(cases).as(checker.getKey()).hasSizeGreaterThanOrEqualTo(EACH_MIN);
          return cases.stream()
              .map(each ->
                  DynamicTest.dynamicTest(
                      checker.getKey() + ": " + each,
                      () -> require(each, checker.getValue().apply(each.history()))));
        });
  }

  private static void require(Script.Case each, Verdict verdict) {
    if (each.isGood()) {
      assertThat(verdict).isEqualTo(new Verdict.Holds());
    } else {
      assertThat(verdict).isInstanceOf(Verdict.Violated.class);
    }
  }

  private static List<Script.Case> read(String name) {
    try {
      return Script.read(name);
    } catch (IOException e) {
      throw new AssertionError("no histories: " + name, e);
    }
  }
}
