package io.gamut.protocol.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.protocol.memcached.MemcachedRequest.Storing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RequestParserTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static List<MemcachedRequest> parse(String text) throws MemcachedProtocolException {
    return parse(new RequestParser(), bytes(text));
  }

  private static List<MemcachedRequest> parse(RequestParser parser, ByteBuffer in)
      throws MemcachedProtocolException {
    List<MemcachedRequest> requests = new ArrayList<>();
    MemcachedRequest request = parser.next(in);
    while (request != null) {
      requests.add(request);
      request = parser.next(in);
    }
    return requests;
  }

  private static String answer(String text) throws MemcachedProtocolException {
    MemcachedRequest first = parse(text).getFirst();
    assertThat(first).as(text).isInstanceOf(MemcachedRequest.Wrong.class);
    return first instanceof MemcachedRequest.Wrong(String line, boolean _) ? line : "";
  }

  // What requests look like

  private static Key key(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1, 251)];
    for (int i = 0; i < bytes.length; i++) {
      int shown = random.nextInt(0x21, 0x100);
      bytes[i] = (byte) (shown == 0x7f ? 'x' : shown);
    }
    return Key.of(bytes);
  }

  private static MetaKey metaKey(SplittableRandom random) {
    if (random.nextBoolean()) {
      return new MetaKey(key(random), false);
    }
    byte[] bytes = new byte[random.nextInt(1, 187)];
    random.nextBytes(bytes);
    return new MetaKey(Key.of(bytes), true);
  }

  private static byte[] value(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(30)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<Key> keys(SplittableRandom random) {
    List<Key> keys = new ArrayList<>();
    for (int left = random.nextInt(1, 6); left > 0; left--) {
      keys.add(key(random));
    }
    return keys;
  }

  private static MetaFlags flags(MetaKey key, SplittableRandom random) {
    List<MetaFlag> flags = new ArrayList<>();
    for (char letter : List.of('c', 'f', 'h', 'k', 'l', 'q', 's', 't', 'u', 'v', 'I')) {
      if (random.nextInt(4) == 0) {
        flags.add(new MetaFlag(letter, ""));
      }
    }
    for (char letter : List.of('C', 'D', 'J')) {
      if (random.nextInt(4) == 0) {
        flags.add(new MetaFlag(letter, Long.toUnsignedString(random.nextLong())));
      }
    }
    for (char letter : List.of('T', 'N', 'R')) {
      if (random.nextInt(4) == 0) {
        flags.add(new MetaFlag(letter, Long.toString(random.nextLong())));
      }
    }
    flags.add(new MetaFlag('O', "o" + random.nextInt()));
    flags.add(new MetaFlag('L', "bounded:" + random.nextInt(1_000)));
    if (key.isBase64()) {
      flags.add(random.nextInt(flags.size() + 1), new MetaFlag('b', ""));
    }
    return new MetaFlags(flags);
  }

  private static MemcachedRequest request(SplittableRandom random) {
    boolean noreply = random.nextInt(4) == 0;
    MetaKey metaKey = metaKey(random);
    MetaFlags flags = flags(metaKey, random);
    return switch (random.nextInt(13)) {
      case 0 -> new MemcachedRequest.Get(keys(random), random.nextBoolean());
      case 1 ->
          new MemcachedRequest.GetAndTouch(random.nextLong(), keys(random), random.nextBoolean());
      case 2, 3 -> {
        Storing how = List.of(Storing.values()).get(random.nextInt(6));
        long cas = how == Storing.CAS ? random.nextLong() : 0;
        yield new MemcachedRequest.Store(
            how, key(random), random.nextInt(), random.nextLong(), cas, value(random), noreply);
      }
      case 4 -> new MemcachedRequest.Delete(key(random), noreply);
      case 5 ->
          new MemcachedRequest.Count(key(random), random.nextBoolean(), random.nextLong(), noreply);
      case 6 -> new MemcachedRequest.Touch(key(random), random.nextLong(), noreply);
      case 7 -> new MemcachedRequest.FlushAll(random.nextInt(), noreply);
      case 8 -> new MemcachedRequest.MetaGet(metaKey, flags);
      case 9 -> new MemcachedRequest.MetaSet(metaKey, flags, value(random));
      case 10 -> new MemcachedRequest.MetaDelete(metaKey, flags);
      case 11 ->
          new MemcachedRequest.TakeSession(new String(value(random), StandardCharsets.ISO_8859_1));
      default -> new MemcachedRequest.MetaCount(metaKey, flags);
    };
  }

  // How they are written

  private static void write(MemcachedRequest request, ByteArrayOutputStream out) {
    switch (request) {
      case MemcachedRequest.Get(List<Key> keys, boolean wantsCas) ->
          line(out, wantsCas ? "gets" : "get", words(keys));
      case MemcachedRequest.GetAndTouch(long expiry, List<Key> keys, boolean wantsCas) ->
          line(out, wantsCas ? "gats" : "gat", expiry, words(keys));
      case MemcachedRequest.Store store -> {
        line(
            out,
            store.how().word(),
            word(store.key()),
            Integer.toUnsignedString(store.flags()),
            store.expiry(),
            store.value().length,
            store.how() == Storing.CAS ? Long.toUnsignedString(store.cas()) : "",
            noreply(request));
        block(out, store.value());
      }
      case MemcachedRequest.Delete(Key key, boolean _) ->
          line(out, "delete", word(key), noreply(request));
      case MemcachedRequest.Count(Key key, boolean isUp, long delta, boolean _) ->
          line(
              out,
              isUp ? "incr" : "decr",
              word(key),
              Long.toUnsignedString(delta),
              noreply(request));
      case MemcachedRequest.Touch(Key key, long expiry, boolean _) ->
          line(out, "touch", word(key), expiry, noreply(request));
      case MemcachedRequest.FlushAll(long delay, boolean _) ->
          line(out, "flush_all", delay, noreply(request));
      case MemcachedRequest.MetaGet get -> line(out, "mg", get.key().text(), words(get.flags()));
      case MemcachedRequest.MetaSet set -> {
        line(out, "ms", set.key().text(), set.value().length, words(set.flags()));
        block(out, set.value());
      }
      case MemcachedRequest.MetaDelete delete ->
          line(out, "md", delete.key().text(), words(delete.flags()));
      case MemcachedRequest.MetaCount count ->
          line(out, "ma", count.key().text(), words(count.flags()));
      case MemcachedRequest.TakeSession(String token) -> {
        line(out, "session", token.length());
        block(out, token.getBytes(StandardCharsets.ISO_8859_1));
      }
      case MemcachedRequest.Stats _,
          MemcachedRequest.Version _,
          MemcachedRequest.Verbosity _,
          MemcachedRequest.Quit _,
          MemcachedRequest.GetServers _,
          MemcachedRequest.Level _,
          MemcachedRequest.TellSession _,
          MemcachedRequest.TellReceipt _,
          MemcachedRequest.MetaDebug _,
          MemcachedRequest.MetaNoop _,
          MemcachedRequest.Wrong _ ->
          throw new IllegalArgumentException(request.toString());
    }
  }

  private static String noreply(MemcachedRequest request) {
    return request.noreply() ? "noreply" : "";
  }

  private static String word(Key key) {
    return new String(key.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static String words(List<Key> keys) {
    return String.join(" ", keys.stream().map(RequestParserTest::word).toList());
  }

  private static String words(MetaFlags flags) {
    return String.join(" ", flags.all().stream().map(MetaFlag::toString).toList());
  }

  private static void line(ByteArrayOutputStream out, Object... words) {
    String text = String.join(" ", Arrays.stream(words).map(Object::toString).toList());
    out.writeBytes((text.strip() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void block(ByteArrayOutputStream out, byte[] value) {
    out.writeBytes(value);
    out.writeBytes(new byte[] {'\r', '\n'});
  }

  // Properties

  @Test
  void readsTheSameRequestsHoweverTheyAreSplit() throws Exception {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<MemcachedRequest> requests = new ArrayList<>();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int left = random.nextInt(1, 6); left > 0; left--) {
        MemcachedRequest request = request(random);
        requests.add(request);
        write(request, out);
      }
      byte[] stream = out.toByteArray();
      int atMost = seed % 4 == 0 ? 1 : 400;
      assertThat(parseSplit(stream, atMost, random)).as("seed %d", seed).isEqualTo(requests);
    }
  }

  private static List<MemcachedRequest> parseSplit(
      byte[] stream, int partMax, SplittableRandom random) throws MemcachedProtocolException {
    RequestParser parser = new RequestParser();
    List<MemcachedRequest> read = new ArrayList<>();
    ByteBuffer held = ByteBuffer.allocate(stream.length);
    for (int from = 0; from < stream.length; ) {
      int count = Math.min(stream.length - from, random.nextInt(1, partMax + 1));
      held.put(stream, from, count).flip();
      from += count;
      read.addAll(parse(parser, held));
      held.compact();
    }
    return read;
  }

  @Test
  void survivesGarbage() {
    String likely =
        "get set gat ms mg ma md mn me cas incr session receipt k 0 1 9 -1 C5 b q v noreply"
            + " \r\n\r\n\r\n";
    for (long seed = 0; seed < 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder garbage = new StringBuilder();
      String[] words = likely.split("(?<= )", -1);
      for (int left = random.nextInt(60); left > 0; left--) {
        boolean isWord = random.nextInt(4) > 0;
        garbage.append(isWord ? words[random.nextInt(words.length)] : (char) random.nextInt(0x100));
      }
      try {
        for (MemcachedRequest request : parse(garbage.toString())) {
          assertThat(request.toString()).isNotEmpty();
        }
      } catch (MemcachedProtocolException e) {
        assertThat(e).hasMessageContaining("at most");
      }
    }
  }

  // Limits

  @Test
  void readsOverAValueThatIsTooLargeAndGoesOn() throws Exception {
    int tooMany = Limits.VALUE_BYTES_MAX + 1;
    for (String line : List.of("set k 0 0 " + tooMany, "ms k " + tooMany + " q")) {
      RequestParser parser = new RequestParser();
      assertThat(parse(parser, bytes(line + "\r\n"))).isEmpty();
      byte[] part = new byte[1 << 20];
      Arrays.fill(part, (byte) '\n');
      for (int left = tooMany; left > 0; left -= part.length) {
        ByteBuffer some = ByteBuffer.wrap(part, 0, Math.min(left, part.length));
        assertThat(parse(parser, some)).isEmpty();
        assertThat(some.hasRemaining()).as("nothing is kept").isFalse();
      }
      assertThat(parse(parser, bytes("\r\nmn\r\n")))
          .containsExactly(
              new MemcachedRequest.Wrong("SERVER_ERROR object too large for cache", false),
              new MemcachedRequest.MetaNoop());
    }
  }

  @Test
  void takesTheLargestValue() throws Exception {
    byte[] value = new byte[Limits.VALUE_BYTES_MAX];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    line(out, "set k 0 0", value.length);
    block(out, value);
    assertThat(parse(new RequestParser(), ByteBuffer.wrap(out.toByteArray())))
        .containsExactly(
            new MemcachedRequest.Store(Storing.SET, Key.of("k"), 0, 0, 0, value, false));
  }

  @Test
  void refusesALineWithoutEnd() {
    byte[] endless = new byte[RequestParser.LINE_BYTES_MAX + 1];
    Arrays.fill(endless, (byte) 'x');
    assertThatThrownBy(() -> new RequestParser().next(ByteBuffer.wrap(endless)))
        .isInstanceOf(MemcachedProtocolException.class);
  }

  @Test
  void refusesKeysThatAreTooLongOrOfControlCharacters() throws Exception {
    String bad = "CLIENT_ERROR bad command line format";
    for (String key : List.of("x".repeat(251), "a\tb", "a\0b", "a\u007fb")) {
      for (String command :
          List.of(
              "get %s",
              "gets k %s",
              "gat 0 %s",
              "delete %s",
              "incr %s 1",
              "touch %s 0",
              "set %s 0 0 1",
              "cas %s 0 0 1 5",
              "mg %s v",
              "md %s",
              "ma %s",
              "me %s")) {
        assertThat(answer(command.formatted(key) + "\r\n")).as(command).isEqualTo(bad);
      }
    }
    assertThat(parse("get " + "x".repeat(250) + "\r\n")).hasSize(1);
  }

  @Test
  void readsOverTheValueOfAMetaSetThatIsRefused() throws Exception {
    for (String line : List.of("ms " + "x".repeat(251) + " 4", "ms k 4 !", "ms k 4 MZ")) {
      List<MemcachedRequest> read = parse(line + "\r\nquit\r\nmn\r\n");
      assertThat(read).as(line).hasSize(2);
      assertThat(read.getLast()).isEqualTo(new MemcachedRequest.MetaNoop());
    }
  }

  @Test
  void refusesAValueThatIsLongerThanItSays() throws Exception {
    assertThat(answer("set k 0 0 2\r\nabcd\r\n")).isEqualTo("CLIENT_ERROR bad data chunk");
    assertThat(parse("set k 0 0 2 noreply\r\nabcd\r\n").getFirst().noreply()).isTrue();
  }

  @Test
  void saysExpiryInMilliseconds() {
    long now = 1_700_000_000_000L;
    assertThat(Expiry.millis(0, now)).hasValue(Expiry.NEVER);
    assertThat(Expiry.millis(-1, now)).isEmpty();
    assertThat(Expiry.millis(2_592_000, now)).hasValue(now + 2_592_000_000L);
    assertThat(Expiry.millis(2_592_001, now)).as("a second of 1970").isEmpty();
    assertThat(Expiry.millis(1_700_000_001, now)).hasValue(now + 1_000);
    assertThat(Expiry.millis(Long.MAX_VALUE, now)).hasValue(Expiry.NEVER);
    assertThat(Expiry.secondsLeft(Expiry.NEVER, now)).isEqualTo(-1);
    assertThat(Expiry.secondsLeft(now + 1, now)).isEqualTo(1);
    for (long expiresAt :
        List.of(now + 1, now + 29_000, now + 29_001, now + 30_000, now + 30_001)) {
      assertThat(expiresAt < Expiry.endOfLessThan(30, now))
          .isEqualTo(Expiry.secondsLeft(expiresAt, now) < 30);
    }
    assertThat(Expiry.endOfLessThan(0, now)).isEqualTo(now + 1);
    assertThat(Expiry.endOfLessThan(Long.MAX_VALUE, now)).isGreaterThan(now);
  }
}
