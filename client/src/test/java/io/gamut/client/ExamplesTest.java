package io.gamut.client;

import static io.gamut.client.Level.bounded;
import static io.gamut.client.Level.causal;
import static io.gamut.client.Level.eventual;
import static io.gamut.client.Level.linearizable;
import static io.gamut.client.Level.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of the documentation: what stands between the marks is shown there as it is. */
@Timeout(60)
final class ExamplesTest {
  private final LaggingServers servers = new LaggingServers(2);
  private final String one = servers.addresses()[0];
  private final String other = servers.addresses()[1];

  @AfterEach
  void close() {
    servers.close();
  }

  @Test
  void first() {
    List<Value> seen = new ArrayList<>();
    // @start region="first"
    try (GamutClient client = GamutClient.of(one, other)) {
      client.put("colour", "green"); // linearizable, unless the builder says otherwise
      Optional<Value> colour = client.at(eventual()).get("colour");
      colour.ifPresent(seen::add);
    }
    // @end
    assertThat(seen).hasSizeLessThanOrEqualTo(1);
    assertThat(servers.server(0).received("SET") + servers.server(1).received("SET")).isEqualTo(1);
  }

  @Test
  void outcomes() {
    try (GamutClient client = GamutClient.of(one, other)) {
      // @start region="outcomes"
      CompletableFuture<String> told =
          client
              .async()
              .put("colour", "blue")
              .thenApply(outcome ->
                  switch (outcome) {
                    case Outcome.Ok<Boolean> ok -> "written: " + ok.receipt();
                    case Outcome.Failed<Boolean> failed -> "not written: " + failed.message();
                    case Outcome.Unknown<Boolean> unknown -> "perhaps: " + unknown.reason();
                  });
      // @end
      assertThat(told.join()).startsWith("written: Receipt");
    }
  }

  @Test
  void sessions() {
    try (GamutClient client = GamutClient.of(one);
        GamutClient elsewhere = GamutClient.of(one, other)) {
      // @start region="sessions"
      Session mine = Session.create();
      client.in(mine).at(causal()).put("photo", "cat");
      String cookie = mine.token().text();

      // Another program, another server: it sees the photo, or says that it cannot yet.
      Session continued = Session.of(new SessionToken(cookie));
      Optional<Value> photo = elsewhere.in(continued).at(causal()).get("photo");
      // @end
      assertThat(photo).contains(Value.of("cat"));
    }
  }

  @Test
  void sla() {
    try (GamutClient client = GamutClient.of(one)) {
      client.put("stock", "12");
      // @start region="sla"
      Sla quickest =
          Sla.first(linearizable(), Duration.ofMillis(20))
              .orElse(session(), Duration.ofMillis(50))
              .orElse(bounded(Duration.ofSeconds(2)));
      SlaReply<Optional<Value>> reply = client.under(quickest).get("stock");
      String shown = reply.orElseThrow().orElseThrow() + " at " + reply.level();
      // @end
      assertThat(shown).startsWith("12 at ");
    }
  }

  private static String secret() {
    return "rosebud";
  }

  @Test
  void building() {
    // @start region="building"
    GamutClient client =
        GamutClient.builder()
            .servers(one, other)
            .level(session())
            .deadline(Duration.ofMillis(500))
            .credentials(() -> new Credentials("shop", secret()))
            .metrics(
                new ClientMetrics() {
                  @Override
                  public void onRetry(String command, String server, Fault fault) {
                    // count it
                  }
                })
            .build();
    // @end
    assertThat(client.get("nothing")).isEmpty();
    client.close();
  }
}
