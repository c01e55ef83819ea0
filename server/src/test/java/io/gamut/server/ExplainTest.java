package io.gamut.server;

import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.protocol.resp.RespValue;
import io.gamut.server.gateway.GatewayConfig;
import io.gamut.server.gateway.GatewayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GAMUT EXPLAIN and GAMUT HISTORY, on three servers whose links are cut. */
final class ExplainTest {
  private static final List<String> LEVELS =
      List.of("eventual", "session", "causal", "sequential", "bounded", "linearizable");

  @TempDir private Path directory;
  private Nodes nodes;
  private final List<Node> running = new ArrayList<>();
  private final List<RawClient> clients = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    nodes = new Nodes(directory);
    for (int id = 0; id < 3; id++) {
      running.add(nodes.start(id));
    }
    nodes.awaitVoters(0, 1, 2);
    for (Node node : running) {
      clients.add(new RawClient(node));
    }
  }

  @AfterEach
  void killAll() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    nodes.killAll();
  }

  /** A map of a RESP 2 reply. */
  private record Told(Map<String, RespValue> fields) {
    static Told of(RespValue reply) {
      assertThat(reply).as("%s", reply).isInstanceOf(RespValue.Sequence.class);
      List<RespValue> parts = ((RespValue.Sequence) reply).elements();
      Map<String, RespValue> fields = new TreeMap<>();
      for (int i = 0; i < parts.size(); i += 2) {
        fields.put(parts.get(i).toString(), parts.get(i + 1));
      }
      return new Told(fields);
    }

    private RespValue field(String name) {
      return Objects.requireNonNull(fields.get(name), () -> name + " among " + fields);
    }

    boolean isNull(String name) {
      return field(name) instanceof RespValue.Null;
    }

    String text(String name) {
      return isNull(name) ? "null" : field(name).toString();
    }

    Told map(String name) {
      return of(field(name));
    }

    List<Told> list(String name) {
      return ((RespValue.Sequence) field(name)).elements().stream().map(Told::of).toList();
    }

    Told replica(int id) {
      return list("replicas").stream()
          .filter(replica -> replica.text("server").equals("" + id))
          .findFirst()
          .orElseThrow();
    }

    Told level(String level) {
      return list("levels").stream()
          .filter(each -> each.text("level").equals(level))
          .findFirst()
          .orElseThrow();
    }
  }

  private RespValue call(int client, String request) {
    try {
      return clients.get(client).call(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Told explain(int client, String key) {
    return Told.of(call(client, "GAMUT EXPLAIN " + key));
  }

  private void link(int at, String what, int other) {
    assertThat(call(at, "GAMUT LINK " + what + " " + other)).hasToString("OK");
  }

  /** Parts server 0 from the others, or brings it back. */
  private void part(String what) {
    link(0, what, 1);
    link(0, what, 2);
  }

  private static void awaitThat(String what, BooleanSupplier condition) {
    await(what, condition);
  }

  @Test
  void eachSideOfAPartitionShowsItsOwnAndAllAgreeAfterwards() {
    call(1, "GAMUT AT linearizable SET k old");
    awaitThat(
        "server 0 has it", () -> explain(0, "k").replica(0).text("committed").contains("old"));
    part("CUT");
    awaitThat("it knows", () -> explain(0, "k").replica(0).text("majority").equals("0"));
    assertThat(call(0, "SET k newer")).hasToString("OK");

    Told minority = explain(0, "k");
    assertThat(minority.replica(0).map("shown").text("value")).isEqualTo("newer");
    assertThat(minority.replica(0).map("shown").text("state")).isEqualTo("tentative");
    assertThat(minority.replica(0).map("shown").text("writer")).isEqualTo("0");
    assertThat(minority.replica(0).map("committed").text("value")).isEqualTo("old");
    assertThat(minority.replica(1).text("reached")).isEqualTo("0");
    assertThat(minority.level("session").text("price")).isEqualTo("at once");
    assertThat(minority.level("session").text("value")).isEqualTo("newer");
    assertThat(minority.level("linearizable").text("price")).isEqualTo("refused");
    assertThat(minority.level("linearizable").text("words")).contains("NOQUORUM");
    assertThat(minority.level("sequential").text("price")).isEqualTo("wait");
    assertThat(minority.level("sequential").text("words")).contains("of server 0 in the ledger");
    assertThat(call(0, "GAMUT AT linearizable GET k").toString()).startsWith("NOQUORUM");

    Told majority = explain(1, "k");
    assertThat(majority.replica(0).text("reached")).isEqualTo("0");
    assertThat(majority.replica(1).map("shown").text("value")).isEqualTo("old");
    awaitThat(
        "the others have a leader",
        () -> explain(1, "k").level("linearizable").text("price").equals("round"));
    assertThat(explain(1, "k").level("linearizable").text("value")).isEqualTo("old");
    assertThat(call(1, "GAMUT AT linearizable GET k")).hasToString("old");

    part("HEAL");
    awaitThat("all agree", () -> areAll("newer"));
    Told healed = explain(2, "k");
    for (String level : LEVELS) {
      assertThat(healed.level(level).text("value")).as(level).isEqualTo("newer");
      assertThat(healed.level(level).text("state")).as(level).isEqualTo("committed");
    }
    assertThat(call(2, "GAMUT AT linearizable GET k")).hasToString("newer");
  }

  private boolean areAll(String value) {
    return explain(1, "k").list("replicas").stream()
        .allMatch(replica ->
            replica.text("reached").equals("1")
                && replica.map("committed").text("value").equals(value)
                && replica.map("shown").text("value").equals(value));
  }

  @Test
  void whatASessionDependsOnIsToldWhereItIsMissing() {
    call(0, "SET seen 1");
    awaitThat("all have it", () -> explain(2, "seen").replica(2).text("shown").contains("1"));
    part("CUT");
    call(0, "GAMUT AT causal SET k mine");
    String token = call(0, "GAMUT SESSION").toString();
    assertThat(call(1, "GAMUT SESSION " + token)).hasToString("OK");

    Told other = explain(1, "k");
    Told lacks = other.replica(1).map("lacks");
    for (String level : List.of("session", "causal", "strong")) {
      assertThat(lacks.map(level).text("count")).as(level).isEqualTo("1");
      Told lack = lacks.map(level).list("first").getFirst();
      assertThat(lack.text("stage")).isEqualTo("received");
      assertThat(lack.text("words")).contains("of server 0 (received up to ");
      assertThat(Long.parseLong(lack.text("has"))).isLessThan(Long.parseLong(lack.text("wanted")));
    }
    assertThat(other.level("eventual").text("price")).isEqualTo("at once");
    assertThat(other.level("session").text("price")).isEqualTo("wait");
    assertThat(other.level("session").text("words")).contains("then ERR_DEP");
    call(1, "GAMUT WAIT 0");
    assertThat(explain(1, "k").level("session").text("price")).isEqualTo("refused");
    assertThat(call(1, "GAMUT AT session GET k").toString()).startsWith("ERR_DEP");
    assertThat(explain(0, "k").replica(0).map("lacks").map("causal").text("count")).isEqualTo("0");
    part("HEAL");
    awaitThat(
        "nothing is missing",
        () ->
            explain(1, "k").list("replicas").stream()
                .allMatch(each ->
                    each.text("reached").equals("1")
                        && each.map("lacks").map("strong").text("count").equals("0")));
  }

  @Test
  void theLastCommandIsToldAndNothingChanges() {
    assertThat(explain(1, "k").isNull("last")).isTrue();
    call(1, "GAMUT AT causal SETNX k v");
    Told last = explain(1, "k").map("last");
    assertThat(last.text("command")).isEqualTo("SETNX");
    assertThat(last.text("asked")).isEqualTo("causal");
    assertThat(last.text("level")).isEqualTo("linearizable");
    assertThat(last.text("words")).contains("it reads and modifies");
    assertThat(last.text("sameKey")).isEqualTo("1");
    call(1, "GET other");
    assertThat(explain(1, "k").map("last").text("sameKey")).isEqualTo("0");
    assertThat(explain(1, "k").map("last").text("replica")).isEqualTo("1");
    String session = call(1, "GAMUT LAST").toString();
    String token = call(1, "GAMUT SESSION").toString();
    explain(1, "k");
    assertThat(call(1, "GAMUT LAST")).hasToString(session);
    assertThat(call(1, "GAMUT SESSION").toString().length()).isEqualTo(token.length());
    assertThat(call(1, "GAMUT EXPLAIN").toString()).contains("wrong number of arguments");
    assertThat(call(1, "GAMUT HISTORY k COUNT 0").toString()).contains("from 1 to");
  }

  @Test
  void absentExpiringAndLongValuesAreToldAsTheyAre() {
    Told absent = explain(0, "never");
    assertThat(absent.replica(0).isNull("shown")).isTrue();
    assertThat(absent.level("eventual").text("hasValue")).isEqualTo("0");
    call(0, "GAMUT AT linearizable SET k " + "x".repeat(1_000) + " EX 1000");
    Told shown = explain(0, "k").replica(0).map("committed");
    assertThat(shown.text("value")).isEqualTo("x".repeat(64));
    assertThat(shown.text("length")).isEqualTo("1000");
    assertThat(shown.isNull("expiresAt")).isFalse();
    call(0, "GAMUT AT linearizable DEL k");
    Told deleted = explain(0, "k");
    assertThat(deleted.replica(0).map("committed").isNull("value")).isTrue();
    assertThat(deleted.level("sequential").text("hasValue")).isEqualTo("0");
  }

  @Test
  void theVersionsOfAKeyAreToldNewestFirst() {
    for (int i = 1; i <= 20; i++) {
      call(0, "SET k v" + i);
    }
    call(0, "GAMUT AT linearizable SET k last");
    call(0, "GAMUT AT causal DEL k");
    Told history = Told.of(call(0, "GAMUT HISTORY k"));
    List<Told> versions = history.list("versions");
    assertThat(versions).hasSize(16);
    assertThat(history.text("forgotten")).isEqualTo("6");
    assertThat(versions.get(0).isNull("value")).isTrue();
    assertThat(versions.get(0).text("level")).isEqualTo("causal");
    assertThat(versions.get(1).text("value")).isEqualTo("last");
    assertThat(versions.get(1).text("kind")).isEqualTo("strong");
    assertThat(versions.get(1).text("state")).isEqualTo("committed");
    assertThat(versions.get(2).text("value")).isEqualTo("v20");
    assertThat(versions.get(2).text("kind")).isEqualTo("weak");
    assertThat(versions)
        .extracting(each -> each.text("version").split("@", 2)[0])
        .doesNotHaveDuplicates();
    assertThat(Told.of(call(0, "GAMUT HISTORY k COUNT 2")).list("versions")).hasSize(2);
    awaitThat(
        "it is committed elsewhere too",
        () ->
            Told.of(call(2, "GAMUT HISTORY k COUNT 1")).list("versions").stream()
                .anyMatch(each -> each.text("state").equals("committed") && each.isNull("value")));
    List<Told> there = Told.of(call(2, "GAMUT HISTORY k")).list("versions");
    assertThat(there.get(1).text("kind")).as("of a write made elsewhere").isEqualTo("strong");
    assertThat(there.get(1).text("value")).isEqualTo("last");
    call(0, "FLUSHALL");
    Told cleared = Told.of(call(0, "GAMUT HISTORY k COUNT 1")).list("versions").getFirst();
    assertThat(cleared.text("allKeys")).isEqualTo("1");
  }

  @Test
  void aGatewayExplainsWithTheServerThatAnswersIt() throws Exception {
    call(1, "GAMUT AT linearizable SET k v");
    GatewayNode gateway = GatewayNode.start(GatewayConfig.joining(nodes.overlayAddresses()));
    try (RawClient client = new RawClient(gateway.respAddress())) {
      client.call("GAMUT AT causal GET k");
      Told told = Told.of(client.call("GAMUT EXPLAIN k"));
      assertThat(told.list("replicas")).hasSize(3);
      assertThat(told.isNull("server")).isFalse();
      assertThat(told.level("causal").text("words")).startsWith("by server " + told.text("server"));
      assertThat(told.level("linearizable").text("value")).isEqualTo("v");
      assertThat(told.map("last").text("command")).isEqualTo("GET");
      assertThat(client.call("GAMUT HISTORY k").toString()).contains("ask a server itself");
    } finally {
      gateway.kill();
    }
  }
}
