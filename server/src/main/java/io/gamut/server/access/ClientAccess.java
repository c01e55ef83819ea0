package io.gamut.server.access;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who may use client ports, and how they are spoken to. For any thread. */
public final class ClientAccess {
  /** Wrong passwords of one connection, after which it is closed. */
  public static final int FAILURES_MAX = 10;

  /** What {@link Verdict.Busy} is told as. */
  public static final String BUSY = "BUSY too many passwords are being looked at: try again";

  private static final int HANDSHAKE_SECONDS_MAX = 10;

  private final @Nullable Authenticator authenticator;
  private final @Nullable SslContext tls;
  private final ClientLimits limits;

  ClientAccess(
      @Nullable Authenticator authenticator, @Nullable SslContext tls, ClientLimits limits) {
    this.authenticator = authenticator;
    this.tls = tls;
    this.limits = limits;
  }

  /** For everybody, in clear. */
  public static ClientAccess open() {
    return new ClientAccess(null, null, ClientLimits.DEFAULT);
  }

  /** Whether clients must say who they are before all else. */
  public boolean needsPassword() {
    return authenticator != null;
  }

  /**
   * Finds the user of a name and a password. The verdict comes at once, or later on another thread.
   * Where no password is needed every one of {@link User#ANYBODY} is right, as Redis has it.
   */
  public void check(String name, byte[] password, Consumer<Verdict> then) {
    if (authenticator != null) {
      authenticator.check(name, password, then);
    } else if (name.equals(User.ANYBODY.name())) {
      then.accept(new Verdict.Granted(User.ANYBODY));
    } else {
      then.accept(new Verdict.Denied());
    }
  }

  /** What clients are given at most. */
  public ClientLimits limits() {
    return limits;
  }

  /** Puts TLS, if there is any, before whatever handlers a new channel will have. */
  public void secure(Channel channel) {
    if (tls != null) {
      SslHandler handler = tls.newHandler(channel.alloc());
      handler.setHandshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS);
      channel.pipeline().addLast(handler, new TlsFailures());
    }
  }
}
