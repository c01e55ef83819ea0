package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Bytes as no well-meaning client sends them, to one real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpHostileTest {
  private static final int GARBAGE = 100_000;
  private static final long SEED = 4_711;
  private static final long FRESH_MILLIS_MAX = 100;
  private static final int TRIES = 5;

  /** Of the heap, behind a collection; what 100,000 requests would leave if each left 1 kB. */
  private static final long GROWTH_BYTES_MAX = 100L << 20;

  private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
  private HttpCluster cluster;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    leaks.start();
    ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(leaks);
    cluster = new HttpCluster(directory, 1);
  }

  @AfterAll
  void close() {
    cluster.close();
    ResourceLeakDetector.setLevel(before);
    assertThat(leaks.list).as("buffers that nobody released").isEmpty();
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(cluster.http(0));
  }

  @Test
  void requestsMayBeSplitAnywhere() throws Exception {
    String text =
        "PUT /v1/keys/split HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
            + "GET /v1/keys/split?x HTTP/1.1\r\nHost: x\r\n\r\n"
            + "GET /v1/keys/split HTTP/1.1\r\nHost: x\r\nGamut-Level: linearizable\r\n\r\n";
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 1; at <= bytes.length; at++) {
      try (RawHttp raw = connect()) {
        raw.send(Arrays.copyOf(bytes, at));
        raw.send(Arrays.copyOfRange(bytes, at, bytes.length));
        requireThree(raw);
      }
    }
    try (RawHttp raw = connect()) {
      for (byte each : bytes) {
        raw.send(new byte[] {each});
      }
      requireThree(raw);
    }
  }

  private static void requireThree(RawHttp raw) throws IOException {
    assertThat(raw.receive("PUT").status()).isIn(201, 204);
    assertThat(raw.receive("GET").status()).isEqualTo(400);
    assertThat(raw.receive("GET").text()).isEqualTo("abcde");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawHttp raw = connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        String body = "value " + i;
        all.append("PUT /v1/keys/pipe HTTP/1.1\r\nHost: x\r\nContent-Length: ")
            .append(body.length() + "\r\n\r\n" + body)
            .append("GET /v1/keys/pipe HTTP/1.1\r\nHost: x\r\n\r\n")
            .append("HEAD /v1/keys/pipe HTTP/1.1\r\nHost: x\r\n\r\n")
            .append("PATCH /v1/keys/pipe HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
      }
      raw.send(all.toString());
      for (int i = 0; i < 500; i++) {
        assertThat(raw.receive("PUT").status()).isIn(201, 204);
        assertThat(raw.receive("GET").text()).isEqualTo("value " + i);
        assertThat(raw.receive("HEAD").header("content-length"))
            .isEqualTo("" + ("value " + i).length());
        assertThat(raw.receive("PATCH").status()).isEqualTo(405);
      }
    }
  }

  @Test
  void connectionsEndAsTheirVersionSays() throws Exception {
    try (RawHttp raw = connect()) {
      raw.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(raw.receive("GET").header("connection")).isEqualTo("keep-alive");
      raw.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(raw.receive("GET").status()).isEqualTo(200);
      assertThat(raw.isEnded()).isTrue();
    }
    try (RawHttp raw = connect()) {
      raw.send("GET http://localhost/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      RawHttp.Reply reply = raw.receive("GET");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("connection")).isEqualTo("close");
      assertThat(raw.isEnded()).isTrue();
    }
  }

  @Test
  void aClientMayAskBeforeItSendsItsBody() throws Exception {
    try (RawHttp raw = connect()) {
      raw.send("PUT /v1/keys/ask HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n");
      raw.send("Content-Length: 5\r\n\r\n");
      assertThat(raw.receive("PUT").status()).isEqualTo(100);
      raw.send("hello");
      assertThat(raw.receive("PUT").status()).isIn(201, 204);
    }
    try (RawHttp raw = connect()) {
      raw.send("PUT /v1/keys/ask HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n");
      raw.send("Content-Length: 8388609\r\n\r\n");
      assertThat(raw.receive("PUT").status()).isEqualTo(413);
      assertThat(raw.isEnded()).isTrue();
    }
  }

  @Test
  void whatIsRefusedIsToldEvenWhileTheClientStillSends() throws Exception {
    try (RawHttp raw = connect()) {
      raw.send("PUT /v1/keys/large HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
      for (int i = 0; i < 300; i++) {
        raw.send(new byte[100_000]);
      }
      assertThat(raw.receive("PUT").status()).isEqualTo(413);
    }
    try (RawHttp raw = connect()) {
      raw.send("PUT /v1/keys/large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 300; i++) {
        raw.send("186a0\r\n");
        raw.send(new byte[100_000]);
        raw.send("\r\n");
      }
      assertThat(raw.receive("PUT").status()).isEqualTo(413);
    }
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    for (String wrong :
        List.of(
            "\0\1\2\3\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost x\r\n\r\n",
            "GET /v1/keys/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v1/keys/%4 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v1/keys/\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v1/keys/a#b HTTP/1.1\r\nHost: x\r\n\r\n",
            "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
            "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")) {
      try (RawHttp raw = connect()) {
        raw.send(wrong);
        assertThat(raw.receive("GET").status()).as(wrong).isEqualTo(400);
      }
    }
    for (String nowhere :
        List.of("GET /v1/keys/ ", "GET /v1/keys/a/b ", "GET // ", "GET /v2 ", "OPTIONS * ")) {
      try (RawHttp raw = connect()) {
        raw.send(nowhere + "HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(raw.receive("GET").status()).as(nowhere).isEqualTo(404);
      }
    }
  }

  @Test
  void oneHundredThousandPiecesOfGarbageHarmNobody() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    long heapBefore = heapUsed();
    int sent = 0;
    int nextCheck = GARBAGE / 10;
    while (sent < GARBAGE) {
      try (RawHttp raw = connect()) {
        int count = 1 + random.nextInt(60);
        StringBuilder framed = new StringBuilder();
        for (int i = 0; i < count; i++) {
          framed.append(nonsense(random));
        }
        sent += count + 1;
        raw.send(framed.toString());
        if (random.nextBoolean()) {
          for (int i = 0; i < count; i++) {
            assertThat(raw.receive("GET").status()).as("seed %d", SEED).isBetween(200, 499);
          }
        }
        raw.send(garbage(random));
      } catch (IOException _) {
        // It was closed on us, as garbage is.
      }
      if (sent >= nextCheck) {
        nextCheck += GARBAGE / 10;
        requireFreshClientIsServed(sent);
      }
    }
    assertThat(heapUsed() - heapBefore).as("bytes left behind").isLessThan(GROWTH_BYTES_MAX);
  }

  /** Requests that are framed, and ask for nothing that there is. */
  private static String nonsense(SplittableRandom random) {
    String method = List.of("GET", "PUT", "POST", "DELETE", "BREW").get(random.nextInt(5));
    String path =
        List.of("/", "/v1/keys", "/v1/keys/k", "/v1/batch", "/v1/keys/k/increment", "/x")
            .get(random.nextInt(6));
    String name =
        List.of("Gamut-Level", "Gamut-Session", "If-Match", "Accept", "Gamut-X")
            .get(random.nextInt(5));
    String body = "x".repeat(random.nextInt(200));
    return method
        + " "
        + path
        + "?"
        + (char) ('a' + random.nextInt(26))
        + "=1 HTTP/1.1\r\nHost: x\r\n"
        + name
        + ": "
        + Long.toHexString(random.nextLong())
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Bytes without any form, or a request with some bytes changed, or a part of one. */
  private static byte[] garbage(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1, random.nextInt(20) == 0 ? 100_000 : 500)];
    random.nextBytes(bytes);
    if (random.nextInt(3) > 0) {
      bytes = nonsense(random).getBytes(StandardCharsets.ISO_8859_1);
      for (int i = random.nextInt(5); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }
    return bytes;
  }

  /** The best of some tries: the machine has other things to do as well. */
  private void requireFreshClientIsServed(int sent) throws IOException {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      long begin = System.nanoTime();
      try (RawHttp fresh = connect()) {
        fresh.request("GET", "/v1/keys/fresh", List.of(), "");
        assertThat(fresh.receive("GET").status()).isEqualTo(404);
      }
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }
    assertThat(millis.stream().mapToLong(Long::longValue).min().orElseThrow())
        .as("milliseconds after %d, seed %d: %s", sent, SEED, millis)
        .isLessThan(FRESH_MILLIS_MAX);
  }

  private static long heapUsed() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
