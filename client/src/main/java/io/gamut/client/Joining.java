package io.gamut.client;

import io.gamut.client.connection.Errand;
import io.gamut.client.connection.ServerAddress;
import io.gamut.client.connection.ServerPool;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Joins histories at a server, over a connection of its own: the history of one that others share
 * would come along.
 */
final class Joining {
  private final ClientOptions options;
  private final List<ServerAddress> servers;

  /**
   * @param servers that can be asked
   */
  Joining(ClientOptions options, List<ServerAddress> servers) {
    this.options = options;
    this.servers = new ArrayList<>(servers);
  }

  SessionToken join(List<SessionToken> tokens) {
    List<byte[]> take = new ArrayList<>(words("GAMUT", "SESSION"));
    tokens.forEach(token -> take.add(token.bytes()));
    List<byte[][]> requests =
        List.of(take.toArray(byte[][]::new), words("GAMUT", "SESSION").toArray(byte[][]::new));
    ServerPool.Options pool = options.pool();
    Collections.shuffle(servers);
    long beganNanos = System.nanoTime();
    String trouble = "no server was asked in time";
    for (ServerAddress server : servers) {
      long leftNanos = options.deadline().toNanos() - (System.nanoTime() - beganNanos);
      if (leftNanos <= 0) {
        break;
      }
      int millis = (int) Math.clamp(leftNanos / 1_000_000, 1, pool.connectLimit().toMillis());
      try {
        for (RespValue reply : Errand.run(server, pool, requests, millis)) {
          if (reply instanceof RespValue.Failure failure) {
            throw new RequestFailedException(
                Fault.of(failure.code()), server + " answered: " + failure.message());
          }
          if (reply instanceof RespValue.Text(byte[] bytes) && bytes.length > "OK".length()) {
            return SessionToken.of(bytes);
          }
        }
        trouble = server + " answered with no token";
      } catch (IOException e) {
        trouble = server + ": " + e.getMessage();
      }
    }
    throw new RequestFailedException(Fault.NO_ANSWER, trouble);
  }

  private static List<byte[]> words(String... words) {
    List<byte[]> encoded = new ArrayList<>();
    for (String word : words) {
      encoded.add(word.getBytes(StandardCharsets.US_ASCII));
    }
    return encoded;
  }
}
