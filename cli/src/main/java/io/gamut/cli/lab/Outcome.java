package io.gamut.cli.lab;

import io.gamut.protocol.resp.RespValue;
import java.util.Set;

/** How an error of a server is called in the lab's output. */
final class Outcome {
  private static final String PREFIX = "ERR";
  private static final Set<String> OF_LEVELS = Set.of("ERR_DEP", "ERR_LOST", "NOQUORUM");

  private Outcome() {}

  /** The error's code as one word that begins with ERR. */
  static String word(RespValue.Failure failure) {
    String code = failure.code();
    return code.startsWith(PREFIX) ? code : PREFIX + "_" + code;
  }

  /** Whether the error says that the level asked for cannot be had here and now. */
  static boolean isOfLevel(RespValue.Failure failure) {
    return OF_LEVELS.contains(failure.code());
  }
}
