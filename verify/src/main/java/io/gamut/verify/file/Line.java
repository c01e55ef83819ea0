package io.gamut.verify.file;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is recorded at a time; docs/history.md shows each as it is written. */
public sealed interface Line {
  /**
   * A client is about to send a request.
   *
   * @param number of the request, unique in its history
   * @param process the client that sends it; null if it has no name
   * @param boundNanos of a bounded request, how old its state may be; else 0
   * @param steps as they are asked for; what they are to return is not looked at
   * @param at read from the clock of the history before it was recorded
   */
  record Invocation(
      long number,
      int session,
      @Nullable String process,
      Consistency level,
      long boundNanos,
      List<Step> steps,
      long at)
      implements Line {
    public Invocation {
      steps = List.copyOf(steps);
    }

    static Invocation of(Request request, @Nullable String process) {
      return new Invocation(
          request.number(),
          request.session(),
          process,
          request.level(),
          request.boundNanos(),
          request.steps(),
          request.invoked());
    }
  }

  /**
   * A client has an answer, or has given up waiting.
   *
   * @param answers one for each step, in their order; empty if none says anything
   */
  record Completion(
      long number, Outcome outcome, long at, @Nullable Receipt receipt, List<Answer> answers)
      implements Line {
    public Completion {
      answers = List.copyOf(answers);
    }

    /** What has become of a request. */
    public static Completion of(Request request) {
      List<Answer> answers = request.steps().stream().map(Answer::of).toList();
      boolean isSilent =
          request.outcome() != Outcome.OK && answers.stream().allMatch(Answer.NONE::equals);
      return new Completion(
          request.number(),
          request.outcome(),
          request.responded(),
          request.receipt(),
          isSilent ? List.of() : answers);
    }
  }

  /** Something was done to the cluster. */
  record Happened(Event event) implements Line {}

  /** What a replica shows in the end. */
  record Showing(int replica, Map<String, Shown> shown) implements Line {}

  /**
   * What became of a step.
   *
   * @param value that was read, or the sum or length that was returned; null if absent or not told
   * @param isMismatch of a compare-and-set, that it changed nothing
   */
  record Answer(@Nullable String value, @Nullable Version version, boolean isMismatch) {
    /** Of a step whose answer says nothing, or that found nothing. */
    public static final Answer NONE = new Answer(null, null, false);

    static Answer of(Step step) {
      boolean isTold = !step.kind().writesValue();
      boolean isMismatch = step.kind() == Kind.MISMATCH;
      return new Answer(isTold ? step.value() : null, step.version(), isMismatch);
    }

    /** The step with its answer. */
    Step completed(Step step) {
      if (isMismatch && step.kind() != Kind.COMPARE_AND_SET && step.kind() != Kind.MISMATCH) {
        throw new IllegalArgumentException("a mismatch of a " + step.kind());
      }
      Kind kind = isMismatch ? Kind.MISMATCH : step.kind();
      String told =
          switch (kind) {
            case READ, ADD, APPEND -> value;
            case WRITE, COMPARE_AND_SET -> step.value();
            case DELETE, MISMATCH -> null;
          };
      return new Step(kind, step.key(), told, step.argument(), version, step.lifeNanos());
    }
  }
}
