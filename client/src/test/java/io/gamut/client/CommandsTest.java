package io.gamut.client;

import static io.gamut.client.ScriptedServer.NULL;
import static io.gamut.client.ScriptedServer.OK;
import static io.gamut.client.ScriptedServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command says, and what its reply means. */
@Timeout(60)
final class CommandsTest {
  private static final byte[] K = bytes("k");
  private static final byte[] V = bytes("v");
  private static final Version VERSION =
      new Version((1_700_000_000_000L << 16) + 7, new Origin(1, 2));

  private final ScriptedServer server = ScriptedServer.with(_ -> OK);
  private final GamutClient client = GamutClient.of(server.address());

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Arguments row(Command<?> command, String words, String reply, Object value) {
    return arguments(command, words, reply, value);
  }

  static Stream<Arguments> commands() {
    Instant then = Instant.ofEpochMilli(1_800_000_000_000L);
    PutOptions none = PutOptions.none();
    return Stream.of(
        row(Command.get(K), "GET k", bulk("v"), Optional.of(Value.of("v"))),
        row(Command.get(K), "GET k", NULL, Optional.empty()),
        row(Command.exists(K), "EXISTS k", ":1\r\n", true),
        row(Command.entry(K), "GAMUT ENTRY k", NULL, Optional.empty()),
        row(
            Command.entry(K),
            "GAMUT ENTRY k",
            entryReply(":4294967295\r\n", ":1800000000000\r\n", ":1\r\n"),
            Optional.of(new Entry(Value.of("v"), -1, then, true))),
        row(
            Command.entry(K),
            "GAMUT ENTRY k",
            entryReply(":0\r\n", NULL, ":0\r\n"),
            Optional.of(Entry.of(Value.of("v")))),
        row(Command.put(K, Entry.of(Value.of("v"))), "GAMUT SET k v", OK, true),
        row(
            Command.put(K, new Entry(Value.of("v"), -1, then, true)),
            "GAMUT SET k v PXAT 1800000000000 FLAGS 4294967295 STALE",
            OK,
            true),
        row(
            Command.getAll(List.of(K, V)),
            "MGET k v",
            "*2\r\n" + NULL + bulk("x"),
            List.of(Optional.empty(), Optional.of(Value.of("x")))),
        row(Command.length(K), "STRLEN k", ":3\r\n", 3L),
        row(Command.range(K, 0, -1), "GETRANGE k 0 -1", bulk("v"), Value.of("v")),
        row(Command.timeToLive(K), "PTTL k", ":9\r\n", Optional.of(Duration.ofMillis(9))),
        row(Command.timeToLive(K), "PTTL k", ":-1\r\n", Optional.empty()),
        row(
            Command.scan(null, 10),
            "GAMUT KEYS COUNT 10",
            "*2\r\n" + bulk("17") + "*1\r\n" + bulk("k"),
            new ScanPage(Value.of("17"), List.of(Value.of("k")))),
        row(Command.put(K, V), "SET k v", OK, true),
        row(Command.put(K, V, none), "SET k v", OK, true),
        row(Command.put(K, V, none.ifAbsent()), "SET k v NX", NULL, false),
        row(
            Command.put(K, V, none.ifPresent().expiringIn(Duration.ofSeconds(2))),
            "SET k v XX PX 2000",
            OK,
            true),
        row(Command.put(K, V, none.expiringAt(then)), "SET k v PXAT 1800000000000", OK, true),
        row(Command.put(K, V, none.keepingExpiry()), "SET k v KEEPTTL", OK, true),
        row(Command.delete(List.of(K, V)), "DEL k v", ":2\r\n", 2L),
        row(Command.putAll(Map.of("k", V)), "MSET k v", OK, true),
        row(Command.putIfAbsent(K, V), "SETNX k v", ":0\r\n", false),
        row(
            Command.compareVersionAndSet(K, VERSION, V),
            "GAMUT CAS k " + VERSION.exact() + " v",
            ":1\r\n",
            true),
        row(Command.compareVersionAndSet(K, null, V), "GAMUT CAS k 0 v", ":0\r\n", false),
        row(Command.compareAndSet(K, bytes("o"), V), "GAMUT CASV k o v", ":1\r\n", true),
        row(Command.increment(K, -2), "INCRBY k -2", ":5\r\n", 5L),
        row(Command.increment(K, 1e10), "INCRBYFLOAT k 10000000000", bulk("1.5"), 1.5),
        row(Command.append(K, V), "APPEND k v", ":4\r\n", 4L),
        row(Command.setRange(K, 2, V), "SETRANGE k 2 v", ":3\r\n", 3L),
        row(Command.getAndDelete(K), "GETDEL k", bulk("v"), Optional.of(Value.of("v"))),
        row(Command.expireAt(K, then), "PEXPIREAT k 1800000000000", ":1\r\n", true),
        row(Command.persist(K), "PERSIST k", ":0\r\n", false),
        row(Command.of(Command.Kind.READ, "PING"), "PING", ":7\r\n", new RespValue.Whole(7)));
  }

  private static String entryReply(String flags, String expiresAt, String stale) {
    return "%4\r\n"
        + (bulk("value") + bulk("v"))
        + (bulk("flags") + flags)
        + (bulk("expiresAt") + expiresAt)
        + (bulk("stale") + stale);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachSaysItsWordsAndReadsItsReply(
      Command<?> command, String words, String reply, Object value) {
    server.script(_ -> reply);
    assertThat((Object) client.run(command)).isEqualTo(value);
    assertThat(String.join(" ", server.received().getLast().words())).isEqualTo(words);
  }

  @Test
  void theFacesSayTheSame() {
    server.script(_ -> ":1\r\n");
    assertThat(client.exists("k")).isTrue();
    client.delete("k");
    assertThat(client.putIfAbsent("k", "v")).isTrue();
    assertThat(client.compareAndSet("k", "o", "v")).isTrue();
    assertThat(client.compareVersionAndSet("k", null, "v")).isTrue();
    assertThat(client.increment("k", 3)).isEqualTo(1);
    assertThat(client.append("k", "v")).isEqualTo(1);
    assertThat(client.async().delete("k").join().orElseThrow()).isEqualTo(1);
    assertThat(client.async().increment("k", 3).join().orElseThrow()).isEqualTo(1);
    assertThat(server.received())
        .extracting(request -> String.join(" ", request.words()))
        .containsExactly(
            "EXISTS k",
            "DEL k",
            "SETNX k v",
            "GAMUT CASV k o v",
            "GAMUT CAS k 0 v",
            "INCRBY k 3",
            "APPEND k v",
            "DEL k",
            "INCRBY k 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi", "WATCH k", "gamut session t", "GAMUT RECEIPT OFF", "QUIT"})
  void whatWouldChangeTheConnectionOfOthersIsRefused(String words) {
    String[] split = words.split(" ", -1);
    assertThatThrownBy(() -> Command.of(Command.Kind.WRITE, split))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("others share");
  }

  @Test
  void whatIsTooLongIsRefusedHere() {
    assertThatThrownBy(() -> client.get("")).isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> client.get(new byte[4_097])).hasMessageContaining("4096");
    assertThatThrownBy(() -> client.put(K, new byte[(8 << 20) + 1]))
        .hasMessageContaining("8388608");
    assertThatThrownBy(() -> Command.getAll(List.of())).isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> Level.bounded(Duration.ofHours(1))).hasMessageContaining("600000");
    assertThat(server.received()).isEmpty();
  }
}
