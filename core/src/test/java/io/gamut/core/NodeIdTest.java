package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class NodeIdTest {
  @Test
  void refusesWhatDoesNotFitItsTwoBytes() {
    assertThatThrownBy(() -> new NodeId(65_536)).hasMessageContaining("65535");
    assertThatThrownBy(() -> new NodeId(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
