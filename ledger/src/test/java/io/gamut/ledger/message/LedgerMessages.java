package io.gamut.ledger.message;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.Append;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.Committed;
import io.gamut.ledger.message.LedgerMessage.Envelope;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Outdated;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.ReadRequest;
import io.gamut.ledger.message.LedgerMessage.Rejected;
import io.gamut.ledger.message.LedgerMessage.Removed;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import io.gamut.ledger.message.LedgerMessage.VoteReply;
import io.gamut.ledger.message.LedgerMessage.VoteRequest;
import io.gamut.ledger.message.LedgerRecord.Entries;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Messages and records of all kinds, drawn from a seed. */
final class LedgerMessages {
  static final int MESSAGE_KINDS = 13;
  static final int RECORD_KINDS = 3;

  private final SplittableRandom random;

  LedgerMessages(long seed) {
    random = new SplittableRandom(seed);
  }

  private long number() {
    return random.nextLong() >>> random.nextInt(2, 64);
  }

  Envelope envelope(int kind) {
    return new Envelope(random.nextLong(), random.nextLong(), message(kind));
  }

  private LedgerMessage message(int kind) {
    long term = number();
    return switch (kind) {
      case 0 -> append();
      case 1 -> new Appended(term, number(), number());
      case 2 -> new Rejected(term, number(), number(), number());
      case 3 ->
          new VoteRequest(term, number(), number(), random.nextBoolean(), random.nextBoolean());
      case 4 -> new VoteReply(term, random.nextBoolean(), random.nextBoolean());
      case 5 -> new TimeoutNow(term);
      case 6 -> new ReadRequest(term, random.nextLong(), random.nextLong());
      case 7 -> new ReadReply(term, random.nextLong(), random.nextLong(), number() - 1);
      case 8 -> new Removed(term, number());
      case 9 -> {
        long previous = number();
        List<Entry> entries = entries(previous, 0, 5);
        yield new Committed(lastTerm(entries, 0) + number(), previous, entries);
      }
      case 10 -> new Outdated(term);
      case 11 -> new Inquiry(term, random.nextLong());
      case 12 -> new Testimony(term, random.nextLong(), number(), number(), random.nextBoolean());
      default -> throw new IllegalArgumentException("message of kind " + kind);
    };
  }

  private Append append() {
    long previous = number();
    long previousTerm = number();
    List<Entry> entries = entries(previous, previousTerm, 5);
    long term = lastTerm(entries, previousTerm) + random.nextInt(3);
    return new Append(term, previous, previousTerm, entries, number(), number());
  }

  private static long lastTerm(List<Entry> entries, long otherwise) {
    return entries.isEmpty() ? otherwise : entries.getLast().term();
  }

  private List<Entry> entries(long previous, long previousTerm, int most) {
    List<Entry> entries = new ArrayList<>();
    long term = Math.max(1, previousTerm);
    for (int i = random.nextInt(most); i > 0; i--) {
      term += random.nextInt(3) == 0 ? random.nextInt(300) : 0;
      entries.add(new Entry(previous + entries.size() + 1, term, body()));
    }
    return entries;
  }

  private Entry.Body body() {
    return switch (random.nextInt(4)) {
      case 0 -> Entry.NoOp.NO_OP;
      case 1 -> new Entry.Reconfigured(configuration());
      default -> {
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        yield new Entry.Command(bytes);
      }
    };
  }

  private Participant participant() {
    return new Participant(new NodeId(random.nextInt(1 << random.nextInt(17))), random.nextLong());
  }

  private Configuration configuration() {
    Configuration configuration = Configuration.NOBODY;
    for (int i = random.nextInt(Configuration.VOTERS_MAX + 1); i > 0; i--) {
      configuration = configuration.withVoter(participant());
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      configuration = configuration.withLearner(participant());
    }
    return configuration;
  }

  LedgerRecord record(int kind) {
    return switch (kind) {
      case 0 -> new TermAndVote(number(), random.nextBoolean() ? participant() : null);
      case 1 -> {
        long previous = number();
        List<Entry> entries = new ArrayList<>(entries(previous, 0, 6));
        if (entries.isEmpty()) {
          entries.add(new Entry(previous + 1, 1, body()));
        }
        yield new Entries(entries);
      }
      case 2 -> new Restarted(new AppliedPoint(number(), number(), configuration()));
      default -> throw new IllegalArgumentException("record of kind " + kind);
    };
  }
}
