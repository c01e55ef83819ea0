package io.gamut.server.memcached;

import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.access.User;
import io.gamut.server.access.Verdict;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.connection.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a client says who it is, as memcached has it for the text protocol ({@code -Y}): by a set of
 * whatever key to its name, a space, and its password. Until then there is nothing else to be had.
 */
final class Login {
  private static final String UNKNOWN = "CLIENT_ERROR unauthenticated";
  private static final String WRONG = "CLIENT_ERROR authentication failure";
  private static final String NO_TOKEN = "CLIENT_ERROR bad authentication token format";

  private final ClientAccess access;
  private final PipelinedConnection<ReplyWriter> connection;
  private final Consumer<User> granted;
  private @Nullable User user;
  private int denials;

  /**
   * @param granted is told who it is
   */
  Login(ClientAccess access, PipelinedConnection<ReplyWriter> connection, Consumer<User> granted) {
    this.access = access;
    this.connection = connection;
    this.granted = granted;
    user = access.needsPassword() ? null : User.ANYBODY;
  }

  /** Who it is; null as long as it must say so. */
  @Nullable User user() {
    return user;
  }

  /** Prepares a request of somebody who is not known. */
  Request prepare(MemcachedRequest said) {
    return switch (said) {
      case MemcachedRequest.Store store when store.how() == MemcachedRequest.Storing.SET ->
          prepare(store.value());
      case MemcachedRequest.Wrong wrong when wrong.isTooLarge() -> saying(NO_TOKEN);
      default -> saying(UNKNOWN);
    };
  }

  private Request saying(String line) {
    return new Request(
        Kind.ALONE,
        null,
        () -> {
          connection.setAnswered(true);
          connection.answerNow(writer -> writer.line(line));
        });
  }

  private Request prepare(byte[] token) {
    int space = new String(token, StandardCharsets.ISO_8859_1).indexOf(' ');
    if (space <= 0) {
      return saying(NO_TOKEN);
    }
    String name = new String(token, 0, space, StandardCharsets.ISO_8859_1);
    byte[] password = Arrays.copyOfRange(token, space + 1, token.length);
    return new Request(Kind.ALONE, null, () -> check(name, password));
  }

  private void check(String name, byte[] password) {
    connection.setAnswered(true);
    Answer answer = connection.begin(Kind.ALONE);
    access.check(
        name,
        password,
        verdict ->
            connection.onThisLoop(() -> {
              String line =
                  switch (verdict) {
                    case Verdict.Granted(User who) -> {
                      user = who;
                      granted.accept(who);
                      yield "STORED";
                    }
                    case Verdict.Denied _ -> {
                      if (++denials >= ClientAccess.FAILURES_MAX) {
                        connection.closeWhenAnswered();
                      }
                      yield WRONG;
                    }
                    case Verdict.Busy _ -> "SERVER_ERROR " + ClientAccess.BUSY;
                  };
              connection.end(answer, writer -> writer.line(line));
            }));
  }
}
