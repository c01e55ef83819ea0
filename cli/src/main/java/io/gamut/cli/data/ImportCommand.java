package io.gamut.cli.data;

import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.core.InvalidDataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gamut import}. */
@picocli.CommandLine.Command(
    name = "import",
    description = {
      "Set values from lines of JSON, as gamut export writes them:",
      "{\"key\":\"k\",\"value\":\"v\",\"expiresAt\":1763805600000}, or keyBase64 and valueBase64 of"
          + " bytes that are no UTF-8; \"flags\":5 and \"stale\":true of memcached's clients.",
      "Many writes are under way at once; lines of one key may take effect in any order. Exit status"
          + " 1 if a line failed: it is named, and the others are still tried."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  gamut import pairs.jsonl", "  gamut export | gamut import --server 10.0.0.7:7379"})
public final class ImportCommand implements Callable<Integer> {
  private static final int UNDER_WAY_MAX = 256;
  private static final int FAULTS_SHOWN_MAX = 20;

  @Mixin private final ClientOptions options = new ClientOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The lines. Without it: standard input.")
  private @Nullable Path file;

  private final ArrayDeque<Writing> underWay = new ArrayDeque<>();
  private final Progress progress = new Progress("pairs imported");
  private long faults;

  /** A line whose write is under way. */
  private record Writing(long line, CompletableFuture<Outcome<Boolean>> outcome) {}

  @Override
  public Integer call() throws Exception {
    return options.withoutSession(this::run);
  }

  private int run(Handle cluster) throws IOException {
    try (BufferedReader lines = open()) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          begin(number, line, cluster);
        }
        if (underWay.size() >= UNDER_WAY_MAX) {
          finish(underWay.remove());
        }
      }
      while (!underWay.isEmpty()) {
        finish(underWay.remove());
      }
    }
    progress.end();
    if (faults > 0) {
      System.err.println("gamut import: " + faults + " lines failed");
    }
    return faults == 0 ? 0 : DataCommand.EXIT_NO;
  }

  private BufferedReader open() throws IOException {
    return file == null
        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
        : Files.newBufferedReader(file, StandardCharsets.UTF_8);
  }

  private void begin(long number, String text, Handle cluster) {
    try {
      JsonLine line = JsonLine.decode(text);
      Command<Boolean> put = Command.put(line.key(), line.entry());
      underWay.add(new Writing(number, cluster.async().run(put)));
    } catch (IllegalArgumentException | InvalidDataException e) {
      fault(number, String.valueOf(e.getMessage()));
    }
  }

  private void finish(Writing writing) {
    switch (writing.outcome.join()) {
      case Outcome.Ok<Boolean> _ -> progress.add();
      case Outcome.Failed<Boolean>(var fault, String message) ->
          fault(writing.line, fault + ": " + message);
      case Outcome.Unknown<Boolean>(String reason) ->
          fault(writing.line, "the outcome is unknown: " + reason);
    }
  }

  private void fault(long line, String words) {
    faults++;
    if (faults <= FAULTS_SHOWN_MAX) {
      System.err.println("gamut import: line " + line + ": " + words);
    }
  }
}
