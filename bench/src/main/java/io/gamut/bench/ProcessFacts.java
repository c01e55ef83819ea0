package io.gamut.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the system tells of a process, where it does. */
public final class ProcessFacts {
  private ProcessFacts() {}

  /** A figure of Linux's {@code /proc/PID/status}, in the unit that it has there. */
  public static OptionalLong status(long pid, String name) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }
}
