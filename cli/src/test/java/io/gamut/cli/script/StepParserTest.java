package io.gamut.cli.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StepParserTest {
  private final StepParser parser = new StepParser();

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\t", "# joinServer 0", "  # x", "#"})
  void blankLinesAndCommentsAskForNothing(String line) throws Exception {
    assertThat(parser.parse(line)).isNull();
  }

  @Test
  void readsWordsHoweverTheyAreSpaced() throws Exception {
    assertThat(parser.parse("joinServer 3")).isEqualTo(new Step.JoinServer(3));
    assertThat(parser.parse("\t joinServer\t 3  ")).isEqualTo(new Step.JoinServer(3));
    assertThat(parser.parse("stabilize ")).isEqualTo(new Step.Stabilize());
    assertThat(parser.parse("delay 0 1 20")).isEqualTo(new Step.Delay(0, 1, 20));
    assertThat(parser.parse("partition 0,1 2 3,4"))
        .isEqualTo(new Step.Partition(List.of(List.of(0, 1), List.of(2), List.of(3, 4))));
    assertThat(parser.parse("expect a b")).isEqualTo(new Step.Expect("a b"));
  }

  @Test
  void disksAndClocksAreNamedByTheirServer() throws Exception {
    assertThat(parser.parse("slowdisk 2 300")).isEqualTo(new Step.SlowDisk(2, 300));
    assertThat(parser.parse("fulldisk 2 on")).isEqualTo(new Step.FullDisk(2, true));
    assertThat(parser.parse("fulldisk 2 off # again")).isEqualTo(new Step.FullDisk(2, false));
    assertThat(parser.parse("clock 0 -600000")).isEqualTo(new Step.SetClock(0, -600_000));
    assertThat(parser.parse("clock 0 3600000")).isEqualTo(new Step.SetClock(0, 3_600_000));
  }

  @ParameterizedTest
  @CsvSource({
    "slowdisk 2, lacks an argument",
    "slowdisk 2 5001, from 0 to 5000",
    "slowdisk 2 -1, a whole number from 0",
    "fulldisk 2 maybe, 'on or off, not ''maybe'''",
    "clock 2 3600001, 'ahead by -3600000 to 3600000 ms, not ''3600001'''",
    "clock 2 noon, 'ahead by -3600000 to 3600000 ms, not ''noon'''",
    "slowdsk 2 1, slowdisk"
  })
  void whatNoDiskAndNoClockCanBeToldIsSaid(String line, String fault) {
    assertThatThrownBy(() -> parser.parse(line))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void aLevelStandsBehindTheValue() throws Exception {
    assertThat(parser.parse("put 5 k @causal")).isEqualTo(new Step.Put(5, "k", "@causal", null));
    assertThat(parser.parse("put 5 k v @Linearizable"))
        .isEqualTo(new Step.Put(5, "k", "v", Consistency.LINEARIZABLE));
    assertThat(parser.parse("get 5 k @causal")).isEqualTo(new Step.Get(5, "k", Consistency.CAUSAL));
  }

  @Test
  void aCommentBeginsOnlyWhereNoArgumentIsDue() throws Exception {
    assertThat(parser.parse("joinServer 3 # the third")).isEqualTo(new Step.JoinServer(3));
    assertThat(parser.parse("put 5 colour #ff0000 # red"))
        .isEqualTo(new Step.Put(5, "colour", "#ff0000", null));
    assertThat(parser.parse("get 5 #")).isEqualTo(new Step.Get(5, "#", null));
    assertThat(parser.parse("killServer:0 # now")).isEqualTo(new Step.KillServer(0));
  }

  @Test
  void readsWordsBehindColons() throws Exception {
    assertThat(parser.parse("addServer")).isEqualTo(new Step.AddServer());
    assertThat(parser.parse("killServer:2")).isEqualTo(new Step.KillServer(2));
    assertThat(parser.parse("shutdownServer:2 ")).isEqualTo(new Step.ShutdownServer(2));
    assertThat(parser.parse("put:a:b:c")).isEqualTo(new Step.PutAnywhere("a", "b:c"));
    assertThat(parser.parse("testKVS:100:4:50:30:1:0:true:0"))
        .isEqualTo(new Step.TestKvs(100, 4, 50, 30, true, false, true, false));
    assertThat(parser.parse("get:a")).isEqualTo(new Step.GetAnywhere("a"));
  }

  @Test
  void readsNumbersBehindCommas() throws Exception {
    assertThat(parser.parse("3, 1, city ::: New York, NY"))
        .isEqualTo(new Step.Request(Consistency.CAUSAL, "city", "New York, NY"));
    assertThat(parser.parse("4,2,city"))
        .isEqualTo(new Step.Request(Consistency.EVENTUAL, "city", null));
    assertThat(parser.parse("1, 1, k :::"))
        .isEqualTo(new Step.Request(Consistency.LINEARIZABLE, "k", ""));
    assertThat(parser.parse("2, 2, a ::: b"))
        .isEqualTo(new Step.Request(Consistency.SEQUENTIAL, "a ::: b", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stablize | did you mean 'stabilize'?",
        "joinserver 1 | did you mean 'joinServer'?",
        "breakConection 1 2 | did you mean 'breakConnection'?",
        "pritnStore 0 | did you mean 'printStore'?",
        "kilServer:0 | did you mean 'killServer'?",
        "frobnicate 1 2 | unknown command 'frobnicate'",
        "put 5 k v @casual | did you mean 'causal'?",
        "put 5 k | put CLIENT KEY VALUE [@LEVEL]",
        "put 5 k v w | without its @",
        "put 5 k v @causal x | an argument too many",
        "joinServer | lacks an argument",
        "joinServer -1 | a whole number from 0",
        "joinServer zero | a whole number from 0, not 'zero'",
        "killServer: | a whole number from 0",
        "partition 0,1 1 | named twice",
        "5, 1, k ::: v | 1 linearizable",
        "1, 3, k | 1 set, 2 get",
        "1, 1, k | KEY ::: VALUE",
        "1, 2, | needs a key",
        "1 2 k | CONSISTENCY, REQUEST, DATA",
        "sleep 999999999 | at most 86400000 ms",
      })
  void saysWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> parser.parse(line))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(message);
  }

  @Test
  void nothingThatIsTypedBreaksIt() {
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder line = new StringBuilder();
      String letters = "put get:joinServer@#,,:: 0123\t\u00ff";
      for (int i = random.nextInt(30); i > 0; i--) {
        line.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        var _ = parser.parse(line.toString());
      } catch (ScriptException e) {
        assertThat(e.getMessage()).as("seed %d: %s", seed, line).isNotBlank();
      }
    }
  }
}
