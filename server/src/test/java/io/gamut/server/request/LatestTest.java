package io.gamut.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatestTest {
  private final Latest<String> latest = new Latest<>();

  @Test
  void theLastRequestCountsAndNotTheLastAnswer() {
    assertThat(latest.get()).isNull();
    latest.offer(2, "second");
    latest.offer(1, "first");
    assertThat(latest.get()).isEqualTo("second");
    latest.offer(3, "third");
    assertThat(latest.get()).isEqualTo("third");
  }

  @Test
  void whatWasForgottenDoesNotComeBack() {
    latest.offer(2, "second");
    latest.forget();
    latest.offer(1, "first");
    assertThat(latest.get()).isNull();
  }
}
