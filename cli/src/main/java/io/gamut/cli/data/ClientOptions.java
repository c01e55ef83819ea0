package io.gamut.cli.data;

import io.gamut.client.GamutClient;
import io.gamut.client.Handle;
import io.gamut.client.Level;
import io.gamut.client.Session;
import io.gamut.client.SessionToken;
import io.gamut.core.Consistency;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command reaches a cluster, and how strongly. */
final class ClientOptions {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "127.0.0.1:7379",
      description =
          "Where servers listen for RESP clients; several are tried in turn. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> servers = List.of("127.0.0.1:7379");

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "linearizable",
      converter = LevelConverter.class,
      description =
          "eventual, session, causal, sequential, bounded:MS or linearizable. Default:"
              + " ${DEFAULT-VALUE}.")
  private Level level = Level.linearizable();

  @Option(
      names = "--session",
      paramLabel = "TOKEN",
      description =
          "The session that the command belongs to, as an earlier command printed it (json and"
              + " table print one).")
  private @Nullable String session;

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      defaultValue = "5000",
      description = "How long a request may take. Default: ${DEFAULT-VALUE} ms.")
  private long timeoutMillis = 5_000;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "raw",
      description =
          "raw: values as they are. json: an object a line, with version, level and session."
              + " table: for people. Default: ${DEFAULT-VALUE}.")
  private Form form = Form.RAW;

  /** How results are printed. */
  enum Form {
    RAW,
    JSON,
    TABLE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads a level, with the bound of one that has any. */
  static final class LevelConverter implements ITypeConverter<Level> {
    private static final int BOUND_MILLIS_DEFAULT = 1_000;

    @Override
    public Level convert(String text) {
      int colon = text.indexOf(':');
      String name = colon < 0 ? text : text.substring(0, colon);
      Consistency consistency =
          Consistency.parse(name)
              .orElseThrow(() ->
                  new TypeConversionException(
                      "a level is eventual, session, causal, sequential, bounded:MS or"
                          + " linearizable, not '"
                          + text
                          + "'"));
      if (consistency != Consistency.BOUNDED) {
        if (colon >= 0) {
          throw new TypeConversionException("only bounded has a bound, not '" + text + "'");
        }
        return new Level(consistency, null);
      }
      String bound = colon < 0 ? Integer.toString(BOUND_MILLIS_DEFAULT) : text.substring(colon + 1);
      if (!bound.matches("\\d{1,6}")) {
        throw new TypeConversionException("a bound is milliseconds, not '" + bound + "'");
      }
      return Level.bounded(Duration.ofMillis(Integer.parseInt(bound)));
    }
  }

  Form form() {
    return form;
  }

  /** Does something with a cluster. */
  @FunctionalInterface
  interface Work {
    int run(Handle cluster, Session session) throws Exception;
  }

  /** Connects, works, and disconnects. */
  int with(Work work) throws Exception {
    Session own = session == null ? Session.create() : Session.of(token(session));
    try (GamutClient client = connect()) {
      return work.run(client.at(level).in(own), own);
    }
  }

  /** Does many things at once, which belong to no session. */
  @FunctionalInterface
  interface Bulk {
    int run(Handle cluster) throws Exception;
  }

  /** Connects, works, and disconnects. */
  int withoutSession(Bulk work) throws Exception {
    try (GamutClient client = connect()) {
      return work.run(client.at(level));
    }
  }

  private GamutClient connect() {
    Duration limit = Duration.ofMillis(timeoutMillis);
    return GamutClient.builder()
        .servers(servers.toArray(String[]::new))
        .deadline(limit)
        .connectLimit(limit)
        .build();
  }

  private static SessionToken token(String text) {
    return SessionToken.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
