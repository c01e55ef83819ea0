package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.server.SettingAside.Steps;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.volume.DirectoryVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A server finds that bytes on its disk are not those that were written. */
@Timeout(120)
final class DamagedDiskTest {
  private static final int KEYS = 30;

  /** Behind the header of a segment, within the first batches: synced long ago. */
  private static final int EARLY = 4_096 + 300;

  @TempDir private Path directory;

  private Nodes nodes;

  @BeforeEach
  void make() {
    nodes = new Nodes(directory);
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  /** Three voters; two have written a weak value, and there are strong ones. */
  private void startThree() throws Exception {
    nodes.startThree();
    try (Jedis client = nodes.clientOf(0)) {
      client.set("other", "w");
    }
    try (Jedis client = nodes.clientOf(2)) {
      client.set("weak", "w");
      for (int i = 0; i < KEYS; i++) {
        client.sendCommand(GAMUT, "AT", "linearizable", "SET", "k" + i, "v");
      }
    }
    try (Jedis client = nodes.clientOf(0)) {
      awaitAbsorbed(client, "weak", "w");
      awaitAbsorbed(client, "other", "w");
    }
  }

  private static void awaitAbsorbed(Jedis client, String key, String value) {
    Nodes.await(
        key + " is absorbed",
        () ->
            client.sendCommand(GAMUT, "AT", "linearizable", "GET", key) instanceof byte[] found
                && Arrays.equals(found, value.getBytes(UTF_8)));
  }

  private Path disk(int id) {
    return directory.resolve("node-" + id);
  }

  private List<Path> files(int id, String subdirectory, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(disk(id).resolve(subdirectory))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private List<Path> setAside(int id) throws IOException {
    try (Stream<Path> files = Files.list(disk(id))) {
      return files.filter(file -> file.getFileName().toString().startsWith("corrupt-")).toList();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 16;
    Files.write(file, bytes);
  }

  private void damageJournal(int id) throws IOException {
    flip(
        files(id, "journal", "").stream()
            .filter(Files::isRegularFile)
            .filter(file -> !file.endsWith(".lock"))
            .findFirst()
            .orElseThrow(),
        EARLY);
  }

  private Identity identity(int id) throws IOException {
    return Identity.load(disk(id)).orElseThrow();
  }

  /** It is a voter again, as another, with everything; what it had is in a directory. */
  private void requireRepaired(int id, Identity before) throws Exception {
    assertThat(identity(id).incarnation()).isNotEqualTo(before.incarnation());
    assertThat(identity(id).cluster()).isEqualTo(before.cluster());
    nodes.awaitVoters(0, 1, 2);
    assertThat(setAside(id)).hasSize(1);
    Path aside = setAside(id).getFirst();
    assertThat(Identity.load(aside).orElseThrow().incarnation()).isEqualTo(before.incarnation());
    assertThat(aside.resolve("damage.txt")).isNotEmptyFile();
    for (String piece : List.of("journal", "store", "committed")) {
      assertThat(aside.resolve(piece)).isNotEmptyDirectory();
    }
    assertThat(disk(id).resolve("damaged")).doesNotExist();
    assertThat(disk(id).resolve("setting-aside")).doesNotExist();
    try (Jedis client = nodes.clientOf(id)) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.sendCommand(GAMUT, "AT", "linearizable", "GET", "k" + i))
            .isEqualTo("v".getBytes(UTF_8));
      }
      assertThat(client.get("weak")).isEqualTo("w");
      Nodes.await(
          "its old origin is closed",
          () -> nodes.ledger(id, "closed") instanceof List<?> closed && !closed.isEmpty());
      client.set("later", "w");
    }
    try (Jedis client = nodes.clientOf((id + 1) % 3)) {
      awaitAbsorbed(client, "later", "w");
    }
  }

  @Test
  void withAHoleInItsJournalItComesBackAsANewVoterWithAllData() throws Exception {
    startThree();
    nodes.kill(2);
    Identity before = identity(2);
    damageJournal(2);
    List<Path> damaged = files(2, "journal", "");
    byte[] bytes = Files.readAllBytes(damaged.getLast());
    nodes.start(2);
    requireRepaired(2, before);
    assertThat(setAside(2).getFirst().resolve("journal").resolve(damaged.getLast().getFileName()))
        .hasBinaryContent(bytes);
    // It is a voter that counts: two of three are a majority.
    nodes.kill(0);
    try (Jedis client = nodes.clientOf(2)) {
      Nodes.await(
          "the other two go on",
          () -> {
            try {
              return client.sendCommand(GAMUT, "AT", "linearizable", "SET", "k", "v") != null;
            } catch (JedisException e) {
              return false;
            }
          });
    }
  }

  @Test
  void theOneThatBeganTheClusterFindsTheOthersByItself() throws Exception {
    startThree();
    nodes.kill(0);
    Identity before = identity(0);
    damageJournal(0);
    nodes.startWithoutContact(0);
    requireRepaired(0, before);
  }

  @Test
  void withAStoreThatCannotBeOpenedItComesBackToo() throws Exception {
    startThree();
    nodes.close(2);
    Identity before = identity(2);
    for (Path table : files(2, "committed", ".sst")) {
      Files.write(table, new byte[(int) Files.size(table)]);
    }
    nodes.start(2);
    requireRepaired(2, before);
  }

