package io.gamut.server.resp;

import io.gamut.server.request.Receipt;
import io.gamut.server.request.Said;
import org.jspecify.annotations.Nullable;

/**
 * A connection's last command on data, and how it was answered.
 *
 * @param said null where nobody keeps it
 */
record LastCommand(Receipt receipt, @Nullable Said said) {
  /** Why it was answered as it was. */
  String words() {
    if (receipt.outcome() == null) {
      return ofRead();
    }
    return switch (receipt.outcome()) {
      case APPLIED -> ofWrite();
      case NOT_APPLIED ->
          receipt.version() == null
              ? "it was refused: nothing was read or written"
              : "its condition did not hold at the version that it found";
      case UNKNOWN -> "it may have been done or not";
    };
  }

  private String ofRead() {
    return switch (receipt.level()) {
      case EVENTUAL -> "the server's own view, whatever the session has seen";
      case SESSION ->
          "the server's own view, which had all that the session wrote and saw of the key";
      case CAUSAL -> "the server's own view, which had all that the session depends on";
      case SEQUENTIAL ->
          "what the server had applied of the ledger, which was as far as the session had seen";
      case BOUNDED -> "what the server had applied of the ledger, which was new enough";
      case LINEARIZABLE -> "the latest that is committed, as a leader confirmed with a majority";
    };
  }

  private String ofWrite() {
    if (receipt.level().isWeak()) {
      return "durable on the answering server; the ledger absorbs it later";
    }
    return said != null && said.level().isWeak()
        ? "it reads and modifies, so the ledger did it, though a weak level was asked for"
        : "ordered by the ledger, and durable on a majority";
  }
}
