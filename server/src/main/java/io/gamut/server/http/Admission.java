package io.gamut.server.http;

import io.gamut.server.access.ClientAccess;
import io.gamut.server.access.User;
import io.gamut.server.access.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whose the requests of one connection are: each says so itself, by RFC 7617. On the connection's
 * event loop, but for verdicts.
 */
final class Admission {
  private static final String SCHEME = "basic ";

  private final ClientAccess access;
  private int denials;

  Admission(ClientAccess access) {
    this.access = access;
  }

  /** A name and a password, a character for each byte. */
  private record Said(String name, String password) {}

  /** Whether there were so many wrong passwords that the connection is to end. */
  boolean isOver() {
    return denials >= ClientAccess.FAILURES_MAX;
  }

  /**
   * Throws {@link ProblemException} where a request says of nobody that it is theirs: known by its
   * head, so that its body is not waited for.
   */
  void requireSaid(Route route, HttpHeaders headers) {
    if (access.needsPassword() && !route.isPublic()) {
      var _ = said(headers);
    }
  }

  private static Said said(HttpHeaders headers) {
    List<String> all = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (all.size() != 1 || !all.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new ProblemException(Problem.UNAUTHORIZED, "a user and a password are needed");
    }
    String text;
    try {
      byte[] pair = Base64.getDecoder().decode(all.getFirst().substring(SCHEME.length()).strip());
      text = new String(pair, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException _) {
      throw new ProblemException(Problem.UNAUTHORIZED, "the credentials are no Base64");
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new ProblemException(Problem.UNAUTHORIZED, "a colon stands behind the user's name");
    }
    return new Said(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The verdict comes at once, or later on another thread. */
  void check(Route route, HttpHeaders headers, Consumer<Verdict> then) {
    if (!access.needsPassword() || route.isPublic()) {
      then.accept(new Verdict.Granted(User.ANYBODY));
    } else {
      Said said = said(headers);
      access.check(said.name, said.password.getBytes(StandardCharsets.ISO_8859_1), then);
    }
  }

  /** The user whose request may be done. Throws {@link ProblemException} if it may not. */
  User admitted(Route route, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Granted(User user) when route.isWrite() && user.isReadOnly() ->
          throw new ProblemException(Problem.FORBIDDEN, "this user may only read");
      case Verdict.Granted(User user) -> user;
      case Verdict.Denied _ -> {
        denials++;
        throw new ProblemException(Problem.UNAUTHORIZED, "the user or the password is wrong");
      }
      case Verdict.Busy _ -> throw new ProblemException(Problem.BUSY, ClientAccess.BUSY);
    };
  }
}
