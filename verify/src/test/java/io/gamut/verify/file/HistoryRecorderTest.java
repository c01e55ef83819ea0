package io.gamut.verify.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import io.gamut.verify.file.Line.Answer;
import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients record at once, and a killed recorder leaves a history. */
@Timeout(120)
final class HistoryRecorderTest {
  private static final int THREADS = 8;

  @TempDir private Path directory = Path.of("");

  private static Invocation invocation(int session, int count) {
    return new Invocation(
        number(session, count),
        session,
        "client-" + session,
        Consistency.LINEARIZABLE,
        0,
        List.of(Step.of(Kind.WRITE, "k" + count % 100, session + "." + count, null)),
        System.nanoTime());
  }

  private static Completion completion(int session, int count) {
    return new Completion(
        number(session, count), Outcome.OK, System.nanoTime() + 1, null, List.of(Answer.NONE));
  }

  private static long number(int session, int count) {
    return (long) session << 32 | count;
  }

  /** Clients that record one request after the other, and do nothing else. */
  private static void record(HistoryRecorder recorder, int each) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int session = i;
        running.add(
            threads.submit(() -> {
              for (int count = 0; count < each; count++) {
                recorder.invoke(invocation(session, count));
                recorder.complete(completion(session, count));
              }
            }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
  }

  @Test
  void whatManyThreadsRecordIsAllThere() throws Exception {
    Path file = directory.resolve("history");
    int each = 3 * HistoryRecorder.QUEUE_MAX / THREADS;
    try (HistoryRecorder recorder = HistoryRecorder.open(file, Map.of("seed", "7"))) {
      record(recorder, each);
      recorder.shown(0, Map.of("k", new Shown("v", null)));
      recorder.shown(1, Map.of());
    }
    Recording recording = HistoryReader.read(file);
    assertThat(recording.notes()).isEmpty();
    assertThat(recording.about()).containsEntry("seed", "7");
    assertThat(recording.processes()).hasSize(THREADS).containsEntry(3, "client-3");
    assertThat(recording.history().requests()).hasSize(each * THREADS).allMatch(Request::isOk);
    assertThat(recording.history().ends()).containsOnlyKeys(0, 1);
  }

  @Test
  void aFewLinesDoNotWaitForMore() throws Exception {
    Path file = directory.resolve("history");
    try (HistoryRecorder recorder = HistoryRecorder.open(file, Map.of())) {
      recorder.invoke(invocation(1, 1));
      await(() -> HistoryReader.read(file).history().requests().size() == 1);
      recorder.complete(completion(1, 1));
      await(() -> HistoryReader.read(file).history().requests().getFirst().isOk());
    }
  }

  @Test
  void aClosedOneTakesNothingMore() throws IOException {
    Path file = directory.resolve("history");
    HistoryRecorder recorder = HistoryRecorder.open(file, Map.of());
    recorder.close();
    recorder.close();
    assertThatThrownBy(() -> recorder.invoke(invocation(1, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> HistoryRecorder.open(file, Map.of()))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void whatCannotBeWrittenIsToldAndNobodyWaits() throws Exception {
    FileChannel file =
        FileChannel.open(
            directory.resolve("history"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    HistoryRecorder recorder = HistoryRecorder.open(file, Map.of());
    file.close();
    assertThatThrownBy(() -> record(recorder, HistoryRecorder.QUEUE_MAX))
        .hasStackTraceContaining("cannot be written any more");
    assertThatThrownBy(recorder::close).hasMessageContaining("could not be written");
  }

  @Test
  void aKilledRecorderLeavesAHistory() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path file = directory.resolve("history" + round);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Endless.class.getName(),
                  file.toString())
              .inheritIO()
              .start();
      int least = 200_000 + 77_777 * round;
      await(() -> !process.isAlive() || (Files.exists(file) && Files.size(file) > least));
      assertThat(process.isAlive()).isTrue();
      process.destroyForcibly().waitFor();
      Recording recording = HistoryReader.read(file);
      assertThat(recording.notes()).anyMatch(note -> note.contains("not closed"));
      List<Request> requests = recording.history().requests();
      assertThat(requests).hasSizeGreaterThan(500);
      assertThat(requests.stream().filter(each -> !each.isOk()).count())
          .isLessThanOrEqualTo(THREADS);
      // Nothing is missing in between.
      requests.stream()
          .filter(each -> (int) each.number() > 0)
          .forEach(each ->
              assertThat(each.steps().getFirst().value())
                  .isEqualTo(each.session() + "." + (int) each.number()));
    }
  }

  /** Records until it is killed. */
  static final class Endless {
    private Endless() {}

    public static void main(String[] args) throws Exception {
      record(HistoryRecorder.open(Path.of(args[0]), Map.of()), Integer.MAX_VALUE);
    }
  }

  /** How long a million operations take; prints it. */
  @Test
  @Tag("slow")
  void aMillionOperations() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path file = directory.resolve("million" + round);
      long begun = System.nanoTime();
      HistoryRecorder recorder = HistoryRecorder.open(file, Map.of());
      record(recorder, 1_000_000 / THREADS);
      long recorded = System.nanoTime();
      recorder.close();
      long closed = System.nanoTime();
      assertThat(HistoryReader.read(file).history().requests()).hasSize(1_000_000);
      long read = System.nanoTime();
      System.out.printf(
          "a million operations: recorded in %.2f s, closed after %.2f s, read in %.2f s, %,d"
              + " bytes%n",
          (recorded - begun) / 1e9,
          (closed - begun) / 1e9,
          (read - closed) / 1e9,
          Files.size(file));
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
