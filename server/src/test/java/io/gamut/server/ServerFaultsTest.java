package io.gamut.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.HybridClock;
import io.gamut.core.NodeId;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import io.gamut.storage.volume.VolumeFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GAMUT FAULT, on three servers with real disks, sockets and clocks. */
@Timeout(120)
final class ServerFaultsTest {
  private static final int SLOW_MILLIS = 1_500;
  private static final int AHEAD_MILLIS = 600_000;

  @TempDir private Path directory;
  private Nodes nodes;
  private final List<Node> running = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    nodes = new Nodes(directory);
    for (int id = 0; id < 3; id++) {
      running.add(nodes.start(id));
    }
    nodes.awaitVoters(0, 1, 2);
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  private RawClient client(int id) throws IOException {
    return new RawClient(running.get(id));
  }

  private void fault(int id, String words) throws IOException {
    try (RawClient client = client(id)) {
      assertThat(client.call("GAMUT FAULT " + words)).hasToString("OK");
    }
  }

  private static void requireOk(RawClient client, String request) throws IOException {
    assertThat(client.call(request)).as(request).hasToString("OK");
  }

  private static boolean isOk(RawClient client, String request) {
    try {
      return client.call(request).toString().equals("OK");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String error(RespValue reply) {
    assertThat(reply).isInstanceOf(RespValue.Failure.class);
    return ((RespValue.Failure) reply).message();
  }

  private static long millisOf(RawClient client, String write) throws IOException {
    long begun = System.nanoTime();
    requireOk(client, write);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  // A slow disk

  @Test
  void aSlowDiskDelaysWhatWaitsForItAndNothingElse() throws Exception {
    int leader = nodes.awaitLeader();
    int slow = (leader + 1) % 3;
    int other = (leader + 2) % 3;
    fault(slow, "DISK SLOW " + SLOW_MILLIS);
    try (RawClient there = client(slow);
        RawClient elsewhere = client(other)) {
      assertThat(millisOf(there, "GAMUT AT eventual SET k v")).isGreaterThan(SLOW_MILLIS);
      assertThat(millisOf(elsewhere, "GAMUT AT eventual SET k w")).isLessThan(SLOW_MILLIS);
      assertThat(millisOf(elsewhere, "GAMUT AT linearizable SET strong v"))
          .as("the other two are a majority")
          .isLessThan(SLOW_MILLIS);
    }
  }

  @Test
  void aStrongWriteWaitsForSlowDisksThatItsMajorityNeeds() throws Exception {
    int leader = nodes.awaitLeader();
    fault((leader + 1) % 3, "DISK SLOW " + SLOW_MILLIS);
    fault((leader + 2) % 3, "DISK SLOW " + SLOW_MILLIS);
    try (RawClient client = client(leader)) {
      assertThat(millisOf(client, "GAMUT AT linearizable SET k v")).isGreaterThan(SLOW_MILLIS);
      fault((leader + 1) % 3, "DISK SLOW 0");
      Nodes.await("what the slow disk still had to do is done", () -> isFast(client));
      assertThat(client.call("GAMUT AT linearizable GET k")).hasToString("v");
    }
  }

  private static boolean isFast(RawClient client) {
    try {
      return millisOf(client, "GAMUT AT linearizable SET other v") < SLOW_MILLIS;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // A full disk

  @Test
  void aFullDiskRefusesWritesAtOnceAndReadsGoOn() throws Exception {
    int leader = nodes.awaitLeader();
    try (RawClient full = client(leader);
        RawClient other = client((leader + 1) % 3)) {
      requireOk(full, "GAMUT AT linearizable SET k v");
      fault(leader, "DISK FULL ON");
      for (String level : List.of("eventual", "causal", "linearizable")) {
        assertThat(error(full.call("GAMUT AT " + level + " SET k w")))
            .startsWith("BUSY the disk of this server is nearly full");
      }
      assertThat(full.call("GAMUT AT eventual GET k")).hasToString("v");
      Nodes.await(
          "the others lead without it", () -> isOk(other, "GAMUT AT linearizable SET k elsewhere"));
      fault(leader, "DISK FULL OFF");
      requireOk(full, "GAMUT AT eventual SET again v");
      assertThat(full.call("GAMUT AT linearizable GET k")).hasToString("elsewhere");
    }
  }

  @Test
  void aWriteThatFindsNoSpaceEndsTheServerAndLosesNothing() throws Exception {
    try (RawClient client = client(2)) {
      requireOk(client, "GAMUT AT eventual SET k v");
      requireOk(client, "GAMUT FAULT DISK FAIL");
      client.send("GAMUT AT eventual SET unanswered v");
      Throwable end = running.get(2).terminated().get(30, TimeUnit.SECONDS);
      assertThat(end)
          .hasCauseInstanceOf(VolumeFullException.class)
          .hasMessageContaining("No space left on device");
    }
    nodes.kill(2);
    running.set(2, nodes.start(2));
    try (RawClient client = client(2)) {
      assertThat(client.call("GAMUT FAULT").toString()).contains("diskFail, 0");
      assertThat(client.call("GAMUT AT causal GET k")).hasToString("v");
      requireOk(client, "GAMUT AT eventual SET k w");
    }
  }

  // A clock

  @Test
  void aFollowersClockThatRunsAheadRefusesItsWritesAndMovesNobodys() throws Exception {
    int leader = nodes.awaitLeader();
    goOnWithAClockAhead((leader + 1) % 3, leader, AHEAD_MILLIS);
  }

  @Test
  void aLeadersClockThatRunsAheadRefusesItsWritesAndMovesNobodys() throws Exception {
    int leader = nodes.awaitLeader();
    goOnWithAClockAhead(leader, (leader + 1) % 3, AHEAD_MILLIS);
  }

  @Test
  void aClockThatIsBehindRefusesItsServersWrites() throws Exception {
    int leader = nodes.awaitLeader();
    goOnWithAClockAhead(leader, (leader + 1) % 3, -AHEAD_MILLIS);
  }

  private void goOnWithAClockAhead(int off, int good, int aheadMillis) throws Exception {
    try (RawClient wrong = client(off);
        RawClient right = client(good)) {
      requireOk(wrong, "GAMUT AT eventual SET k before");
      Version before = lastVersion(wrong);
      requireOk(wrong, "GAMUT FAULT CLOCK " + aheadMillis);
      assertThat(seconds(wrong) - seconds(right))
          .isBetween(aheadMillis / 1_000 - 30L, aheadMillis / 1_000 + 30L);
      assertThat(error(wrong.call("GAMUT AT eventual SET k wrong"))).startsWith("CLOCK ");
      assertThat(error(wrong.call("GAMUT AT linearizable SET k wrong"))).startsWith("CLOCK ");
      assertThat(wrong.call("GAMUT AT eventual GET k")).as("reads go on").hasToString("before");

      Nodes.await(
          "the others write without it", () -> isOk(right, "GAMUT AT linearizable SET k during"));
      Version during = lastVersion(right);
      assertThat(during).isGreaterThan(before);
      assertThat(Math.abs(HybridClock.millis(during.timestamp()) - System.currentTimeMillis()))
          .as("nobody's clock has followed the wrong one")
          .isLessThan(AHEAD_MILLIS / 2L);

      requireOk(wrong, "GAMUT FAULT OFF");
      Nodes.await("its clock is trusted again", () -> isOk(wrong, "GAMUT AT causal SET k after"));
      Nodes.await(
          "the ledger takes it", () -> isOk(wrong, "GAMUT AT linearizable SET k afterwards"));
      assertThat(lastVersion(wrong)).isGreaterThan(during);
      for (Node each : running) {
        try (RawClient anywhere = new RawClient(each)) {
          assertThat(anywhere.call("GAMUT AT linearizable GET k")).hasToString("afterwards");
        }
      }
    }
  }

  private static Version lastVersion(RawClient client) throws IOException {
    return Version.parse(Objects.requireNonNull(client.last().get("version")));
  }

  private static long seconds(RawClient client) throws IOException {
    RespValue.Sequence time = (RespValue.Sequence) client.call("TIME");
    return Long.parseLong(time.elements().getFirst().toString());
  }

  @Test
  void expiryGoesByTheClockThatWasPutAhead() throws Exception {
    try (RawClient client = client(0)) {
      requireOk(client, "GAMUT AT linearizable SET k v EX 300");
      requireOk(client, "GAMUT FAULT CLOCK " + AHEAD_MILLIS);
      assertThat(client.call("GAMUT AT eventual GET k")).isInstanceOf(RespValue.Null.class);
      assertThat(client.call("GAMUT AT eventual EXISTS k")).hasToString("0");
      requireOk(client, "GAMUT FAULT CLOCK 0");
      assertThat(client.call("GAMUT AT eventual GET k")).hasToString("v");
    }
  }

  // What is said

  @Test
  void whatIsInForceIsToldAndOffEndsAll() throws Exception {
    try (RawClient client = client(0)) {
      String nothing = "[diskSlowMillis, 0, diskFull, 0, diskFail, 0, clockAheadMillis, 0]";
      assertThat(client.call("GAMUT FAULT").toString()).contains(nothing);
      requireOk(client, "GAMUT FAULT DISK SLOW 7");
      requireOk(client, "gamut fault disk full on");
      requireOk(client, "GAMUT FAULT CLOCK -250");
      assertThat(client.call("GAMUT FAULT").toString())
          .contains("[diskSlowMillis, 7, diskFull, 1, diskFail, 0, clockAheadMillis, -250]");
      requireOk(client, "GAMUT FAULT OFF");
      assertThat(client.call("GAMUT FAULT").toString()).contains(nothing);
      requireOk(client, "GAMUT AT eventual SET k v");
      assertThat(client.call("GAMUT HELP").toString()).contains("FAULT [DISK SLOW");
    }
  }

  @Test
  void whatCannotBeReadIsSaidSoAndChangesNothing() throws Exception {
    try (RawClient client = client(0)) {
      for (String words : List.of("DISK SLOW -1", "DISK SLOW 5001", "DISK SLOW soon")) {
        assertThat(error(client.call("GAMUT FAULT " + words)))
            .isEqualTo("ERR a disk's delay in milliseconds is a whole number from 0 to 5000");
      }
      for (String words : List.of("CLOCK 3600001", "CLOCK -3600001", "CLOCK noon", "CLOCK 1.5")) {
        assertThat(error(client.call("GAMUT FAULT " + words)))
            .isEqualTo(
                "ERR how far a clock is ahead is a whole number of milliseconds from -3600000 to"
                    + " 3600000");
      }
      requireError(client, "NOISE", "FAULT is DISK, CLOCK or OFF");
      requireError(client, "DISK", "FAULT DISK is SLOW, FULL or FAIL");
      requireError(client, "DISK BROKEN", "FAULT DISK is SLOW, FULL or FAIL");
      requireError(client, "DISK FULL maybe", "FAULT DISK FULL is ON or OFF");
      requireError(client, "DISK FULL", "wrong number of arguments for 'gamut FAULT DISK FULL'");
      requireError(client, "CLOCK 1 2", "wrong number of arguments for 'gamut FAULT CLOCK'");
      requireError(client, "OFF now", "wrong number of arguments for 'gamut FAULT OFF'");
      assertThat(client.call("GAMUT FAULT").toString()).doesNotContain("1", "5");
    }
  }

  private static void requireError(RawClient client, String words, String error)
      throws IOException {
    assertThat(error(client.call("GAMUT FAULT " + words))).isEqualTo("ERR " + error);
  }

  @Test
  void withoutTheFlagNothingGoesWrong() throws Exception {
    try (Node node = Node.start(NodeConfig.of(new NodeId(9), directory.resolve("plain")));
        RawClient client = new RawClient(node)) {
      for (String words :
          List.of("", " OFF", " DISK SLOW 1", " DISK FULL ON", " DISK FAIL", " CLOCK 1")) {
        assertThat(error(client.call("GAMUT FAULT" + words)))
            .startsWith("ERR cannot ")
            .endsWith("node 9 runs without --lab; start it with that flag");
      }
      requireOk(client, "SET k v");
    }
  }

  @Test
  void aServerThatKeepsNoReserveCannotBeToldThatItsDiskIsFull() throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(9), directory.resolve("careless")).toBuilder()
            .lab(true)
            .diskReserveBytes(0)
            .build();
    try (Node node = Node.start(config);
        RawClient client = new RawClient(node)) {
      assertThat(error(client.call("GAMUT FAULT DISK FULL ON"))).contains("--disk-reserve 0");
      requireOk(client, "GAMUT FAULT OFF");
      requireOk(client, "SET k v");
    }
  }
}
