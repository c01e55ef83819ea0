package io.gamut.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.cli.script.ScriptReader;
import io.gamut.cli.script.Step;
import io.gamut.cli.script.StepParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BenchmarkScriptTest {
  private static byte[] written(BenchmarkScript script, long seed) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    script.writeTo(out, seed);
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"TREE", "CHAIN", "REHEARSAL"})
  void everyLineCanBeReadAndTheirNumberIsRight(BenchmarkScript script) throws Exception {
    ScriptReader reader = new ScriptReader(new ByteArrayInputStream(written(script, 1)), () -> {});
    StepParser parser = new StepParser();
    int commands = 0;
    int requests = 0;
    for (String line = reader.next(); line != null; line = reader.next()) {
      Step step = parser.parse(line);
      commands += step == null ? 0 : 1;
      requests += step instanceof Step.Put || step instanceof Step.Get ? 1 : 0;
    }
    assertThat(commands).isEqualTo(script.commands());
    assertThat(requests).isGreaterThan(commands * 95 / 100);
  }

  @Test
  void theSameSeedWritesTheSameScript() throws Exception {
    assertThat(written(BenchmarkScript.TREE, 3))
        .isEqualTo(written(BenchmarkScript.TREE, 3))
        .isNotEqualTo(written(BenchmarkScript.TREE, 4));
  }
}
