package io.gamut.server.resp;

/**
 * What follows the value in SET.
 *
 * @param expiry in milliseconds since 1970; 0 for never
 * @param wantsOld whether the value that was there is returned
 */
record SetOptions(When when, long expiry, boolean keepsExpiry, boolean wantsOld) {
  /** On what condition a value is set. */
  enum When {
    ALWAYS,
    ABSENT,
    PRESENT
  }

  static SetOptions of(Arguments arguments) {
    When when = When.ALWAYS;
    int timePlace = 0;
    boolean keepsExpiry = false;
    boolean wantsOld = false;
    for (int place = 3; place < arguments.size(); place++) {
      String option = arguments.word(place);
      boolean hasExpiry = timePlace != 0 || keepsExpiry;
      if (Expiries.UNITS.contains(option) && !hasExpiry && place + 1 < arguments.size()) {
        timePlace = ++place;
      } else if (option.equals("KEEPTTL") && timePlace == 0) {
        keepsExpiry = true;
      } else if (option.equals("NX") && when != When.PRESENT) {
        when = When.ABSENT;
      } else if (option.equals("XX") && when != When.ABSENT) {
        when = When.PRESENT;
      } else if (option.equals("GET")) {
        wantsOld = true;
      } else {
        throw Arguments.syntaxError();
      }
    }
    return new SetOptions(when, expiry(arguments, timePlace), keepsExpiry, wantsOld);
  }

  /** Looked at last, as Redis does: what is wrong with the options is told first. */
  private static long expiry(Arguments arguments, int timePlace) {
    return timePlace == 0
        ? 0
        : Expiries.millis(arguments.word(timePlace - 1), arguments.number(timePlace), arguments);
  }

  /** Whether the value that is there is of no account. */
  boolean isPlain() {
    return when == When.ALWAYS && !keepsExpiry && !wantsOld;
  }
}
