package io.gamut.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.core.Consistency;
import io.gamut.storage.journal.Durability;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clusters of several shapes, whole, cut in two, with a server killed and started again: in the end
 * every server shows every write.
 */
final class TopologiesTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int CLIENTS_FROM = 100;
  private static final int KEYS_PER_SERVER = 20;

  @TempDir private Path data = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> messages = new ArrayList<>();
  private final StringBuilder script = new StringBuilder();
  private final TreeMap<String, String> expected = new TreeMap<>();

  enum Shape {
    CHAIN {
      @Override
      boolean links(int one, int other, int size) {
        return other == one + 1;
      }
    },
    RING {
      @Override
      boolean links(int one, int other, int size) {
        return other == one + 1 || other - one == size - 1;
      }
    },
    STAR {
      @Override
      boolean links(int one, int other, int size) {
        return one == 0;
      }
    },
    TREE {
      @Override
      boolean links(int one, int other, int size) {
        return one == (other - 1) / 2;
      }
    };

    /** Whether servers {@code one} and {@code other}, the greater, have a link. */
    abstract boolean links(int one, int other, int size);
  }

  static Stream<Arguments> clusters() {
    return Arrays.stream(Shape.values())
        .flatMap(shape -> Stream.of(5, 9).map(size -> Arguments.of(shape, size)));
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void everyServerShowsEveryWriteInTheEnd(Shape shape, int size) {
    requireAllEqual(Launchers.embedded(), shape, size);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("clusters")
  void everyServerInAProcessOfItsOwnShowsEveryWriteInTheEnd(Shape shape, int size) {
    requireAllEqual(Launchers.fleetingProcesses(data, 0), shape, size);
  }

  private void requireAllEqual(NodeLauncher launcher, Shape shape, int size) {
    for (int server = 0; server < size; server++) {
      say("joinServer", server);
      say("joinClient", CLIENTS_FROM + server, server);
    }
    for (int one = 0; one < size; one++) {
      for (int other = one + 1; other < size; other++) {
        if (!shape.links(one, other, size)) {
          say("breakConnection", one, other);
        }
      }
    }
    putEverywhere("whole", size, -1);
    say("stabilize");
    int killed = size / 2;
    say("breakConnection 0 1");
    putEverywhere("cut", size, -1);
    say("killServer", killed);
    putEverywhere("killed", size, killed);
    say("createConnection 0 1");
    say("joinServer", killed);
    for (int other = 0; other < size; other++) {
      if (other != killed && !shape.links(Math.min(killed, other), Math.max(killed, other), size)) {
        say("breakConnection", killed, other);
      }
    }
    putEverywhere("healed", size, -1);
    say("stabilize");
    for (int server = 0; server < size; server++) {
      say("printStore", server);
    }
    play(launcher);
    StringBuilder store = new StringBuilder();
    expected.forEach((key, value) -> store.append(key + ":" + value + "\n"));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .as("messages: %s", messages)
        .isEqualTo(store.toString().repeat(size));
  }

  private void say(Object... words) {
    script.append(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")));
    script.append('\n');
  }

  private void putEverywhere(String when, int size, int except) {
    for (int key = 0; key < KEYS_PER_SERVER; key++) {
      for (int server = 0; server < size; server++) {
        if (server != except) {
          String name = "%s%02d.%d".formatted(when, key, server);
          expected.put(name, "value" + key);
          say("put", CLIENTS_FROM + server, name, "value" + key);
        }
      }
    }
  }

  private void play(NodeLauncher launcher) {
    Lab lab =
        new Lab(
            new LabSettings(launcher, data, Durability.FSYNC, Consistency.SESSION),
            out,
            messages::add);
    try {
      byte[] bytes = script.toString().getBytes(StandardCharsets.UTF_8);
      boolean done =
          assertTimeoutPreemptively(LIMIT, () -> lab.play(new ByteArrayInputStream(bytes)));
      assertThat(done).as("messages: %s", messages).isTrue();
    } finally {
      lab.killAll();
    }
  }
}
