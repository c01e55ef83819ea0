package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client may take of a server's time and memory, and how the server ends. */
final class HttpBoundsTest {
  private static final Version VERSION =
      new Version(HybridClock.fromMillis(1_700_000_000_000L), new Origin(1, 2));
  private static final Reply WRITTEN =
      new Reply.Written(VERSION, new Dot(new Origin(1, 2), 1), false);
  private static final HttpLimits PATIENT = StubServer.limits(60_000, 60_000);

  private static HttpLimits limits(int connectionsMax, long bodyBytesMax) {
    return new HttpLimits(60_000, 60_000, 200, 1_000, connectionsMax, bodyBytesMax);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Test
  void aHeadThatTricklesInIsNotWaitedForEver() throws Exception {
    try (StubServer server = new StubServer(StubServer.limits(300, 300));
        RawHttp raw = server.connect()) {
      CompletableFuture<Void> trickle =
          CompletableFuture.runAsync(() -> {
            try {
              while (true) {
                raw.send("X");
              }
            } catch (IOException _) {
              // It was ended, as it should be.
            }
          });
      raw.send("GET / HTTP/1.1\r\nX: ");
      assertThat(raw.receive("GET").status()).isIn(408, 431);
      trickle.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForEver() throws Exception {
    try (StubServer server = new StubServer(StubServer.limits(60_000, 100));
        RawHttp raw = server.connect()) {
      raw.send("PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
      assertThat(raw.receive("PUT").status()).isEqualTo(408);
      assertThat(raw.isEnded()).isTrue();
    }
  }

  @Test
  void aConnectionThatAsksNothingIsClosedWithoutAWord() throws Exception {
    try (StubServer server = new StubServer(StubServer.limits(100, 100));
        RawHttp raw = server.connect();
        RawHttp kept = server.connect()) {
      assertThat(raw.isEnded()).isTrue();
      kept.isEnded();
    }
  }

  @Test
  void aClientThatDoesNotReadIsLetGo() throws Exception {
    try (StubServer server = new StubServer(PATIENT);
        RawHttp raw = server.connect()) {
      Content.Value value = Content.Value.of(new byte[8 << 20]);
      server.services.pair = new Pair(Key.of("k"), value, VERSION, new LedgerPosition(1));
      for (int i = 0; i < 20; i++) {
        raw.request("GET", "/v1/keys/k", List.of(), "");
      }
      HttpCluster.await(
          "it is closed",
          () -> {
            try {
              raw.send("G");
              return false;
            } catch (IOException _) {
              return true;
            }
          });
    }
  }

  @Test
  void bodiesShareABudget() throws Exception {
    try (StubServer server = new StubServer(limits(100, (3 << 20) - 1))) {
      server.services.reply = WRITTEN;
      String large = "x".repeat(1 << 20);
      String head = "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n";
      RawHttp first = server.connect();
      RawHttp second = server.connect();
      first.send(head + large);
      second.send(head + large);
      try (RawHttp third = server.connect()) {
        HttpCluster.await(
            "the budget is used up",
            () -> {
              try (RawHttp probe = server.connect()) {
                probe.request("PUT", "/v1/keys/k", List.of(), "x".repeat(1 << 20));
                return probe.receive("PUT").status() == 503;
              }
            });
        third.request("PUT", "/v1/keys/k", List.of(), "small");
        assertThat(third.receive("PUT").status()).isEqualTo(201);
        first.hangUp();
        second.hangUp();
        HttpCluster.await(
            "there is room again",
            () -> {
              try (RawHttp probe = server.connect()) {
                probe.request("PUT", "/v1/keys/k", List.of(), large);
                return probe.receive("PUT").status() == 201;
              }
            });
      }
    }
  }

  @Test
  void moreConnectionsThanThereMayBeAreClosed() throws Exception {
    try (StubServer server = new StubServer(limits(2, 1 << 20));
        RawHttp first = server.connect();
        RawHttp second = server.connect()) {
      for (RawHttp each : List.of(first, second)) {
        each.request("GET", "/", List.of(), "");
        assertThat(each.receive("GET").status()).isEqualTo(200);
      }
      try (RawHttp third = server.connect()) {
        assertThatThrownBy(
                () -> {
                  third.request("GET", "/", List.of(), "");
                  third.receive("GET");
                })
            .isInstanceOf(IOException.class);
      }
      first.hangUp();
      HttpCluster.await(
          "there is room again",
          () -> {
            try (RawHttp again = server.connect()) {
              again.request("GET", "/", List.of(), "");
              return again.receive("GET").status() == 200;
            } catch (IOException _) {
              return false;
            }
          });
    }
  }

  @Test
  void writesWaitWhileTheDiskIsBehindAndReadsDoNot() throws Exception {
    try (StubServer server = new StubServer(PATIENT);
        RawHttp writer = server.connect();
        RawHttp reader = server.connect()) {
      server.services.overloaded = true;
      writer.request("PUT", "/v1/keys/k", List.of(), "v");
      HttpCluster.await("it waits", () -> server.services.waiting != null);
      reader.request("GET", "/v1/keys/k", List.of(), "");
      assertThat(reader.receive("GET").status()).isEqualTo(404);
      server.services.reply = WRITTEN;
      Runnable waiting = server.services.waiting;
      assertThat(waiting).isNotNull();
      waiting.run();
      assertThat(writer.receive("PUT").status()).isEqualTo(201);
    }
  }

  /** All of it comes at once with the end, while a request before it is done. */
  @Test
  void whatComesWithTheEndCountsAgainstTheBudget() throws Exception {
    int requests = 1_000;
    assertThat(answersAfterTheEnd(64 << 10, requests)).isEqualTo(requests);
    assertThat(answersAfterTheEnd(16 << 10, requests)).isZero();
  }

  private static int answersAfterTheEnd(int bodyBytesMax, int requests) throws Exception {
    try (StubServer server = new StubServer(limits(10, bodyBytesMax));
        RawHttp raw = server.connect()) {
      server.services.overloaded = true;
      raw.request("PUT", "/v1/keys/k", List.of(), "v");
      HttpCluster.await("it waits", () -> server.services.waiting != null);
      raw.send("GET / HTTP/1.1\r\nHost: example\r\n\r\n".repeat(requests));
      raw.endSending();
      server.awaitSockets();
      server.services.reply = WRITTEN;
      Runnable waiting = server.services.waiting;
      assertThat(waiting).isNotNull();
      waiting.run();
      assertThat(raw.receive("PUT").status()).isEqualTo(201);
      int answers = 0;
      while (!raw.isEnded()) {
        assertThat(raw.receive("GET").status()).isEqualTo(200);
        answers++;
      }
      return answers;
    }
  }

  @Test
  void aNodeWhosePortIsTakenOpensNone(@TempDir Path directory) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int resp = freePort();
      NodeConfig config =
          NodeConfig.of(new NodeId(0), directory).toBuilder()
              .resp(new Endpoint("127.0.0.1", resp))
              .http(new Endpoint("127.0.0.1", taken.getLocalPort()))
              .build();
      assertThatThrownBy(() -> Node.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("HTTP")
          .hasMessageContaining("" + taken.getLocalPort());
      HttpCluster.await(
          "the other port is free",
          () -> {
            try (ServerSocket again = new ServerSocket(resp, 1, InetAddress.getLoopbackAddress())) {
              return again.isBound();
            } catch (IOException _) {
              return false;
            }
          });
    }
  }

  @Test
  void aServerThatStopsAnswersWhatRunsAndClosesTheRest() throws Exception {
    try (StubServer server = new StubServer(PATIENT);
        RawHttp idle = server.connect();
        RawHttp half = server.connect();
        RawHttp running = server.connect()) {
      idle.request("GET", "/", List.of(), "");
      assertThat(idle.receive("GET").status()).isEqualTo(200);
      half.send("PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n");
      half.send("Content-Length: 5\r\n\r\n");
      assertThat(half.receive("PUT").status()).isEqualTo(100);
      server.services.overloaded = true;
      running.request("PUT", "/v1/keys/k", List.of(), "v");
      running.request("GET", "/", List.of(), "");
      HttpCluster.await("it runs", () -> server.services.waiting != null);
      CompletableFuture<Void> drained = server.listener().drain();
      assertThat(idle.isEnded()).isTrue();
      assertThat(half.receive("PUT").status()).isEqualTo(503);
      half.hangUp();
      server.services.reply = WRITTEN;
      Runnable waiting = server.services.waiting;
      assertThat(waiting).isNotNull();
      waiting.run();
      RawHttp.Reply last = running.receive("PUT");
      assertThat(last.status()).isEqualTo(201);
      assertThat(last.header("connection")).isEqualTo("close");
      drained.get(20, TimeUnit.SECONDS);
    }
  }
}
