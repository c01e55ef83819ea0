package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptReader;
import io.gamut.cli.script.Step;
import io.gamut.cli.script.StepParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The requests of one client, read from a file of dialect D. */
public record RequestFile(String name, List<Step.Request> requests) {
  /**
   * Reads a file.
   *
   * @param faults takes a message for each line that is no request
   */
  public static RequestFile read(Path file, List<String> faults) throws IOException {
    List<Step.Request> requests = new ArrayList<>();
    StepParser parser = new StepParser();
    try (InputStream in = Files.newInputStream(file)) {
      ScriptReader reader = new ScriptReader(in, () -> {});
      for (String line = reader.next(); line != null; line = reader.next()) {
        String fault = "";
        try {
          Step step = parser.parse(line);
          if (step instanceof Step.Request request) {
            requests.add(request);
          } else if (step != null) {
            fault = "a client's file holds lines CONSISTENCY, REQUEST, DATA only";
          }
        } catch (ScriptException e) {
          fault = String.valueOf(e.getMessage());
        }
        if (!fault.isEmpty()) {
          faults.add("%s, line %d: %s".formatted(file, reader.lineNumber(), fault));
        }
      }
    }
    return new RequestFile(file.toString(), requests);
  }
}
