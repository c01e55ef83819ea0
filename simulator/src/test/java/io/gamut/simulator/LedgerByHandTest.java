package io.gamut.simulator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real core passes what careless ones do not. */
final class LedgerByHandTest {
  @ParameterizedTest
  @EnumSource(LedgerScenes.class)
  void isPlayedToItsEnd(LedgerScenes scene) {
    scene.play();
  }

  @ParameterizedTest
  @EnumSource(OldDiskScenes.class)
  void isPlayedToItsEnd(OldDiskScenes scene) {
    scene.play();
  }
}
