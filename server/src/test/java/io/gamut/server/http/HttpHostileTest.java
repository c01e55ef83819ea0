package io.gamut.server.http;

import static io.gamut.server.hostile.Siege.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.hostile.Dialect;
import io.gamut.server.hostile.Siege;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes as no well-meaning client sends them, to one real node. Whatever they are, a fresh client
 * is answered, and soon: see {@link Siege}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpHostileTest implements Dialect {
  private static final String MARK = "this-is-where-the-garbage-ends";
  private static final String SECRET = "what-only-the-smuggled-request-asks-for";
  private static final String HOST = " HTTP/1.1\r\nHost: x\r\n";
  private static final int LARGE_BYTES = 1 << 20;

  private @Nullable Node node;
  private @Nullable Siege siege;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(0), directory.resolve("node")).toBuilder()
            .http(new Endpoint("127.0.0.1", 0))
            .build();
    node = Node.start(config);
    put("kept", "value");
    put("mark", MARK);
    put("secret", SECRET);
    put("large", "x".repeat(LARGE_BYTES));
  }

  private void put(String key, String value) throws IOException {
    try (RawHttp raw = connect()) {
      raw.request("PUT", "/v1/keys/" + key, List.of(), value);
      assertThat(raw.receive("PUT").status()).isEqualTo(201);
    }
  }

  @AfterAll
  void stop() {
    Objects.requireNonNull(node).kill();
  }

  @BeforeEach
  void begin() throws IOException {
    siege = new Siege(this);
  }

  @AfterEach
  void end() throws Exception {
    siege().close();
  }

  private Siege siege() {
    return Objects.requireNonNull(siege);
  }

  @Override
  public Endpoint server() {
    return Objects.requireNonNull(node).httpAddress().orElseThrow();
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(server());
  }

  @Override
  public void requireServed() throws IOException {
    try (RawHttp fresh = connect()) {
      fresh.request("GET", "/v1/keys/kept", List.of(), "");
      assertThat(fresh.receive("GET").text()).isEqualTo("value");
    }
  }

  @Test
  void requestsMayBeSplitAnywhere() throws Exception {
    byte[] requests =
        bytes(
            "PUT /v1/keys/split HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
                + "GET /v1/keys/split?x HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /v1/keys/split HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int at = -1; at < requests.length; at++) {
      assertThat(siege().answersSplit(requests, at))
          .as("at %d", at)
          .matches("(?s)HTTP/1.1 20[14] .*HTTP/1.1 400 .*HTTP/1.1 200 .*\r\n\r\nabcdeHTTP.*");
    }
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

  /**
   * Two lengths, or one that can be read in two ways: whoever is in between may see one request
   * where the server sees two. None of these may be done and followed by another.
   */
  @Test
  void whatMayBeReadAsTwoRequestsIsNeverAnsweredAsTwo() throws Exception {
    String smuggled = "GET /v1/keys/secret" + HOST + "\r\n";
    List<String> heads =
        List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
            "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
            "Content-Length: 0, 5\r\n\r\n",
            "Content-Length: +0\r\n\r\n",
            "Content-Length: -0\r\n\r\n",
            "Content-Length: 0x0\r\n\r\n",
            "Content-Length : 0\r\n\r\n",
            "Content-Length: 00000000000000000000000000\r\nContent-Length: 1\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1\na0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1;\nGET / HTTP/1.1\r\na\r\n0\r\n\r\n");
    for (String head : heads) {
      String answered =
          siege().answersToEnd(bytes("PUT /v1/keys/k" + HOST + head + smuggled + "X: y"));
      assertThat(answered).as(head).startsWith("HTTP/1.1 ").doesNotContain(SECRET);
    }
  }

  @Test
  void headersWithoutEndAreRefused() throws Exception {
    for (String flood :
        List.of(
            "X: y\r\n".repeat(200_000),
            "X".repeat(600_000) + ": y\r\n",
            "X: " + "y".repeat(600_000) + "\r\n",
            "\r\n\t".repeat(300_000))) {
      assertThat(siege().answersToEnd(bytes("GET /" + HOST + flood)))
          .containsAnyOf("HTTP/1.1 431 ", "HTTP/1.1 400 ");
    }
    assertThat(siege().answersToEnd(bytes("GET /" + "x".repeat(40_000) + HOST + "\r\n")))
        .startsWith("HTTP/1.1 414 ");
    String endless = "PUT /v1/keys/k" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    assertThat(siege().answersToEnd(bytes(endless + "1;" + "x".repeat(600_000))))
        .startsWith("HTTP/1.1 4");
    String trailers = endless + "0\r\n" + "X: y\r\n".repeat(200_000);
    assertThat(siege().answersToEnd(bytes(trailers))).startsWith("HTTP/1.1 4");
  }

  @Test
  void whatTurnsOutToBeWrongWhenAValueIsThereIsTheRequestsFault() throws Exception {
    String request = "GET /v1/keys/kept" + HOST + "If-Match: no-tag\r\n\r\n";
    assertThat(siege().answersSplit(bytes(request), 0)).startsWith("HTTP/1.1 400 ");
  }

  // Garbage

  @Test
  void garbageOfAllKindsIsAnsweredOrDropped() throws Exception {
    siege().sendGarbage();
  }

  @Override
  public byte[] request(SplittableRandom random) {
    return HttpGarbage.request(random);
  }

  @Override
  public byte[] garbage(SplittableRandom random) {
    return HttpGarbage.garbage(random);
  }

  @Override
  public byte[] lastRequest() {
    return bytes("GET /v1/keys/mark" + HOST + "\r\n");
  }

  @Override
  public String mark() {
    return MARK;
  }

  // Too many, and too slow

  @Test
  void manyConnectionsThatSayNothingOrHalfARequestKeepNobodyOut() throws Exception {
    siege()
        .flood(
            List.of(
                bytes(""),
                bytes("G"),
                bytes("GET / HTTP/1.1\r\nHost: x\r\nX: y"),
                bytes("PUT /v1/keys/k" + HOST + "Content-Length: 8000000\r\n\r\nbegun"),
                bytes("PUT /v1/keys/k" + HOST + "Transfer-Encoding: chunked\r\n\r\n1000\r\nbegun"),
                bytes(
                    "PUT /v1/keys/k"
                        + HOST
                        + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")));
  }

  @Test
  void clientsThatDoNotReadTheirAnswersAreNotReadFrom() throws Exception {
    // 40 GB are asked for.
    siege().askWithoutReading(20, bytes(("GET /v1/keys/large" + HOST + "\r\n").repeat(2_000)));
  }

  @Test
  void aRequestForMoreThanCanBeHeldIsRefused() throws Exception {
    String part = "{\"op\": \"get\", \"key\": \"large\"}";
    String body = "{\"operations\": [" + (part + ",").repeat(999) + part + "]}";
    String request =
        "POST /v1/batch"
            + HOST
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    assertThat(siege().answersSplit(bytes(request), 0)).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void requestsThatNeverEndShareABudget() throws Exception {
    String head = "PUT /v1/keys/k" + HOST + "Content-Length: 8388608\r\n\r\n";
    siege().beginWithoutEnd(300, bytes(head + "x".repeat(4 << 20)));
  }

  @Test
  void nothingIsKeptOfRequestsThatAreAnswered() throws Exception {
    String head = "PUT /v1/keys/k" + HOST + "If-Match: \"1\"\r\nContent-Length: 8388608\r\n\r\n";
    siege().fallSilentAfter(bytes(head + "x".repeat(8 << 20)), "HTTP/1.1 4");
  }

  @Test
  void headersThatNeverEndAreBounded() throws Exception {
    siege().beginWithoutEnd(300, bytes("GET /" + HOST + "X: y\r\n".repeat(100_000)));
  }

  @Test
  void aLargeBodyInManySmallPiecesHoldsNobodyUp() throws Exception {
    String value = "v".repeat(4 << 20);
    String head = "PUT /v1/keys/pieces" + HOST + "Content-Length: " + value.length() + "\r\n\r\n";
    String answer = siege().trickle(bytes(head + value), 100);
    // What the bodies of another attack have taken is given back as fast as their rest is read.
    for (int tries = 1; answer.startsWith("HTTP/1.1 503 ") && tries < 50; tries++) {
      answer = siege().trickle(bytes(head + value), 100);
    }
    assertThat(answer).startsWith("HTTP/1.1 201 ");
  }
}
