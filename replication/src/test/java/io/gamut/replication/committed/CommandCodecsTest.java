package io.gamut.replication.committed;

import static io.gamut.replication.Codecs.check;
import static io.gamut.replication.Codecs.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Decimals;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Origin;
import io.gamut.core.Renewal;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.message.Update;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What stands in the ledger and beside the committed state, and that it will be read for ever. */
final class CommandCodecsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(1, 2);
  private static final Version VERSION = new Version(77, ORIGIN);
  private static final byte[] BYTES = {1, 2, 3};
  private static final Content.Value VALUE = new Content.Value(BYTES, 5, 99);

  private static final Operation ALL =
      new Operation.Minitransaction(
          List.of(
              new Condition.Absent(KEY),
              new Condition.Present(KEY),
              new Condition.VersionIs(KEY, VERSION),
              new Condition.ValueIs(KEY, BYTES)),
          List.of(
              new Change.Put(KEY, VALUE),
              new Change.Put(KEY, Content.Tombstone.TOMBSTONE),
              new Change.Increment(KEY, -3),
              new Change.Append(KEY, BYTES, false),
              new Change.Append(KEY, BYTES, true),
              new Change.ExpireAt(KEY, 12)),
          true);

  private static final Operation STEPS =
      new Operation.Transaction(
          List.of(new Condition.TagIs(KEY, -5)),
          List.of(
              new Operation.Minitransaction(
                  List.of(new Condition.TagIs(KEY, 5)),
                  List.of(
                      new Change.Look(KEY),
                      new Change.Rewrite(KEY, BYTES, -1),
                      new Change.Increment(KEY, -3, Change.Arithmetic.UNSIGNED_UP),
                      new Change.Increment(KEY, 3, Change.Arithmetic.UNSIGNED_DOWN),
                      new Change.IncrementDecimal(KEY, decimal("-3.25")),
                      new Change.Overwrite(KEY, 300, BYTES),
                      new Change.ExpireAt(KEY, 12, Change.ExpiryRule.IF_NONE),
                      new Change.ExpireAt(KEY, 12, Change.ExpiryRule.IF_SOME),
                      new Change.ExpireAt(KEY, 12, Change.ExpiryRule.IF_LATER),
                      new Change.ExpireAt(KEY, 12, Change.ExpiryRule.IF_SOONER),
                      new Change.Copy(KEY, Key.of("source"))),
                  true),
              Operation.nothing()));

  private static final Command.Operations RENEWING =
      new Command.Operations(
          new Proposer(3, 4),
          9,
          8,
          VersionVector.EMPTY,
          VERSION,
          List.of(
              new Operation.Minitransaction(
                  List.of(new Condition.TagIsNot(KEY, 5)),
                  List.of(
                      new Change.Rewrite(KEY, BYTES, 3, true),
                      new Change.Renew(KEY, Renewal.STALE),
                      new Change.Claim(KEY, 12),
                      new Change.Put(
                          KEY, new Content.Value(BYTES, -1, 12, Renewal.STALE_AND_CLAIMED))),
                  true)));

  private static BigDecimal decimal(String text) {
    return Objects.requireNonNull(Decimals.parse(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static final Command.Operations TRANSACTION =
      new Command.Operations(
          new Proposer(3, 4), 9, 8, VersionVector.EMPTY, VERSION, List.of(STEPS));

  private static final List<OperationResult> TRANSACTED =
      List.of(
          new OperationResult.Transacted(
              List.of(
                  new OperationResult.Changed(List.of(new ChangeResult(null, true, 1, VALUE))),
                  new OperationResult.Failed(OperationResult.Problem.NOT_A_DECIMAL),
                  new OperationResult.Unmet(0, null))),
          new OperationResult.Failed(OperationResult.Problem.TOO_MUCH));

  private static final Command.Operations OPERATIONS =
      new Command.Operations(
          new Proposer(3, 4),
          9,
          8,
          VersionVector.of(new Dot(ORIGIN, 6)),
          VERSION,
          Arrays.asList(ALL, null, Operation.of(new Change.Put(KEY, VALUE))));

  private static final Command.Absorb ABSORB =
      new Command.Absorb(
          List.of(new Update(new Dot(ORIGIN, 1), VERSION, VersionVector.EMPTY, 11, KEY, VALUE)));

  private static final Command.Operations CLEAR =
      new Command.Operations(
          new Proposer(3, 4), 9, 8, VersionVector.EMPTY, VERSION, List.of(Operation.Clear.CLEAR));
  private static final List<OperationResult> CLEARED =
      List.of(
          new OperationResult.Cleared(VERSION),
          new OperationResult.Failed(OperationResult.Problem.LOST));
  private static final Participant DISK = new Participant(new NodeId(3), 4);
  private static final Command.Condemn CONDEMN = new Command.Condemn(DISK, true);
  private static final Command.Close CLOSE =
      new Command.Close(DISK, 1, new Ends(Map.of(ORIGIN, 0L)), List.of(DISK));
  private static final Command.RaiseFloor RAISE_FLOOR =
      new Command.RaiseFloor(9, List.of(DISK), VersionVector.of(new Dot(ORIGIN, 6)));

  private static final List<OperationResult> RESULTS =
      List.of(
          new OperationResult.Changed(
              List.of(
                  new ChangeResult(VERSION, true, -7, VALUE),
                  new ChangeResult(VERSION, false, 0, null))),
          new OperationResult.Unmet(2, VERSION),
          new OperationResult.Unmet(0, null),
          new OperationResult.Failed(OperationResult.Problem.OVERFLOW),
          OperationResult.Withdrawn.WITHDRAWN);

  @Test
  void commandsComeBackAndNothingElseIsTaken() {
    check("operations", OPERATIONS, CommandCodec.encode(OPERATIONS), CommandCodec::decode);
    check("absorbed updates", ABSORB, CommandCodec.encode(ABSORB), CommandCodec::decode);
    check("a lost disk", CONDEMN, CommandCodec.encode(CONDEMN), CommandCodec::decode);
    check("a closed origin", CLOSE, CommandCodec.encode(CLOSE), CommandCodec::decode);
    check("a floor", RAISE_FLOOR, CommandCodec.encode(RAISE_FLOOR), CommandCodec::decode);
    random("command", CommandCodec::decode);
  }

  @Test
  void transactionsComeBackAndNothingElseIsTaken() {
    check("a transaction", TRANSACTION, CommandCodec.encode(TRANSACTION), CommandCodec::decode);
    check("values made anew", RENEWING, CommandCodec.encode(RENEWING), CommandCodec::decode);
    check("its reply", TRANSACTED, ResultCodec.encode(TRANSACTED), ResultCodec::decode);
  }

  @Test
  void repliesComeBackAndNothingElseIsTaken() {
    check("clearing", CLEAR, CommandCodec.encode(CLEAR), CommandCodec::decode);
    check("cleared", CLEARED, ResultCodec.encode(CLEARED), ResultCodec::decode);
    check("replies", RESULTS, ResultCodec.encode(RESULTS), ResultCodec::decode);
    random("replies", ResultCodec::decode);
  }

  @Test
  void aBatchIsNotAnsweredBeforeItIsOffered() {
    byte[] odd =
        CommandCodec.encode(
            new Command.Operations(
                new Proposer(3, 4), 9, 9, VersionVector.EMPTY, VERSION, List.of()));
    assertThatThrownBy(() -> CommandCodec.decode(odd)).isInstanceOf(InvalidDataException.class);
  }

  /** The ledger is replayed by later releases: these bytes must mean the same for ever. */
  @Test
  void commandsOfFormatOneAreReadAsTheyWereWritten() {
    assertThat(HEX.formatHex(CommandCodec.encode(OPERATIONS))).isEqualTo(SAMPLE_OPERATIONS);
    assertThat(HEX.formatHex(CommandCodec.encode(ABSORB))).isEqualTo(SAMPLE_ABSORB);
    assertThat(HEX.formatHex(ResultCodec.encode(RESULTS))).isEqualTo(SAMPLE_RESULTS);
    assertThat(HEX.formatHex(CommandCodec.encode(CLEAR))).isEqualTo(SAMPLE_CLEAR);
    assertThat(HEX.formatHex(ResultCodec.encode(CLEARED))).isEqualTo(SAMPLE_CLEARED);
    assertThat(HEX.formatHex(CommandCodec.encode(CONDEMN))).isEqualTo(SAMPLE_CONDEMN);
    assertThat(HEX.formatHex(CommandCodec.encode(CLOSE))).isEqualTo(SAMPLE_CLOSE);
    assertThat(HEX.formatHex(CommandCodec.encode(RAISE_FLOOR))).isEqualTo(SAMPLE_RAISE_FLOOR);
  }

  @Test
  void theStateOfAnEmptyLedger() {
    byte[] state = CommittedState.of(null).encode();
    assertThat(HEX.formatHex(state)).isEqualTo(SAMPLE_STATE);
    assertThat(again(HEX.parseHex(SAMPLE_STATE_OF_FORMAT_1))).isEqualTo(SAMPLE_STATE);
    check("state", HEX.formatHex(state), state, CommandCodecsTest::again);
    random("state", CommandCodecsTest::again);
  }

  private static String again(byte[] state) {
    return HEX.formatHex(CommittedState.of(state).encode());
  }

  @Test
  void proposersComeBack() {
    Proposers proposers = Proposers.none();
    proposers.onApplied(new Proposer(5, 6), 7, 3, 1_000);
    proposers.onApplied(new Proposer(-5, 8), 1, 0, 2_000);
    BinaryWriter out = new BinaryWriter();
    proposers.write(out);
    Proposers back = Proposers.read(new BinaryReader(out.toByteArray()));
    assertThat(back.find(5)).isEqualTo(proposers.find(5));
    assertThat(back.find(-5)).isEqualTo(proposers.find(-5));
    assertThat(back.find(6)).isNull();
  }

  private static final String SAMPLE_OPERATIONS =
      "01010000000000000003000000000000000409080100000000000000010000000000000002060000"
          + "00000000004d0000000000000001000000000000000203010401016b02016b03016b000000000000"
          + "004d0000000000000001000000000000000204016b030102030602016b05630301020301016b0301"
          + "6bfffffffffffffffd04016b0301020305016b0301020306016b0c0200000102016b056303010203";
  private static final String SAMPLE_ABSORB =
      "010201e30000000000000001000000000000000201000000000000004d0b016b056303010203";
  private static final String SAMPLE_RESULTS =
      "05010203000000000000004d00000000000000010000000000000002fffffffffffffff905630301"
          + "020300000000000000004d0000000000000001000000000000000200000000000000000202010000"
          + "00000000004d00000000000000010000000000000002020000030204";
  private static final String SAMPLE_CLEAR =
      "010100000000000000030000000000000004090800000000000000004d0000000000000001000000000000000201040000";
  private static final String SAMPLE_CLEARED =
      "0205000000000000004d000000000000000100000000000000020304";
  private static final String SAMPLE_CONDEMN = "010303000000000000000401";
  private static final String SAMPLE_CLOSE =
      "01040300000000000000040101000000000000000100000000000000020001030000000000000004";
  private static final String SAMPLE_RAISE_FLOOR =
      "0105000000000000000901030000000000000004010000000000000001000000000000000206";
  private static final String SAMPLE_STATE =
      "020000000000000000000000000000000000000000000000000000000000"
          + "00000000000000000000000000000000000000000000000000000000000000000000000000";
  private static final String SAMPLE_STATE_OF_FORMAT_1 =
      "010000000000000000000000000000000000000000000000";
}
