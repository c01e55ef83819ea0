package io.gamut.cli.data;

import io.gamut.client.Command;
import io.gamut.client.Entry;
import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.client.ScanPage;
import io.gamut.client.Value;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gamut export}. */
@picocli.CommandLine.Command(
    name = "export",
    description = {
      "Write all pairs as lines of JSON, ascending by key, with their expiry, and with what"
          + " memcached's clients have marked them with (flags, stale).",
      "Each pair is read by itself, at the level that is asked for: it is no picture of one moment."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  gamut export pairs.jsonl", "  gamut export --level eventual | gzip > pairs.gz"})
public final class ExportCommand implements Callable<Integer> {
  private static final int PAGE = 250;

  @Mixin private final ClientOptions options = new ClientOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where the lines go. Without it: standard output.")
  private @Nullable Path file;

  private final Progress progress = new Progress("pairs exported");

  /** A key, and what is asked about it. */
  private record Reading(Value key, CompletableFuture<Outcome<Optional<Entry>>> entry) {}

  @Override
  public Integer call() throws Exception {
    return options.withoutSession(this::run);
  }

  private int run(Handle cluster) throws IOException {
    try (OutputStream out = open()) {
      Value after = null;
      do {
        ScanPage page = cluster.run(Command.scan(after == null ? null : after.bytes(), PAGE));
        List<Reading> readings = new ArrayList<>();
        page.keys().forEach(key -> readings.add(read(key, cluster)));
        for (Reading reading : readings) {
          write(reading, out);
        }
        after = page.next();
      } while (after != null);
    }
    progress.end();
    return 0;
  }

  private OutputStream open() throws IOException {
    return new BufferedOutputStream(file == null ? System.out : Files.newOutputStream(file));
  }

  private static Reading read(Value key, Handle cluster) {
    return new Reading(key, cluster.async().run(Command.entry(key.bytes())));
  }

  /** One that has been deleted meanwhile is left out. */
  private void write(Reading reading, OutputStream out) throws IOException {
    Optional<Entry> entry = reading.entry.join().orElseThrow();
    if (entry.isPresent()) {
      out.write(new JsonLine(reading.key.bytes(), entry.get()).encode());
      progress.add();
    }
  }
}
