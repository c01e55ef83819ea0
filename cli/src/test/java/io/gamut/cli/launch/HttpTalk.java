package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session over HTTP: its token goes along with each request. */
final class HttpTalk implements Talk {
  private static final Pattern NUMBER = Pattern.compile("\"number\":(-?\\d+)");
  private static final Pattern CODE = Pattern.compile("\"code\":\"(\\w+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Endpoint server;
  private final Duration replyMax;
  private final String level;
  private String token;

  HttpTalk(Endpoint server, Duration replyMax, String level, String token) {
    this.server = server;
    this.replyMax = replyMax;
    this.level = level;
    this.token = token;
  }

  /** The answer's body, or the code of its problem. */
  private String call(String method, String path, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server + "/v1/keys/" + path))
            .timeout(replyMax)
            .header("Gamut-Level", level)
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Gamut-Session", token);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      token = answer.headers().firstValue("Gamut-Session").orElse(token);
      return answer.statusCode() / 100 == 2
          ? answer.body()
          : first(CODE, answer.body()) + " " + answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : text;
  }

  @Override
  public String increment(String key) throws IOException {
    return first(NUMBER, call("POST", key + "/increment", ""));
  }

  @Override
  public String write(String key, String value) throws IOException {
    String reply = call("PUT", key, value);
    return reply.isEmpty() ? "OK" : reply;
  }

  @Override
  public String read(String key) throws IOException {
    return call("GET", key, "");
  }

  @Override
  public String token() {
    return token;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
