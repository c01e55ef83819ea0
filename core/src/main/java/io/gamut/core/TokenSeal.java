package io.gamut.core;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link Session} into a token that a client carries, and back.
 *
 * <p>A token is opaque text without padding (base64url, RFC 4648 section 5) of: format version, the
 * cluster's id, the session, and a code over all of that (HMAC-SHA-256 cut to 16 bytes, RFC 2104
 * and RFC 4868). The key is the cluster's own: a client can carry a token anywhere and change
 * nothing in it, and a token of another cluster is refused as such.
 *
 * <p>Not safe for use by several threads.
 */
public final class TokenSeal {
  private static final int FORMAT = 1;
  private static final int CODE_BYTES = 16;
  private static final int HEADER_BYTES = 1 + 2 * Long.BYTES;
  private static final String ALGORITHM = "HmacSHA256";

  private final ClusterId cluster;
  private final byte[] secret;

  /** Made when it is needed: most connections never see a token. */
  private @Nullable Mac mac;

  public TokenSeal(ClusterId cluster, byte[] secret) {
    this.cluster = cluster;
    this.secret = secret.clone();
  }

  public String seal(Session session) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeLong(cluster.high());
    out.writeLong(cluster.low());
    session.write(out);
    out.writeRaw(code(out.toByteArray()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /**
   * The session a token stands for. Throws {@link InvalidDataException} on a token that this
   * cluster did not make, and on one that is from further in the future than clocks may differ.
   */
  public Session open(String token, long nowMillis) {
    byte[] bytes = decode(token);
    BinaryReader in = new BinaryReader(bytes, 0, bytes.length - CODE_BYTES);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("session token of format " + format + " is not known here");
    }
    if (!new ClusterId(in.readLong(), in.readLong()).equals(cluster)) {
      throw new InvalidDataException("session token of another cluster");
    }
    byte[] expected = code(Arrays.copyOf(bytes, bytes.length - CODE_BYTES));
    byte[] given = Arrays.copyOfRange(bytes, bytes.length - CODE_BYTES, bytes.length);
    if (!MessageDigest.isEqual(expected, given)) {
      throw new InvalidDataException("session token is damaged or forged");
    }
    Session session = Session.read(in);
    in.requireEnd();
    if (!HybridClock.isWithin(session.latest(), nowMillis, Limits.CLOCK_AHEAD_MILLIS_MAX)) {
      throw new InvalidDataException(
          "session token is stamped more than "
              + Limits.CLOCK_AHEAD_MILLIS_MAX
              + " ms ahead of this server's clock");
    }
    return session;
  }

  private static byte[] decode(String token) {
    if (token.length() > Limits.TOKEN_BYTES_MAX) {
      throw new InvalidDataException(
          "session token has more than " + Limits.TOKEN_BYTES_MAX + " bytes");
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length < HEADER_BYTES + CODE_BYTES) {
        throw new InvalidDataException("session token is too short");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException("session token is not base64url text");
    }
  }

  private byte[] code(byte[] message) {
    if (mac == null) {
      mac = newMac();
    }
    return Arrays.copyOf(mac.doFinal(message), CODE_BYTES);
  }

  private Mac newMac() {
    try {
      Mac made = Mac.getInstance(ALGORITHM);
      made.init(new SecretKeySpec(secret, ALGORITHM));
      return made;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
