package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Change;
import io.gamut.core.Change.Arithmetic;
import io.gamut.core.Change.ExpiryRule;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Decimals;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.Operation.Transaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Transacted;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.Renewal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strong operations do to values, one kind of change after the other. */
final class OperationsTest extends StateMachineByHand {
  private static final long NOW = 5_000;

  private long number;

  @BeforeEach
  void begin() {
    execute(batch(PROPOSER, ++number, NOW, put("v")));
  }

  private OperationResult run(Operation operation) {
    return execute(batch(PROPOSER, ++number, NOW, operation)).getFirst();
  }

  private ChangeResult make(Change change) {
    return changed(run(Operation.of(change)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable String text(Key key) {
    ChangeResult found = changed(run(Operation.of(new Change.Look(key))));
    Content.Value value = found.before();
    return value == null ? null : new String(value.bytes(), StandardCharsets.UTF_8);
  }

  private long expiry(Key key) {
    Content.Value value = make(new Change.Look(key)).before();
    assertThat(value).isNotNull();
    return value.expiresAtMillis();
  }

  @Test
  void lookingChangesNothing() {
    long hash = machine.hash();
    ChangeResult seen = make(new Change.Look(KEY));
    assertThat(seen.before()).isEqualTo(value("v"));
    assertThat(seen.version()).isEqualTo(row().version());
    ChangeResult nothing = make(new Change.Look(OTHER));
    assertThat(nothing.before()).isNull();
    assertThat(nothing.version()).isNull();
    assertThat(machine.hash()).isEqualTo(hash);
  }

  @Test
  void aChangeThatLeavesAValueAsItIsGivesItNoVersion() {
    assertThat(make(new Change.ExpireAt(KEY, 9_000, ExpiryRule.IF_SOME)).version())
        .isEqualTo(row().version());
    assertThat(make(new Change.ExpireAt(OTHER, 9_000)).version()).isNull();
    assertThat(store.find(OTHER)).isNull();
  }

  @Test
  void expiriesAreSetByTheirRule() {
    assertThat(make(new Change.ExpireAt(KEY, 9_000, ExpiryRule.IF_SOME)).number()).isZero();
    assertThat(make(new Change.ExpireAt(KEY, 9_000, ExpiryRule.IF_LATER)).number()).isZero();
    assertThat(make(new Change.ExpireAt(KEY, 9_000, ExpiryRule.IF_SOONER)).number()).isOne();
    assertThat(make(new Change.ExpireAt(KEY, 9_500, ExpiryRule.IF_SOONER)).number()).isZero();
    assertThat(make(new Change.ExpireAt(KEY, 9_500, ExpiryRule.IF_NONE)).number()).isZero();
    assertThat(make(new Change.ExpireAt(KEY, 9_500, ExpiryRule.IF_LATER)).number()).isOne();
    assertThat(expiry(KEY)).isEqualTo(9_500);
    assertThat(make(new Change.ExpireAt(KEY, 0, ExpiryRule.IF_SOME)).number()).isOne();
    assertThat(expiry(KEY)).isZero();
    assertThat(make(new Change.ExpireAt(KEY, 1)).number()).isOne();
    assertThat(text(KEY)).isNull();
  }

  @Test
  void aRewriteKeepsTheExpiryAndAPutDoesNot() {
    make(new Change.ExpireAt(KEY, 9_000));
    make(new Change.Rewrite(KEY, bytes("w"), 7));
    assertThat(row().content()).isEqualTo(new Content.Value(bytes("w"), 7, 9_000));
    make(new Change.Put(KEY, value("x")));
    assertThat(row().content()).isEqualTo(value("x"));
    make(new Change.ExpireAt(KEY, NOW));
    make(new Change.Rewrite(KEY, bytes("y"), 0));
    assertThat(row().content()).isEqualTo(value("y"));
  }

  @Test
  void unsignedNumbersWrapAroundAndDoNotFallBelowZero() {
    make(new Change.Put(KEY, value("0018446744073709551615")));
    assertThat(run(Operation.of(new Change.Increment(KEY, 1, Arithmetic.UNSIGNED_UP))))
        .isEqualTo(new Failed(Problem.NOT_A_NUMBER));
    make(new Change.Put(KEY, value("18446744073709551615")));
    assertThat(make(new Change.Increment(KEY, 0, Arithmetic.UNSIGNED_UP)).number()).isEqualTo(-1);
    assertThat(make(new Change.Increment(KEY, 3, Arithmetic.UNSIGNED_UP)).number()).isEqualTo(2);
    assertThat(make(new Change.Increment(KEY, -1, Arithmetic.UNSIGNED_DOWN)).number()).isZero();
    make(new Change.Put(KEY, value("007")));
    assertThat(make(new Change.Increment(KEY, 1, Arithmetic.UNSIGNED_DOWN)).number()).isEqualTo(6);
    make(new Change.Put(KEY, value("-1")));
    assertThat(run(Operation.of(new Change.Increment(KEY, 1, Arithmetic.UNSIGNED_UP))))
        .isEqualTo(new Failed(Problem.NOT_A_NUMBER));
  }

  @Test
  void decimalsAreAddedExactly() {
    make(new Change.IncrementDecimal(OTHER, new BigDecimal("0.1")));
    make(new Change.IncrementDecimal(OTHER, new BigDecimal("0.2")));
    assertThat(text(OTHER)).isEqualTo("0.3");
    make(new Change.Put(OTHER, value("5.0e3")));
    make(new Change.IncrementDecimal(OTHER, new BigDecimal("200")));
    assertThat(text(OTHER)).isEqualTo("5200");
    make(new Change.IncrementDecimal(OTHER, new BigDecimal("-5200")));
    assertThat(text(OTHER)).isEqualTo("0");
    assertThat(run(Operation.of(new Change.IncrementDecimal(KEY, BigDecimal.ONE))))
        .isEqualTo(new Failed(Problem.NOT_A_DECIMAL));
    make(new Change.Put(OTHER, value("1e308")));
    assertThat(run(Operation.of(new Change.IncrementDecimal(OTHER, new BigDecimal("9e308")))))
        .isEqualTo(new Failed(Problem.NOT_A_DECIMAL));
    assertThat(Decimals.parse(bytes("1e309"))).isNull();
    assertThat(Decimals.parse(bytes("1e-9999"))).isEqualByComparingTo("0");
  }

  @Test
  void bytesAreWrittenOverAndZerosFillTheGap() {
    assertThat(make(new Change.Overwrite(KEY, 3, bytes("xy"))).number()).isEqualTo(5);
    assertThat(text(KEY)).isEqualTo("v\0\0xy");
    assertThat(make(new Change.Overwrite(KEY, 0, bytes("w"))).number()).isEqualTo(5);
    assertThat(make(new Change.Overwrite(KEY, 9, new byte[0])).number()).isEqualTo(5);
    assertThat(make(new Change.Overwrite(OTHER, 9, new byte[0])).number()).isZero();
    assertThat(store.find(OTHER)).isNull();
    assertThat(run(Operation.of(new Change.Overwrite(KEY, Limits.VALUE_BYTES_MAX, bytes("x")))))
        .isEqualTo(new Failed(Problem.TOO_LONG));
  }

  @Test
  void aKeyMovesWithItsExpiryAndFlags() {
    make(new Change.Put(KEY, new Content.Value(bytes("v"), 3, 9_000)));
    Operation move =
        new Minitransaction(
            List.of(new Condition.Present(KEY)),
            List.of(new Change.Copy(OTHER, KEY), new Change.Put(KEY, Content.Tombstone.TOMBSTONE)),
            false);
    assertThat(run(move)).isInstanceOf(Changed.class);
    assertThat(text(KEY)).isNull();
    assertThat(make(new Change.Look(OTHER)).before())
        .isEqualTo(new Content.Value(bytes("v"), 3, 9_000));
    assertThat(run(move)).isInstanceOf(Unmet.class);
  }

  @Test
  void whatIsDueIsClaimedOnce() {
    assertThat(make(new Change.Claim(OTHER, 9_000)).number()).isZero();
    assertThat(make(new Change.Claim(KEY, 9_000)).number()).isZero();
    make(new Change.Put(KEY, new Content.Value(bytes("v"), 3, 9_000)));
    assertThat(make(new Change.Claim(KEY, 9_000)).number()).isZero();
    assertThat(make(new Change.Claim(KEY, 9_001)).number()).isEqualTo(1);
    assertThat(make(new Change.Claim(KEY, 9_001)).number()).isZero();
    make(new Change.Renew(KEY, Renewal.STALE));
    assertThat(make(new Change.Claim(KEY, 0)).number()).isEqualTo(1);
    assertThat(make(new Change.Claim(KEY, 9_001)).number()).isZero();
    assertThat(make(new Change.Look(KEY)).before())
        .isEqualTo(new Content.Value(bytes("v"), 3, 9_000, Renewal.STALE_AND_CLAIMED));
  }

  @Test
  void aTagStandsForAVersion() {
    long tag = row().version().tag();
    Operation first =
        Operation.when(new Condition.TagIs(KEY, tag), new Change.Put(KEY, value("a")));
    assertThat(run(first)).isInstanceOf(Changed.class);
    assertThat(run(first)).isInstanceOf(Unmet.class);
  }

  @Test
  void stepsOfATransactionSeeThoseBeforeAndAFailedOneLeavesNothing() {
    Operation steps =
        new Transaction(
            List.of(new Condition.VersionIs(KEY, row().version())),
            List.of(
                Operation.of(new Change.Put(OTHER, value("1"))),
                Operation.of(new Change.Increment(OTHER, 1)),
                new Minitransaction(
                    List.of(),
                    List.of(new Change.Put(OTHER, value("x")), new Change.Increment(KEY, 1)),
                    false),
                Operation.when(new Condition.Absent(OTHER), new Change.Put(OTHER, value("y"))),
                Operation.of(new Change.Look(OTHER))));
    Transacted done = (Transacted) run(steps);
    assertThat(changed(done.steps().get(1)).number()).isEqualTo(2);
    assertThat(done.steps().get(2)).isEqualTo(new Failed(Problem.NOT_A_NUMBER));
    assertThat(done.steps().get(3)).isInstanceOf(Unmet.class);
    assertThat(changed(done.steps().get(4)).before()).isEqualTo(value("2"));
    assertThat(OperationResult.made(steps, done)).hasSize(3);
    make(new Change.Put(KEY, value("w")));
    assertThat(run(steps)).isInstanceOf(Unmet.class);
    assertThat(text(OTHER)).isEqualTo("2");
  }

  @Test
  void fewBytesDoNotMakeMany() {
    make(new Change.Put(KEY, Content.Value.of(new byte[Limits.VALUE_BYTES_MAX])));
    List<Change> copies = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      copies.add(new Change.Copy(Key.of("copy-" + i), KEY));
    }
    assertThat(run(new Minitransaction(List.of(), copies, false)))
        .isEqualTo(new Failed(Problem.TOO_MUCH));
    assertThat(run(new Minitransaction(List.of(), copies.subList(0, 8), false)))
        .isInstanceOf(Changed.class);
  }
}
