package io.gamut.storage.update;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.replication.message.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A process with a small heap that puts much through a store, and reads all of it again. */
final class FillingProcess {
  private static final int VALUE_BYTES = 10_000;
  private static final int UPDATES = 20_000;

  private FillingProcess() {}

  /** Starts one; it ends with status 0 once it has found everything again. */
  static Process start(Path directory, int heapMegabytes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(FillingProcess.class.getName(), directory.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    try (RocksUpdateStore store =
        RocksUpdateStore.open(Path.of(args[0]), RocksStoreOptions.DEFAULTS)) {
      for (int sequence = 1; sequence <= UPDATES; sequence++) {
        Update update = update(sequence);
        store.append(update);
        store.show(update);
        if (sequence % 32 == 0) {
          store.commit();
        }
      }
      store.checkpoint(new byte[0]);
      require(scanned(store) == UPDATES, "pairs are missing");
      require(read(store) == UPDATES, "updates are missing");
    }
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM")) {
          System.out.println(line);
        }
      }
    }
  }

  private static Update update(int sequence) {
    byte[] value = new byte[VALUE_BYTES];
    new SplittableRandom(sequence).nextBytes(value);
    return Updates.of(Updates.A, sequence, sequence, "key" + sequence, value);
  }

  private static int scanned(RocksUpdateStore store) {
    int count = 0;
    Key after = null;
    List<Pair> page = store.scan(after, 100);
    while (!page.isEmpty()) {
      count += page.size();
      page = store.scan(page.getLast().key(), 100);
    }
    return count;
  }

  private static int read(RocksUpdateStore store) {
    int count = 0;
    List<Update> part = store.read(Updates.A, 1, UPDATES, 1 << 20);
    while (!part.isEmpty()) {
      count += part.size();
      part = store.read(Updates.A, part.getLast().dot().sequence() + 1, UPDATES, 1 << 20);
    }
    return count;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }
}
