package io.gamut.cli.data;

import io.gamut.client.ClientBuilder;
import io.gamut.client.GamutClient;
import io.gamut.client.Handle;
import io.gamut.client.Level;
import io.gamut.client.Session;
import io.gamut.client.SessionToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command reaches a cluster, how strongly, and what it prints. */
public final class ClientOptions {
  @Option(
      names = {"--server", "--connect"},
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "127.0.0.1:7379",
      description =
          "Where servers listen for RESP clients; several are tried in turn. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> servers = List.of("127.0.0.1:7379");

  @Mixin private final LoginOptions login = new LoginOptions();

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

  public Form form() {
    return form;
  }

  public Level level() {
    return level;
  }

  public List<String> servers() {
    return servers;
  }

  public Duration timeout() {
    return Duration.ofMillis(timeoutMillis);
  }

  /** The session asked for, or one that has seen nothing. */
  public Session newSession() {
    return session == null ? Session.create() : Session.of(token(session));
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

  GamutClient connect() throws IOException {
    return connect(servers);
  }

  /** The same, to other servers. */
  public GamutClient connect(List<String> servers) throws IOException {
    Duration limit = timeout();
    ClientBuilder client =
        GamutClient.builder()
            .servers(servers.toArray(String[]::new))
            .deadline(limit)
            .connectLimit(limit);
    login.applyTo(client);
    return client.build();
  }

  private static SessionToken token(String text) {
    return SessionToken.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
