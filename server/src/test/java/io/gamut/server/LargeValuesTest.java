package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Values of the greatest length that come together: more of them than fit into one message, or one
 * record of the journal.
 */
final class LargeValuesTest {
  private static final int BYTES = 8 << 20;
  private static final int CLIENTS = 2;
  private static final int EACH = 4;

  @TempDir private Path directory;
  private Nodes nodes;

  @BeforeEach
  void begin() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  @Test
  void weakOnesSpreadAndAreAbsorbed() throws Exception {
    writeAndRead("causal");
  }

  @Test
  void strongOnesStandInTheLedgerTogether() throws Exception {
    writeAndRead("linearizable");
  }

  private void writeAndRead(String level) throws Exception {
    byte[] large = new byte[BYTES];
    large[BYTES - 1] = 1;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> writing = new ArrayList<>();
      for (int number = 0; number < CLIENTS; number++) {
        int client = number;
        writing.add(
            CompletableFuture.runAsync(() -> write(level, "k" + client + "-", large), clients));
      }
      CompletableFuture.allOf(writing.toArray(CompletableFuture[]::new)).join();
    }
    for (int id = 0; id < 3; id++) {
      try (Jedis client = nodes.clientOf(id)) {
        Nodes.await("the ledger goes on", () -> isOk(() -> client.set("end", "1")));
        for (int number = 0; number < CLIENTS; number++) {
          byte[] key = bytes("k" + number + "-" + (EACH - 1));
          Nodes.await(
              "the value at server " + id,
              () -> isOk(() -> Arrays.equals(client.get(key), large) ? "OK" : "not yet"));
        }
      }
    }
  }

  private void write(String level, String prefix, byte[] value) {
    try (Jedis client = nodes.clientOf(0)) {
      client.sendCommand(GAMUT, "LEVEL", level);
      for (int round = 0; round < 2; round++) {
        var pipeline = client.pipelined();
        List<Response<String>> written = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
          written.add(pipeline.set(bytes(prefix + i), value));
        }
        pipeline.sync();
        for (int i = 0; i < EACH; i++) {
          if (!isOk(written.get(i))) {
            byte[] key = bytes(prefix + i);
            Nodes.await("room for " + prefix + i, () -> isOk(() -> client.set(key, value)));
          }
        }
      }
    }
  }

  /**
   * Whether it was done: more than a certain amount may not wait for the ledger, and what takes too
   * long on a busy machine is told so.
   */
  private static boolean isOk(Supplier<String> command) {
    try {
      return command.get().equals("OK");
    } catch (JedisDataException _) {
      return false;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
