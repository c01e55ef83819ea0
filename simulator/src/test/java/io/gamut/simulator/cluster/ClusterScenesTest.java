package io.gamut.simulator.cluster;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClusterScenesTest {
  @ParameterizedTest
  @EnumSource(ClusterScenes.class)
  void aSceneIsPlayedToItsEnd(ClusterScenes scene) {
    scene.play();
  }
}
