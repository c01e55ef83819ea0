package io.gamut.client;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request. That it is not known is a case of its own: it is no failure, and a
 * program that takes it for one may do a thing twice.
 *
 * {@snippet file="io/gamut/client/ExamplesTest.java" region="outcomes"}
 */
public sealed interface Outcome<T> {
  /**
   * It was answered. That a condition did not hold is an answer too.
   *
   * @param receipt how it was come by; null only of commands that have none
   */
  record Ok<T>(T value, @Nullable Receipt receipt) implements Outcome<T> {}

  /** Nothing was changed, and nothing will be. */
  record Failed<T>(Fault fault, String message) implements Outcome<T> {}

  /** A write that may have been carried out, or not, or may yet be. Never of a read. */
  record Unknown<T>(String reason) implements Outcome<T> {}

  /**
   * The value, or an exception.
   *
   * @throws RequestFailedException of {@link Failed}
   * @throws UnknownOutcomeException of {@link Unknown}
   */
  default T orElseThrow() {
    return switch (this) {
      case Ok<T> ok -> ok.value();
      case Failed<T> failed -> throw new RequestFailedException(failed.fault(), failed.message());
      case Unknown<T> unknown -> throw new UnknownOutcomeException(unknown.reason());
    };
  }

  /** The same with another value, if there is one. */
  default <R> Outcome<R> map(Function<? super T, ? extends R> change) {
    return switch (this) {
      case Ok<T> ok -> new Ok<>(change.apply(ok.value()), ok.receipt());
      case Failed<T> failed -> new Failed<>(failed.fault(), failed.message());
      case Unknown<T> unknown -> new Unknown<>(unknown.reason());
    };
  }
}
