package io.gamut.replication.strong;

import static io.gamut.replication.Codecs.check;
import static io.gamut.replication.Codecs.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.strong.StrongMessage.Application;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Expelled;
import io.gamut.replication.strong.StrongMessage.Holdings;
import io.gamut.replication.strong.StrongMessage.Inquiry;
import io.gamut.replication.strong.StrongMessage.Offer;
import io.gamut.replication.strong.StrongMessage.Position;
import io.gamut.replication.strong.StrongMessage.Promised;
import io.gamut.replication.strong.StrongMessage.Reason;
import io.gamut.replication.strong.StrongMessage.Released;
import io.gamut.replication.strong.StrongMessage.Removal;
import io.gamut.replication.strong.StrongMessage.Resignation;
import io.gamut.replication.strong.StrongMessage.Urge;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What strong replicas say to each other. */
final class StrongCodecTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Participant SOMEBODY = new Participant(new NodeId(3), -2);

  /** Offers hold arrays, so messages are compared by what they are encoded to. */
  private static String again(byte[] bytes) {
    return HEX.formatHex(StrongCodec.encode(StrongCodec.decode(bytes)));
  }

  @Test
  void messagesComeBackAndNothingElseIsTaken() {
    List<StrongMessage> messages =
        List.of(
            new Offer(-1, 2, 3, new byte[] {4, 5}),
            new Declined(-5, 6, Reason.NOT_LEADER),
            new Declined(5, 6, Reason.BUSY),
            new Declined(5, 6, Reason.CLOCK),
            new Application(SOMEBODY, 9),
            new Removal(SOMEBODY),
            new Expelled(SOMEBODY, 10),
            new Inquiry(SOMEBODY, 1),
            new Holdings(SOMEBODY, 1, SOMEBODY, new Ends(Map.of(new Origin(1, 2), 0L))),
            new Promised(SOMEBODY, 5, VersionVector.of(new Dot(new Origin(1, 2), 3))),
            new Resignation(SOMEBODY),
            new Released(SOMEBODY, 11),
            new Urge(),
            new Position(-7, 8));
    Function<byte[], String> decode = StrongCodecTest::again;
    for (StrongMessage message : messages) {
      byte[] bytes = StrongCodec.encode(message);
      check(message.toString(), HEX.formatHex(bytes), bytes, decode);
      assertThat(StrongCodec.decode(bytes)).hasSameClassAs(message);
    }
    random("message", decode);
  }

  @Test
  void whoWasLetGoByAnEarlierReleaseIsNotToldWhere() {
    assertThat(StrongCodec.decode(HEX.parseHex("0205" + somebody())))
        .isEqualTo(new Released(SOMEBODY, 0));
    assertThat(StrongCodec.decode(HEX.parseHex("0209" + somebody())))
        .isEqualTo(new Expelled(SOMEBODY, 0));
  }

  private static String somebody() {
    BinaryWriter out = new BinaryWriter();
    SOMEBODY.write(out);
    return HEX.formatHex(out.toByteArray());
  }

  @Test
  void aDeclinedOfferSaysWhy() {
    Declined declined = new Declined(5, 6, Reason.CLOCK);
    assertThat(StrongCodec.decode(StrongCodec.encode(declined))).isEqualTo(declined);
  }
}
