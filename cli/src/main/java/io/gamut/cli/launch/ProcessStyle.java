package io.gamut.cli.launch;

import java.util.List;

/**
 * How a server's process runs.
 *
 * @param javaOptions for its JVM, beside those that every server has
 * @param warmUpMillis spent on a {@link Rehearsal} before it serves; 0 for none
 */
record ProcessStyle(List<String> javaOptions, int warmUpMillis) {
  /** For servers that are to stay. */
  static final ProcessStyle LASTING = new ProcessStyle(List.of(), 0);

  /**
   * For servers that live for seconds, several on a machine: only the quick compiler, and early.
   * The code of the thorough one is better, but it takes seconds of every processor to come.
   */
  static ProcessStyle fleeting(int warmUpMillis) {
    return new ProcessStyle(
        List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=0.1"), warmUpMillis);
  }
}
