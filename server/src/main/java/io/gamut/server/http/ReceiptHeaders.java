package io.gamut.server.http;

import io.gamut.core.TokenSeal;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Receipt;

/** Says in headers how a request was answered: docs/receipts.md has what each field states. */
record ReceiptHeaders(TokenSeal seal) {
  static final String VERSION = "Gamut-Version";
  static final String REPLICA = "Gamut-Replica";
  static final String AGE = "Gamut-Age";
  static final String STATE = "Gamut-State";
  static final String OUTCOME = "Gamut-Outcome";

  /** All of a receipt. What does not apply is left out. */
  Answer put(Answer answer, Receipt receipt, Asked asked) {
    if (receipt.version() != null) {
      answer.with(VERSION, receipt.version().exact());
    }
    if (receipt.state() != null) {
      answer.with(STATE, receipt.state().toString());
    }
    return putOfMany(answer, receipt, asked);
  }

  /** The same, of a request that was not for keys that it named. */
  Answer putOfMany(Answer answer, Receipt receipt, Asked asked) {
    answer.with(Levels.LEVEL, receipt.level().toString());
    if (receipt.replica() != null) {
      answer.with(REPLICA, receipt.replica().toString());
    }
    if (receipt.isAgeKnown()) {
      answer.with(AGE, Long.toString(receipt.ageMillis()));
    }
    if (receipt.outcome() != null) {
      answer.with(OUTCOME, receipt.outcome().toString());
    }
    return answer.with(Levels.SESSION, seal.seal(asked.session()));
  }
}
