package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A token carries a session, whole or not at all. */
final class TokenSealTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final byte[] SECRET = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final Origin ORIGIN = new Origin(7, -7);

  private final ClusterId cluster = new ClusterId(1, 2);
  private final TokenSeal seal = new TokenSeal(cluster, SECRET);

  private static Session session(SplittableRandom random, int operations) {
    Session session = new Session();
    for (int i = 0; i < operations; i++) {
      byte[] key = new byte[1 + random.nextInt(300)];
      random.nextBytes(key);
      Version version = new Version(HybridClock.fromMillis(NOW - random.nextInt(1_000)), ORIGIN);
      Dot dot = new Dot(new Origin(random.nextInt(3), 0), 1 + random.nextInt(1_000));
      Consistency level = random.nextBoolean() ? Consistency.CAUSAL : Consistency.SESSION;
      session.observe(Key.of(key), version, dot, level);
    }
    return session;
  }

  private static byte[] bytes(Session session) {
    BinaryWriter out = new BinaryWriter();
    session.write(out);
    return out.toByteArray();
  }

  @Test
  void aSessionComesBackFromItsToken() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Session session = session(random, random.nextInt(2_000));
      Session opened = seal.open(seal.seal(session), NOW);
      assertThat(bytes(opened)).as("seed %s", seed).isEqualTo(bytes(session));
    }
  }

  @Test
  void aTokenStaysBelowItsLimitWhateverTheSessionHasMet() {
    assertThat(seal.seal(session(new SplittableRandom(1), 10_000))).hasSizeLessThan(150_000);
    SplittableRandom random = new SplittableRandom(2);
    Session session = new Session();
    for (int i = 0; i < 3 * Limits.ORIGINS_MAX; i++) {
      byte[] key = new byte[Limits.SESSION_KEY_BYTES_MAX / Limits.SESSION_KEYS_MAX];
      random.nextBytes(key);
      Origin stamper = new Origin(random.nextLong(), random.nextLong());
      Origin origin = new Origin(i % Limits.ORIGINS_MAX - 1L, -1);
      Version version = new Version(HybridClock.fromMillis(NOW) + i, stamper);
      session.observe(
          Key.of(key), version, new Dot(origin, Long.MAX_VALUE - i), Consistency.CAUSAL);
    }
    String token = seal.seal(session);
    assertThat(token).hasSizeBetween(200_000, Limits.TOKEN_BYTES_MAX);
    assertThat(bytes(seal.open(token, NOW))).isEqualTo(bytes(session));
    assertRefused(seal, "A".repeat(Limits.TOKEN_BYTES_MAX + 1));
  }

  @Test
  void noByteOfATokenCanBeChanged() {
    byte[] token = decoded(seal.seal(session(new SplittableRandom(1), 5)));
    for (int i = 0; i < token.length; i++) {
      byte[] changed = token.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      assertRefused(seal, encoded(changed));
    }
  }

  @Test
  void noPartOfATokenIsOne() {
    byte[] token = decoded(seal.seal(session(new SplittableRandom(1), 5)));
    for (int length = 0; length < token.length; length++) {
      assertRefused(seal, encoded(Arrays.copyOf(token, length)));
    }
    assertRefused(seal, encoded(Arrays.copyOf(token, token.length + 1)));
  }

  @Test
  void textThatIsNoTokenIsRefused() {
    for (String text : new String[] {"", " ", "a", "****", "\u00e4", "AAAA".repeat(50)}) {
      assertRefused(seal, text);
    }
  }

  @Test
  void aTokenOfAnotherClusterOrSecretIsRefused() {
    String token = seal.seal(session(new SplittableRandom(1), 5));
    TokenSeal otherCluster = new TokenSeal(new ClusterId(1, 3), SECRET);
    assertThatThrownBy(() -> otherCluster.open(token, NOW)).hasMessageContaining("another cluster");
    assertRefused(new TokenSeal(cluster, new byte[] {9}), token);
  }

  @Test
  void aTokenFromTheFutureIsRefused() {
    Session session = new Session();
    Version version = new Version(HybridClock.fromMillis(NOW + 1_001), ORIGIN);
    session.observe(Key.of("k"), version, new Dot(ORIGIN, 1), Consistency.SESSION);
    String token = seal.seal(session);
    assertThatThrownBy(() -> seal.open(token, NOW))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("ahead");
    assertThat(seal.open(token, NOW + 1)).isNotNull();
  }

  /** Behind the seal too, what is not a session is an error of its own kind. */
  @Test
  void noPartOfASessionIsOneAndNoBytesDoMoreHarm() {
    byte[] session = bytes(session(new SplittableRandom(1), 5));
    for (int length = 0; length < session.length; length++) {
      byte[] part = Arrays.copyOf(session, length);
      assertThatThrownBy(() -> Session.read(new BinaryReader(part)))
          .isInstanceOf(InvalidDataException.class);
    }
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = session.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      try {
        Session.read(new BinaryReader(changed));
      } catch (InvalidDataException _) {
        // As it should be.
      }
    }
  }

  private static void assertRefused(TokenSeal seal, String token) {
    assertThatThrownBy(() -> seal.open(token, NOW)).isInstanceOf(InvalidDataException.class);
  }

  private static byte[] decoded(String token) {
    return Base64.getUrlDecoder().decode(token);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
