package io.gamut.server.request;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.server.service.NodeServices;
import org.jspecify.annotations.Nullable;

/** How requests are refused, of whatever kind. */
final class Refusals {
  private Refusals() {}

  /** What is lost the session is told of once, and goes on without. */
  static <T> Outcome<T> refused(
      NodeServices services,
      Asked asked,
      ErrorCode code,
      String message,
      @Nullable NodeId replica) {
    if (code == ErrorCode.ERR_LOST) {
      asked.session().forget(services.ends());
    }
    return new Outcome.Refused<>(code, message, Receipt.ofError(code, asked.level(), replica));
  }
}
