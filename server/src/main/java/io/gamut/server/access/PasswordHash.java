package io.gamut.server.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256 (RFC 8018), with all that is needed to
 * compute it again, as {@code pbkdf2-sha256$iterations$salt$hash} in Base64 without padding.
 */
public final class PasswordHash {
  /** Tens of milliseconds of one core: an online guess is rare, an offline one is dear. */
  static final int ITERATIONS = 120_000;

  /** Longer ones are wrong: hashing must not be a way to keep a server busy. */
  public static final int PASSWORD_BYTES_MAX = 1_024;

  private static final String SCHEME = "pbkdf2-sha256";
  private static final int ITERATIONS_MIN = 1_000;
  private static final int ITERATIONS_MAX = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /** Of a new password. Throws {@link IllegalArgumentException} on one that cannot be used. */
  public static PasswordHash of(byte[] password) {
    return of(password, ITERATIONS);
  }

  static PasswordHash of(byte[] password, int iterations) {
    if (!isUsable(password)) {
      throw new IllegalArgumentException("a password has 1 to " + PASSWORD_BYTES_MAX + " bytes");
    }
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return new PasswordHash(iterations, salt, derive(password, salt, iterations));
  }

  /** One that no password matches, and that takes as long to find that out. */
  static PasswordHash ofNobody(int iterations) {
    return new PasswordHash(iterations, new byte[SALT_BYTES], new byte[HASH_BYTES]);
  }

  /** Reads {@link #toString}. Throws {@link IllegalArgumentException}, with the reason. */
  static PasswordHash parse(String text) {
    String[] parts = text.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME) || !parts[1].matches("\\d{1,8}")) {
      throw new IllegalArgumentException(
          "a password hash is " + SCHEME + "$<iterations>$<salt>$<hash>, as gamut user add makes");
    }
    int iterations = Integer.parseInt(parts[1]);
    if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a password hash has " + ITERATIONS_MIN + " to " + ITERATIONS_MAX + " iterations");
    }
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] hash = Base64.getDecoder().decode(parts[3]);
    if (salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
      throw new IllegalArgumentException(
          "a salt has at least " + SALT_BYTES + " bytes, a hash " + HASH_BYTES);
    }
    return new PasswordHash(iterations, salt, hash);
  }

  int iterations() {
    return iterations;
  }

  /** Whether it is of this password. Takes the time of all iterations, and of no prefix less. */
  boolean matches(byte[] password) {
    boolean isUsable = isUsable(password);
    byte[] given = isUsable ? password : new byte[] {'x'};
    return MessageDigest.isEqual(hash, derive(given, salt, iterations)) && isUsable;
  }

  private static boolean isUsable(byte[] password) {
    return password.length > 0 && password.length <= PASSWORD_BYTES_MAX;
  }

  private static byte[] derive(byte[] password, byte[] salt, int iterations) {
    char[] characters = new String(password, StandardCharsets.UTF_8).toCharArray();
    PBEKeySpec spec = new PBEKeySpec(characters, salt, iterations, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return String.join(
        "$",
        SCHEME,
        Integer.toString(iterations),
        base64.encodeToString(salt),
        base64.encodeToString(hash));
  }
}
