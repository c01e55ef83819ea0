package io.gamut.trial.workload;

import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accounts between which money moves: all balances are read at one moment, and then two of them
 * replaced at one moment if they still are what was read. What is there in all never changes.
 */
final class BankTransfers implements Workload {
  private static final int ACCOUNTS = 6;
  private static final int OPENING_BALANCE = 100;
  private static final int TRANSFER_MAX = 20;

  /** Between a balance and what makes the value unique. */
  private static final String SEPARATOR = "#";

  private final Values values;

  /** What was read last, by account; null if it was not there. */
  private final Map<String, @Nullable String> known = new HashMap<>();

  BankTransfers(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    if (known.isEmpty()) {
      List<Step> reads = new ArrayList<>();
      for (int account = 0; account < ACCOUNTS; account++) {
        reads.add(Planned.read(values.key(account)));
      }
      return Planned.together(reads);
    }
    int from = values.random().nextInt(ACCOUNTS);
    int to = (from + 1 + values.random().nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    int amount = 1 + values.random().nextInt(TRANSFER_MAX);
    Planned transfer = Planned.together(List.of(change(from, -amount), change(to, amount)));
    known.clear();
    return transfer;
  }

  private Step change(int account, int amount) {
    String key = values.key(account);
    String held = known.get(key);
    return Planned.compareAndSet(key, held, balance(held) + amount + SEPARATOR + values.unique());
  }

  /** How much a value stands for. */
  static int balance(@Nullable String held) {
    return held == null ? OPENING_BALANCE : Integer.parseInt(held.split(SEPARATOR, 2)[0]);
  }

  @Override
  public void onAnswered(Request request) {
    if (request.isOk() && request.isRead()) {
      request.steps().forEach(step -> known.put(step.key(), step.value()));
    }
  }
}
