package io.gamut.server;

import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What replies say of themselves, on three nodes over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReceiptsTest {
  private static final String NULL = "null";

  private Nodes nodes;
  private Node zero;
  private Node one;
  private Node two;
  private String key;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    nodes = new Nodes(directory);
    zero = nodes.start(0);
    one = nodes.start(1);
    two = nodes.start(2);
    nodes.awaitVoters(0, 1, 2);
  }

  @AfterAll
  void killAll() {
    nodes.killAll();
  }

  @BeforeEach
  void chooseKey(TestInfo test) {
    key = test.getTestMethod().orElseThrow().getName();
  }

  private static RawClient resp3(Node node) throws IOException {
    RawClient client = new RawClient(node);
    assertThat(client.call("HELLO 3")).isInstanceOf(RespValue.Sequence.class);
    assertThat(client.call("GAMUT RECEIPT ON")).hasToString("OK");
    return client;
  }

  private static void requireReceipt(
      Map<String, String> receipt, String level, int replica, String state, String outcome) {
    assertThat(receipt)
        .containsOnlyKeys("level", "replica", "version", "age", "state", "token", "outcome")
        .containsEntry("level", level)
        .containsEntry("replica", "" + replica)
        .containsEntry("state", state)
        .containsEntry("outcome", outcome);
  }

  private static Version version(Map<String, String> receipt) {
    return Version.parse(Objects.requireNonNull(receipt.get("version")));
  }

  @Test
  void aWeakWriteIsTentativeAndAppliedAndHasNoAge() throws Exception {
    try (RawClient client = resp3(one)) {
      for (String level : List.of("eventual", "session", "causal")) {
        Map<String, String> write =
            RawClient.fields(client.call("GAMUT AT " + level + " SET " + key + " " + level));
        requireReceipt(write, level, 1, "tentative", "applied");
        assertThat(write).containsEntry("age", NULL);
        Map<String, String> gone =
            RawClient.fields(client.call("GAMUT AT " + level + " DEL " + key));
        requireReceipt(gone, level, 1, "tentative", "applied");
        assertThat(version(gone)).isGreaterThan(version(write));
      }
    }
  }

  @Test
  void aStrongWriteIsCommittedAndActsOnTheLatestState() throws Exception {
    try (RawClient client = resp3(two)) {
      for (String level : List.of("sequential", "bounded", "linearizable")) {
        for (String command :
            List.of("SET k 5", "INCR k", "DECR k", "INCRBY k 3", "DECRBY k 2", "APPEND k 1")) {
          String request = "GAMUT AT " + level + " " + command.replace(" k", " " + key);
          Map<String, String> receipt = RawClient.fields(client.call(request));
          requireReceipt(receipt, level, 2, "committed", "applied");
          assertThat(receipt).as(request).containsEntry("age", "0");
        }
      }
    }
  }

  @Test
  void whatReadsAndModifiesSaysThatItWasLinearizable() throws Exception {
    try (RawClient client = resp3(one)) {
      Map<String, String> set = RawClient.fields(client.call("SETNX " + key + " 7"));
      requireReceipt(set, "linearizable", 1, "committed", "applied");
      Map<String, String> unmet = RawClient.fields(client.call("SETNX " + key + " 8"));
      requireReceipt(unmet, "linearizable", 1, "committed", "not applied");
      assertThat(version(unmet)).isEqualTo(version(set));
      client.call("APPEND " + key + " x");
      RespValue impossible = client.call("INCR " + key);
      requireReceipt(RawClient.fields(impossible), "linearizable", 1, NULL, "not applied");
      assertThat(((RespValue.Attributed) impossible).value())
          .isEqualTo(new RespValue.Failure("ERR value is not an integer or out of range"));
    }
  }

  @Test
  void aReadSaysWhichKindOfUpdateItShowsAndHowOldItMayBe() throws Exception {
    try (RawClient client = resp3(one)) {
      client.call("GAMUT AT linearizable SET " + key + " v");
      Map<String, String> latest =
          RawClient.fields(client.call("GAMUT AT linearizable GET " + key));
      requireReceipt(latest, "linearizable", 1, "committed", NULL);
      assertThat(latest).containsEntry("age", "0");
      Map<String, String> bounded = RawClient.fields(client.call("GAMUT AT bounded GET " + key));
      requireReceipt(bounded, "bounded", 1, "committed", NULL);
      assertThat(Long.parseLong(Objects.requireNonNull(bounded.get("age")))).isBetween(0L, 1_000L);
      Map<String, String> causal = RawClient.fields(client.call("GAMUT AT causal GET " + key));
      requireReceipt(causal, "causal", 1, "committed", NULL);
      assertThat(causal).containsEntry("age", NULL);
      assertThat(version(causal)).isEqualTo(version(latest)).isEqualTo(version(bounded));
    }
  }

  @Test
  void aBoundedReadThatTakesLongerThanItsBoundIsALinearizableOne() throws Exception {
    try (RawClient client = resp3(one)) {
      client.call("SET " + key + " v");
      for (int neighbour : List.of(0, 2)) {
        assertThat(client.call("GAMUT LINK DELAY " + neighbour + " 30")).hasToString("OK");
      }
      Map<String, String> read = RawClient.fields(client.call("GAMUT AT bounded:5 GET " + key));
      requireReceipt(read, "linearizable", 1, "committed", NULL);
      assertThat(read).containsEntry("age", "0");
      for (int neighbour : List.of(0, 2)) {
        assertThat(client.call("GAMUT LINK DELAY " + neighbour + " 0")).hasToString("OK");
      }
    }
  }

  @Test
  void aWeakWriteIsShownAsTentativeUntilItIsAbsorbed() throws Exception {
    try (RawClient client = resp3(zero)) {
      assertThat(client.call("GAMUT LINK CUT 1").toString()).isEqualTo("OK");
      assertThat(client.call("GAMUT LINK CUT 2").toString()).isEqualTo("OK");
      client.call("SET " + key + " v");
      Map<String, String> before = RawClient.fields(client.call("GET " + key));
      requireReceipt(before, "session", 0, "tentative", NULL);
      client.call("GAMUT LINK HEAL 1");
      client.call("GAMUT LINK HEAL 2");
      await("it is absorbed", () -> stateOf(client).equals("committed"));
      Map<String, String> after = RawClient.fields(client.call("GET " + key));
      assertThat(version(after)).isEqualTo(version(before));
    }
    nodes.awaitLeader();
  }

  private String stateOf(RawClient client) {
    try {
      return RawClient.fields(client.call("GET " + key)).getOrDefault("state", NULL);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKeyThatIsNotThereHasTheVersionThatAllBelowAreCollectedTo() throws Exception {
    try (RawClient client = resp3(one)) {
      Map<String, String> weak = RawClient.fields(client.call("GET " + key));
      // The floor may have been raised meanwhile, and then is what the session has seen.
      boolean isNothing = NULL.equals(weak.get("version"));
      requireReceipt(weak, "session", 1, isNothing ? NULL : "committed", NULL);
      assertThat(NULL.equals(weak.get("token"))).isEqualTo(isNothing);
      Map<String, String> strong =
          RawClient.fields(client.call("GAMUT AT linearizable GET " + key));
      assertThat(strong).doesNotContainEntry("token", NULL);
    }
  }

  @Test
  void severalKeysHaveOneReceiptWithWhatHoldsForEach() throws Exception {
    try (RawClient client = resp3(one)) {
      Map<String, String> first =
          RawClient.fields(client.call("GAMUT AT linearizable SET " + key + "1 v"));
      client.call("GAMUT AT linearizable SET " + key + "2 v");
      Map<String, String> both =
          RawClient.fields(client.call("GAMUT AT linearizable MGET " + key + "1 " + key + "2"));
      requireReceipt(both, "linearizable", 1, "committed", NULL);
      assertThat(version(both)).isEqualTo(version(first));
      Map<String, String> withAbsent =
          RawClient.fields(client.call("GAMUT AT linearizable EXISTS " + key + "1 " + key + "0"));
      requireReceipt(withAbsent, "linearizable", 1, "committed", NULL);
      assertThat(withAbsent).containsEntry("version", NULL);
      Map<String, String> gone = RawClient.fields(client.call("DEL " + key + "1 " + key + "2"));
      requireReceipt(gone, "session", 1, "tentative", "applied");
    }
  }

  @Test
  void aWriteThatLooksFirstHasTheVersionThatItHasMade() throws Exception {
    try (RawClient client = resp3(one)) {
      client.call("SET " + key + " 1");
      for (String command :
          List.of("SET %s 2 GET", "SET %s 3 XX GET", "GETSET %s 4", "GETEX %s EX 100")) {
        Map<String, String> write = RawClient.fields(client.call(command.formatted(key)));
        requireReceipt(write, "linearizable", 1, "committed", "applied");
        Map<String, String> read =
            RawClient.fields(client.call("GAMUT AT linearizable GET " + key));
        assertThat(version(write)).as(command).isEqualTo(version(read));
      }
      client.call("MULTI");
      client.call("GET " + key);
      client.call("SET " + key + " 5");
      Map<String, String> exec = RawClient.fields(client.call("EXEC"));
      requireReceipt(exec, "linearizable", 1, "committed", "applied");
      assertThat(version(exec)).isEqualTo(version(RawClient.fields(client.call("GET " + key))));
    }
  }

  @Test
  void whatHasChangedNothingIsNotApplied() throws Exception {
    try (RawClient client = resp3(one)) {
      Map<String, String> set = RawClient.fields(client.call("SET " + key + " v"));
      for (String command :
          List.of("SET %s w NX GET", "GETEX %s PERSIST", "EXPIRE %s 100 XX", "PERSIST %s")) {
        Map<String, String> idle = RawClient.fields(client.call(command.formatted(key)));
        requireReceipt(idle, "linearizable", 1, "committed", "not applied");
        assertThat(version(idle)).as(command).isEqualTo(version(set));
      }
      Map<String, String> absent = RawClient.fields(client.call("SET " + key + "-none w XX GET"));
      assertThat(absent).containsEntry("outcome", "not applied");
      client.call("MULTI");
      client.call("GET " + key);
      Map<String, String> looked = RawClient.fields(client.call("EXEC"));
      requireReceipt(looked, "linearizable", 1, "committed", NULL);
    }
  }

  @Test
  void theTokenOfAnyReceiptCarriesWhatWasSeenToAnotherServer() throws Exception {
    try (RawClient here = resp3(one);
        RawClient there = resp3(two)) {
      for (int i = 0; i < 20; i++) {
        here.call("GAMUT AT linearizable SET " + key + i + " v");
        Map<String, String> unmet = RawClient.fields(here.call("SETNX " + key + i + " w"));
        there.call("GAMUT SESSION " + unmet.get("token"));
        assertThat(((RespValue.Attributed) there.call("GET " + key + i)).value())
            .as("what the condition found, %d", i)
            .hasToString("v");
      }
    }
  }

  @Test
  void withoutAttributesTheLastReceiptCanBeAskedFor() throws Exception {
    try (RawClient client = new RawClient(one)) {
      assertThat(client.call("GAMUT LAST")).isInstanceOf(RespValue.Null.class);
      assertThat(client.call("GAMUT RECEIPT ON")).isInstanceOf(RespValue.Failure.class);
      assertThat(client.call("PING")).hasToString("PONG");
      assertThat(client.call("GAMUT LAST")).isInstanceOf(RespValue.Null.class);
      client.call("SET " + key + " v");
      Map<String, String> write = client.last();
      requireReceipt(write, "session", 1, "tentative", "applied");
      assertThat(client.last()).as("asking is no data command").isEqualTo(write);
      client.call("GAMUT AT linearizable GET " + key);
      Map<String, String> read = client.last();
      requireReceipt(read, "linearizable", 1, "committed", NULL);
      assertThat(version(read)).isEqualTo(version(write));
    }
  }

  @Test
  void theLastReceiptIsThatOfTheLastCommandOfAPipeline() throws Exception {
    try (RawClient client = new RawClient(two)) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 20; i++) {
          client.send("SET " + key + i + " " + round);
        }
        client.send("SETNX " + key + "0 w");
        client.send("GAMUT LAST");
        for (int i = 0; i < 21; i++) {
          assertThat(client.receive()).isNotInstanceOf(RespValue.Failure.class);
        }
        assertThat(client.receive().toString()).contains("not applied");
      }
    }
  }

  @Test
  void anErrorIsLastAtTheLevelAskedFor() throws Exception {
    try (RawClient client = new RawClient(one)) {
      client.call("SET " + key + " word");
      assertThat(client.call("GAMUT AT sequential INCR " + key))
          .isInstanceOf(RespValue.Failure.class);
      requireReceipt(client.last(), "sequential", 1, NULL, "not applied");
      assertThat(client.call("GAMUT AT causal SET " + key)).isInstanceOf(RespValue.Failure.class);
      Map<String, String> wrong = client.last();
      requireReceipt(wrong, "causal", 1, NULL, "not applied");
      assertThat(wrong).containsEntry("version", NULL).containsEntry("token", NULL);
      client.call("GET " + "k".repeat(5_000));
      requireReceipt(client.last(), "session", 1, NULL, "not applied");
    }
  }

  @Test
  void anUnknownOutcomeIsCalledSo() throws Exception {
    int leader = nodes.awaitLeader();
    Node cut = List.of(zero, one, two).get(leader);
    try (RawClient client = resp3(cut)) {
      for (int other = 0; other < 3; other++) {
        if (other != leader) {
          client.call("GAMUT LINK CUT " + other);
        }
      }
      // The leader does not know yet that it has no majority any more: it takes the writes.
      String claim = "mg %s-new v N30 Leventual".formatted(key);
      MemcachedLines claiming =
          new MemcachedLines(nodes.memcachedAddress(leader), claim, "receipt");
      RespValue reply = client.call("GAMUT AT linearizable SET " + key + " v");
      RespValue.Failure failure = (RespValue.Failure) ((RespValue.Attributed) reply).value();
      assertThat(failure.code()).isEqualTo("UNKNOWN");
      requireReceipt(RawClient.fields(reply), "linearizable", leader, NULL, "unknown");
      assertThat(claiming.answers())
          .as("whether it has the right to make the value anew")
          .startsWith("SERVER_ERROR UNKNOWN")
          .contains("|RECEIPT outcome unknown|");
      claiming.close();
      for (int other = 0; other < 3; other++) {
        if (other != leader) {
          client.call("GAMUT LINK HEAL " + other);
        }
      }
    }
    nodes.awaitLeader();
  }

  @Test
  void eachAnswerOfATransactionTellsItsVersions() throws Exception {
    try (RawClient client = resp3(one)) {
      String before = RawClient.fields(client.call("SET " + key + " 1")).get("version");
      for (String queued :
          List.of(
              "MULTI",
              "MGET " + key + " " + key + "-none",
              "SET " + key + " 2",
              "SETNX " + key + " 3",
              "ECHO said")) {
        client.call(queued);
      }
      RespValue exec = client.call("EXEC");
      assertThat(exec).isInstanceOf(RespValue.Attributed.class);
      RespValue answers = ((RespValue.Attributed) exec).value();
      List<RespValue> each = ((RespValue.Sequence) answers).elements();
      assertThat(versions(each.get(0))).hasSize(2).startsWith(before);
      String after = RawClient.fields(client.call("GET " + key)).get("version");
      assertThat(versions(each.get(1))).containsExactly(after);
      assertThat(versions(each.get(2))).as("what SETNX found").containsExactly(after);
      assertThat(each.get(3)).hasToString("said");
      client.call("GAMUT RECEIPT OFF");
      client.call("MULTI");
      client.call("GET " + key);
      assertThat(client.call("EXEC")).isInstanceOf(RespValue.Sequence.class);
    }
  }

  private static List<String> versions(RespValue answer) {
    Map<String, RespValue> attributes = ((RespValue.Attributed) answer).attributes();
    List<RespValue> versions =
        ((RespValue.Sequence) Objects.requireNonNull(attributes.get("versions"))).elements();
    return versions.stream()
        .map(version -> version instanceof RespValue.Null ? NULL : version.toString())
        .toList();
  }
}
