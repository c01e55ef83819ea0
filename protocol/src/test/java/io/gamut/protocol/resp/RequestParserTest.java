package io.gamut.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RequestParserTest {
  private static List<byte[]> parse(String text) throws RespProtocolException {
    List<byte[]> request = new RequestParser().next(bytes(text));
    assertThat(request).isNotNull();
    return request == null ? List.of() : request;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void readsInlineCommandsOfPeople() throws Exception {
    assertThat(parse("\r\n  SET a  1\r\n")).hasSize(3);
    assertThat(parse("PING\n")).hasSize(1);
  }

  @Test
  void readsQuotesAsRedisDoes() throws Exception {
    assertThat(words("set \"a b\" 'c d'")).containsExactly("set", "a b", "c d");
    assertThat(words("\"\\x41\\n\\t\\\"\\q\" ''")).containsExactly("A\n\t\"q", "");
    assertThat(words("'it\\'s' a\\b \"\\xZZ\"")).containsExactly("it's", "a\\b", "xZZ");
    for (String unbalanced : List.of("a \"b", "'b", "\"a\"b", "'a'b", "\"a\\\"")) {
      assertThatThrownBy(() -> words(unbalanced))
          .as(unbalanced)
          .isInstanceOf(RespProtocolException.class)
          .hasMessageContaining("unbalanced quotes");
    }
  }

  private static List<String> words(String line) throws RespProtocolException {
    return parse(line + "\r\n").stream()
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Test
  void readsTheSameRequestsHoweverTheyAreSplit() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<List<byte[]>> requests = randomRequests(random);
      byte[] stream = encode(requests);
      RequestParser parser = new RequestParser();
      List<List<byte[]>> read = new ArrayList<>();
      ByteBuffer held = ByteBuffer.allocate(stream.length);
      for (int from = 0; from < stream.length; ) {
        int count = Math.min(stream.length - from, random.nextInt(1, 40));
        held.put(stream, from, count).flip();
        from += count;
        List<byte[]> request = parser.next(held);
        while (request != null) {
          read.add(request);
          request = parser.next(held);
        }
        held.compact();
      }
      assertThat(encode(read)).as("seed %d", seed).isEqualTo(stream);
    }
  }

  private static List<List<byte[]>> randomRequests(SplittableRandom random) {
    List<List<byte[]>> requests = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      List<byte[]> arguments = new ArrayList<>();
      for (int j = random.nextInt(1, 5); j > 0; j--) {
        byte[] argument = new byte[random.nextInt(60)];
        random.nextBytes(argument);
        arguments.add(argument);
      }
      requests.add(arguments);
    }
    return requests;
  }

  private static byte[] encode(List<List<byte[]>> requests) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (List<byte[]> request : requests) {
      out.writeBytes(("*" + request.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
      for (byte[] argument : request) {
        out.writeBytes(("$" + argument.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(argument);
        out.writeBytes(new byte[] {'\r', '\n'});
      }
    }
    return out.toByteArray();
  }

  @Test
  void refusesLengthsBeforeItAllocates() {
    for (String hostile :
        List.of(
            "*1000000000\r\n",
            "*1\r\n$1000000000\r\n",
            "*1\r\n$-5\r\n",
            "*1\r\n:5\r\n",
            "*x\r\n",
            "*1\r\n$99999999999999999999\r\n",
            "*1\r\n$1\r\nabc\r\n")) {
      assertThatThrownBy(() -> new RequestParser().next(bytes(hostile)))
          .as(hostile)
          .isInstanceOf(RespProtocolException.class);
    }
  }

  @Test
  void refusesALineWithoutEnd() {
    byte[] endless = new byte[70_000];
    Arrays.fill(endless, (byte) 'x');
    assertThatThrownBy(() -> new RequestParser().next(ByteBuffer.wrap(endless)))
        .isInstanceOf(RespProtocolException.class);
  }

  @Test
  void survivesGarbage() {
    for (long seed = 0; seed < 5_000; seed++) {
      byte[] garbage = new byte[200];
      SplittableRandom random = new SplittableRandom(seed);
      random.nextBytes(garbage);
      for (int i = 0; i < garbage.length; i += random.nextInt(1, 20)) {
        garbage[i] = (byte) "*$\r\n0123456789+-".charAt(random.nextInt(16));
      }
      try {
        RequestParser parser = new RequestParser();
        ByteBuffer in = ByteBuffer.wrap(garbage);
        while (parser.next(in) != null) {
          assertThat(in.position()).isPositive();
        }
      } catch (RespProtocolException e) {
        assertThat(e).hasMessageStartingWith("Protocol error: ");
      }
    }
  }
}
