package io.gamut.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;

/** Ends a request with a problem, before anything was done. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Problem problem;
  private final String allow;

  /**
   * @param detail for people: what was wrong with this request
   */
  ProblemException(Problem problem, String detail) {
    this(problem, detail, "");
  }

  private ProblemException(Problem problem, String detail, String allow) {
    super(detail, null, false, false);
    this.problem = problem;
    this.allow = allow;
  }

  static ProblemException malformed(String detail) {
    return new ProblemException(Problem.MALFORMED, detail);
  }

  static ProblemException notAllowed(String allow) {
    return new ProblemException(Problem.METHOD, "use one of: " + allow, allow);
  }

  Problem problem() {
    return problem;
  }

  Answer answer() {
    Answer answer = Answer.of(problem, String.valueOf(getMessage()));
    return allow.isEmpty() ? answer : answer.with(HttpHeaderNames.ALLOW, allow);
  }
}
