package io.gamut.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The definitions of docs/consistency.md hold in every state of every scope, and all are needed.
 */
final class ModelTest {
  /** A rule left out, a scope that is to show it, and words of the property that it breaks. */
  record Planted(Fault fault, Scope scope, String reportedAs) {
    @Override
    public String toString() {
      return fault + " in " + scope;
    }
  }

  private static final String RISING = "versions that took effect at a key rise";
  private static final String IN_ORDER = "absorbed in order, once, and to its end only";
  private static final String CAUSES = "before its dependencies";
  private static final String NEVER_OLDER = "a session never reads older";
  private static final String DISCARDED = "discarded only if its server was removed";
  private static final String NEEDLESS_LOSS = "loses a dependency only if";

  static List<Scope> quick() {
    return Scopes.QUICK;
  }

  static List<Scope> slow() {
    return Scopes.SLOW;
  }

  static Stream<Planted> faults() {
    return Stream.of(
        new Planted(Fault.ABSORBED_OUT_OF_TURN, Scopes.CHAIN, IN_ORDER),
        new Planted(Fault.ABSORBED_WITHOUT_DEPENDENCIES, Scopes.CHAIN, "causes come before"),
        new Planted(
            Fault.STRONG_WITHOUT_DEPENDENCIES, Scopes.STRONG_AFTER_WEAK, "comes after all that"),
        new Planted(Fault.STRONG_KEEPS_ITS_STAMP, Scopes.LEVELS, RISING),
        new Planted(Fault.EFFECTIVE_VERSION_SHARED, Scopes.PROPOSERS, "names one write"),
        new Planted(Fault.OVERTAKING_NOT_CHECKED, Scopes.LEVELS, RISING),
        new Planted(Fault.RANGE_TOMBSTONE_NOT_CHECKED, Scopes.RANGE, RISING),
        new Planted(Fault.PROPOSERS_NOT_CHECKED, Scopes.PROPOSERS, "takes effect once"),
        new Planted(Fault.PROPOSERS_BY_MAXIMUM, Scopes.PROPOSERS, "in its order"),
        new Planted(Fault.CLOSE_IGNORED, Scopes.LOSS, IN_ORDER),
        new Planted(Fault.CLOSED_ONCE_ONLY, Scopes.LOSSES, "waits for ever"),
        new Planted(Fault.VOID_NOT_SATISFIED, Scopes.LOSSES, "absorbed in the end"),
        new Planted(Fault.VOID_WITH_ALL_BEFORE, Scopes.LOSSES, "causes come before"),
        new Planted(Fault.STRONG_WAITS_FOR_VOID, Scopes.LOSS, "answered in the end"),
        new Planted(Fault.NOT_FENCED, Scopes.LOSS, NEEDLESS_LOSS),
        new Planted(Fault.NEWCOMER_NOT_ASKED, Scopes.RETURN_AND_LOSS, NEEDLESS_LOSS),
        new Planted(Fault.NOT_OFFERED_AGAIN, Scopes.RETURN, "absorbed in the end"),
        new Planted(Fault.CAUSAL_WRITE_ACCEPTED_ANYWHERE, Scopes.CAUSES, "shows what it accepted"),
        new Planted(
            Fault.CAUSAL_WRITE_ACCEPTED_BEFORE_INDEX, Scopes.CAUSES, "shows what it accepted"),
        new Planted(Fault.OFFERED_AGAIN_UNSEEN, Scopes.RETURN_AND_LOSS, "shows what it accepted"),
        new Planted(Fault.FLOOR_WITHOUT_PROMISES, Scopes.FLOOR, DISCARDED),
        new Planted(Fault.FLOOR_WITHOUT_ABSORPTION, Scopes.FLOOR, DISCARDED),
        new Planted(Fault.FLOOR_WITHOUT_CLOSED, Scopes.FLOOR_AND_RETURN, DISCARDED),
        new Planted(Fault.PROMISE_NOT_KEPT, Scopes.FLOOR_AND_RETRY, DISCARDED),
        new Planted(Fault.RETRY_BELOW_PROMISE, Scopes.FLOOR_AND_RETRY, DISCARDED),
        new Planted(Fault.STAMPED_BEFORE_ADMISSION, Scopes.FLOOR_AND_RETURN, DISCARDED),
        new Planted(Fault.BELOW_FLOOR_TAKEN, Scopes.FLOOR_AND_RETURN, RISING),
        new Planted(Fault.BELOW_FLOOR_SHOWN, Scopes.FLOOR_AND_RETURN, "a view is never older"),
        new Planted(Fault.STRONG_BELOW_FLOOR, Scopes.FLOOR_AND_STRONG, RISING),
        new Planted(Fault.SHOWN_WITHOUT_DEPENDENCIES, Scopes.CAUSES, CAUSES),
        new Planted(Fault.TOKEN_DROPPED_AT_STRONG_READ, Scopes.LEVELS, NEVER_OLDER),
        new Planted(Fault.INDEX_IGNORED_BY_WEAK_READ, Scopes.LEVELS, NEVER_OLDER),
        new Planted(
            Fault.INDEX_NOT_CARRIED_BY_UPDATE, Scopes.WEAK_AFTER_STRONG, "before its causes"),
        new Planted(Fault.ABSENCE_NOT_REMEMBERED, Scopes.FLOOR, NEVER_OLDER),
        new Planted(Fault.STAMP_NOT_AFTER_SESSION, Scopes.PROPOSERS, "comes after all that"),
        new Planted(Fault.CLOCK_NOT_MERGED, Scopes.WEAK_AFTER_STRONG, "comes after all that"),
        new Planted(Fault.RETRY_STAMPED_ANEW, Scopes.RETRIES, "takes effect once"),
        new Planted(Fault.LINEARIZABLE_NOT_CONFIRMED, Scopes.LEVELS, "acknowledged before it"),
        new Planted(Fault.STRONG_READ_BEFORE_ABSORPTION, Scopes.LEVELS, NEVER_OLDER));
  }

  @ParameterizedTest
  @MethodSource("quick")
  void noStateBreaksADefinition(Scope scope) {
    assertThat(Explorer.explore(scope, Fault.NONE).violation()).isNull();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("slow")
  void noStateOfALargerScopeBreaksADefinition(Scope scope) {
    assertThat(Explorer.explore(scope, Fault.NONE).violation()).isNull();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aRuleLeftOutIsMissed(Planted planted) {
    Explorer.Result result = Explorer.explore(planted.scope(), planted.fault());
    assertThat(result.violation()).as("%d states", result.states()).isNotNull();
    assertThat(result.violation()).contains(planted.reportedAs());
  }

  @Test
  void everyFaultIsPlanted() {
    assertThat(faults().map(Planted::fault))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Fault.values()).filter(fault -> fault != Fault.NONE).toList());
  }

  @Test
  void aScopeOfEveryBuildHasMoreThanAHundredThousandStates() {
    assertThat(Explorer.explore(Scopes.LOSS, Fault.NONE).states()).isGreaterThan(100_000);
  }
}