  @Test
  void whatAReadComesAcrossStopsItAndIsRepairedAtTheNextStart() throws Exception {
    startThree();
    String value = incompressible();
    try (Jedis client = nodes.clientOf(2)) {
      client.set("rotten", value);
    }
    try (Jedis client = nodes.clientOf(0)) {
      awaitAbsorbed(client, "rotten", value);
    }
    nodes.close(2);
    Identity before = identity(2);
    assertThat(flipIn(value, files(2, "", ".sst"))).isPositive();
    // Alone, so that the client is the first to ask for it.
    nodes.kill(0);
    nodes.kill(1);
    Node node = nodes.startWithoutContact(2);
    assertThat(identity(2).incarnation()).isEqualTo(before.incarnation());
    try (Jedis client = nodes.clientOf(2)) {
      assertThatThrownBy(() -> client.get("rotten")).isInstanceOf(JedisException.class);
    }
    Throwable failure = node.terminated().get(30, TimeUnit.SECONDS);
    assertThat(failure)
        .hasCauseInstanceOf(StoreCorruptException.class)
        .hasStackTraceContaining("block checksum mismatch");
    assertThat(disk(2).resolve("damaged")).content().contains("is damaged");
    assertThat(setAside(2)).isEmpty();
    nodes.kill(2);
    nodes.startWithoutContact(0);
    nodes.startWithoutContact(1);
    nodes.startWithoutContact(2);
    requireRepaired(2, before);
    try (Jedis client = nodes.clientOf(2)) {
      assertThat(client.get("rotten")).isEqualTo(value);
    }
  }

  private static String incompressible() {
    StringBuilder text = new StringBuilder();
    new SecureRandom().ints(2_000, '!', '~').forEach(each -> text.append((char) each));
    return text.toString();
  }

  /** Flips a byte in the middle of a value wherever a file holds it; how many do. */
  private static int flipIn(String value, List<Path> files) throws IOException {
    String part = value.substring(900, 1_000);
    int flipped = 0;
    for (Path file : files) {
      int at = new String(Files.readAllBytes(file), ISO_8859_1).indexOf(part);
      if (at >= 0) {
        flip(file, at);
        flipped++;
      }
    }
    return flipped;
  }

  @Test
  void aServerThatIsAloneRefusesAndChangesNothing() throws Exception {
    nodes.start(0);
    try (Jedis client = nodes.clientOf(0)) {
      client.set("k", "v");
    }
    nodes.kill(0);
    damageJournal(0);
    byte[] identity = Files.readAllBytes(disk(0).resolve("identity.properties"));
    List<Path> journal = files(0, "journal", "");
    assertThatThrownBy(() -> nodes.start(0))
        .hasMessageContaining("its disk is damaged: the journal is corrupt in")
        .hasMessageContaining("knows no other member")
        .hasMessageContaining("Put back a copy of " + disk(0));
    assertThat(disk(0).resolve("identity.properties")).hasBinaryContent(identity);
    assertThat(files(0, "journal", "")).isEqualTo(journal);
    assertThat(disk(0).resolve("damaged")).doesNotExist();
    assertThat(disk(0).resolve("setting-aside")).doesNotExist();
    assertThat(setAside(0)).isEmpty();
  }

  @Test
  void whileNobodyLeadsWithoutItItWaitsAndChangesNothing() throws Exception {
    startThree();
    nodes.kill(1);
    nodes.kill(2);
    damageJournal(2);
    Identity before = identity(2);
    Nodes.await("nobody leads", () -> nodes.ledger(0, "leader") == null);
    CompletableFuture<Node> starting = nodes.startLater(2);
    Nodes.await("the damage is noted", () -> Files.exists(disk(2).resolve("damaged")));
    List<Path> journal = files(2, "journal", "");
    for (int i = 0; i < 300; i++) { // meanwhile it asks the one that runs
      assertThat(nodes.ledger(0, "leader")).isNull();
    }
    assertThat(starting).isNotDone();
    assertThat(setAside(2)).isEmpty();
    assertThat(journal).hasSizeGreaterThan(1);
    assertThat(identity(2).incarnation()).isEqualTo(before.incarnation());
    nodes.start(1);
    nodes.adopt(2, starting.get(60, TimeUnit.SECONDS));
    requireRepaired(2, before);
  }

  @Test
  void cutOffWhileItSetsAsideItGoesOnAtTheNextStart() throws Exception {
    startThree();
    nodes.kill(2);
    damageJournal(2);
    Identity before = identity(2);
    Steps killed =
        change -> {
          if (change.equals("move store")) {
            throw new IOException("killed");
          }
        };
    try (DirectoryVolume journal = DirectoryVolume.open(disk(2).resolve("journal"))) {
      Damage damage = new Damage("found before");
      SettingAside begun = SettingAside.begin(disk(2), damage, Instant.EPOCH, killed);
      assertThatThrownBy(() -> begun.finish(journal, new SecureRandom())).hasMessage("killed");
    }
    nodes.startWithoutContact(2);
    requireRepaired(2, before);
  }

  @Test
  void aDiskThatIsDamagedAgainAndAgainIsGivenUp() throws Exception {
    startThree();
    nodes.kill(2);
    damageJournal(2);
    List<Path> made = new ArrayList<>();
    for (int i = 0; i < SettingAside.DIRECTORIES_MAX; i++) {
      made.add(Files.createDirectory(disk(2).resolve("corrupt-2026010" + i + "T000000Z")));
    }
    assertThatThrownBy(() -> nodes.start(2))
        .hasMessageContaining("damaged again")
        .hasMessageContaining("replace the disk");
    assertThat(setAside(2)).containsExactlyInAnyOrderElementsOf(made);
    assertThat(identity(2).node()).isEqualTo(new NodeId(2));
    assertThat(disk(2).resolve("damaged")).doesNotExist();
  }
}
