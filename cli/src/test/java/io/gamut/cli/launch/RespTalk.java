package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.GamutConnection;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.time.Duration;

/** A session over RESP. */
final class RespTalk implements Talk {
  private final GamutConnection connection;

  RespTalk(Endpoint server, Duration replyMax, String level, String token) throws IOException {
    connection = GamutConnection.open(server.host(), server.port(), replyMax);
    assertThat(call("GAMUT", "LEVEL", level)).isEqualTo("OK");
    if (!token.isEmpty()) {
      assertThat(call("GAMUT", "SESSION", token)).isEqualTo("OK");
    }
  }

  private String call(String... words) throws IOException {
    return connection.call(words).toString();
  }

  @Override
  public String increment(String key) throws IOException {
    return call("INCR", key);
  }

  @Override
  public String write(String key, String value) throws IOException {
    return call("SET", key, value);
  }

  @Override
  public String read(String key) throws IOException {
    return call("GET", key);
  }

  @Override
  public String token() throws IOException {
    return call("GAMUT", "SESSION");
  }

  @Override
  public void close() {
    connection.close();
  }
}
