package io.gamut.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReplyReaderTest {
  /** Gives at most so many bytes at once. */
  private static final class Trickle extends InputStream {
    private final InputStream from;
    private final int most;

    Trickle(byte[] bytes, int most) {
      this.from = new ByteArrayInputStream(bytes);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      return from.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return from.read(into, offset, Math.min(length, most));
    }
  }

  private static RespValue read(String text) throws IOException {
    return reader(text).read();
  }

  private static ReplyReader reader(String text) {
    return new ReplyReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void readsEveryKindOfReply() throws Exception {
    assertThat(read("+OK\r\n")).hasToString("OK");
    assertThat(read("$2\r\n\r\n\r\n")).hasToString("\r\n");
    assertThat(read("-NOQUORUM no majority\r\n"))
        .isEqualTo(new RespValue.Failure("NOQUORUM no majority"));
    assertThat(read("!5\r\nERR x\r\n")).isEqualTo(new RespValue.Failure("ERR x"));
    assertThat(read(":-42\r\n")).isEqualTo(new RespValue.Whole(-42));
    assertThat(read(":" + Long.MIN_VALUE + "\r\n")).isEqualTo(new RespValue.Whole(Long.MIN_VALUE));
    assertThat(read(":" + Long.MAX_VALUE + "\r\n")).isEqualTo(new RespValue.Whole(Long.MAX_VALUE));
    assertThat(read("#t\r\n")).isEqualTo(new RespValue.Whole(1));
    assertThat(read(",1.5\r\n")).hasToString("1.5");
    assertThat(List.of(read("_\r\n"), read("$-1\r\n"), read("*-1\r\n")))
        .containsOnly(new RespValue.Null());
    assertThat(read("%1\r\n+a\r\n:1\r\n")).isInstanceOf(RespValue.Sequence.class);
    assertThat(read("|1\r\n+version\r\n+7\r\n$1\r\nv\r\n"))
        .isInstanceOfSatisfying(
            RespValue.Attributed.class,
            reply -> {
              assertThat(reply.attributes()).containsOnlyKeys("version");
              assertThat(reply.value()).hasToString("v");
            });
  }

  @Test
  void readsWhatTheWriterWroteHoweverItIsSplit() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BinaryWriter bytes = new BinaryWriter();
      ReplyWriter writer = new ReplyWriter(bytes, true);
      List<byte[]> written = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] value = new byte[random.nextInt(i == 19 ? 3 << 20 : 40_000)];
        random.nextBytes(value);
        written.add(value);
        writer.bulk(value);
      }
      writer.simple("end");
      ReplyReader reader =
          new ReplyReader(new Trickle(bytes.toByteArray(), random.nextInt(1, 70_000)));
      for (byte[] value : written) {
        assertThat(reader.read())
            .as("seed %d", seed)
            .isInstanceOfSatisfying(
                RespValue.Text.class,
                text -> assertThat(Arrays.equals(text.bytes(), value)).isTrue());
      }
      assertThat(reader.read()).hasToString("end");
    }
  }

  @Test
  void refusesLengthsThatNoReplyHas() {
    for (String hostile :
        List.of(
            "$99999999999\r\n",
            "$99999999999999999999\r\n",
            "*99999999\r\n",
            "|99999999\r\n",
            ":\r\n",
            ":12a\r\n",
            "$1\r\nabc\r\n",
            "+a\rb\r\n",
            "?\r\n",
            "*1\r\n".repeat(100),
            "+" + "x".repeat(100_000) + "\r\n")) {
      assertThatThrownBy(() -> read(hostile))
          .as(hostile.substring(0, Math.min(20, hostile.length())))
          .isInstanceOf(InvalidDataException.class);
    }
  }

  @Test
  void saysWhenTheStreamEnds() {
    for (String torn : List.of("", "+", "+O", "$5\r\nabc", "*2\r\n:1\r\n", "$600000000")) {
      assertThatThrownBy(() -> read(torn)).as(torn).isInstanceOf(EOFException.class);
    }
  }
}
