package io.gamut.server.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** What a request is answered with, all of it. The body is not copied. */
final class Answer {
  static final String OCTETS = "application/octet-stream";
  static final String JSON = "application/json";
  private static final String PROBLEM_JSON = "application/problem+json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final byte[] NOTHING = new byte[0];

  private final HttpResponseStatus status;
  private final HttpHeaders headers = new DefaultHttpHeaders();
  private final byte[] body;

  private Answer(HttpResponseStatus status, String type, byte[] body) {
    this.status = status;
    this.body = body;
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
  }

  private Answer(HttpResponseStatus status) {
    this.status = status;
    body = NOTHING;
  }

  /** Without a body. */
  static Answer empty(HttpResponseStatus status) {
    return new Answer(status);
  }

  static Answer octets(byte[] body) {
    return new Answer(HttpResponseStatus.OK, OCTETS, body);
  }

  static Answer text(String text) {
    return new Answer(HttpResponseStatus.OK, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer json(byte[] document) {
    return new Answer(HttpResponseStatus.OK, JSON, document);
  }

  /**
   * @param members writes those of the object
   */
  static Answer json(HttpResponseStatus status, Consumer<JsonGenerator> members) {
    return new Answer(status, JSON, Json.object(members));
  }

  static Answer of(Problem problem, String detail) {
    return of(problem, detail, _ -> {});
  }

  /**
   * @param more writes further members
   */
  static Answer of(Problem problem, String detail, Consumer<JsonGenerator> more) {
    byte[] body =
        Json.object(json -> {
          writeMembers(problem, detail, json);
          more.accept(json);
        });
    Answer answer = new Answer(problem.status(), PROBLEM_JSON, body);
    if (problem == Problem.UNAUTHORIZED) {
      answer.with(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"gamut\", charset=\"UTF-8\"");
    }
    return problem.passes() ? answer.with(HttpHeaderNames.RETRY_AFTER, "1") : answer;
  }

  static void writeMembers(Problem problem, String detail, JsonGenerator json) {
    json.writeStringProperty("type", problem.type());
    json.writeStringProperty("title", problem.title());
    json.writeNumberProperty("status", problem.status().code());
    json.writeStringProperty("detail", detail);
    json.writeStringProperty("code", problem.code().name());
  }

  Answer with(CharSequence name, String value) {
    headers.set(name, value);
    return this;
  }

  HttpResponseStatus status() {
    return status;
  }

  /** Whether a length is told; RFC 9110 section 8.6 forbids it where there can be no body. */
  boolean hasLength() {
    return !status.equals(HttpResponseStatus.NO_CONTENT)
        && !status.equals(HttpResponseStatus.NOT_MODIFIED);
  }

  HttpHeaders headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }
}
