package io.gamut.client.connection;

import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.util.Set;

/** A server answered the greeting with an error. */
final class GreetingRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final Set<String> DENIALS = Set.of("NOAUTH", "NOPERM", "WRONGPASS");

  private final boolean isDenial;

  GreetingRefusedException(RespValue.Failure failure) {
    super("it answered the greeting with: " + failure.message());
    isDenial = DENIALS.contains(failure.code());
  }

  /** Whether it is about who the client is: saying the same again will not help. */
  boolean isDenial() {
    return isDenial;
  }
}
