package io.gamut.server.access;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that speak no TLS, or are not trusted: that is the client's doing, and no
 * handler behind this one need know of it.
 */
final class TlsFailures extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(TlsFailures.class);

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      LOGGER.debug("A client is dropped without TLS: {}", handshake.cause().getMessage());
      var _ = ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What TLS cannot read comes as an IOException in one of the decoder's.
    if (cause instanceof DecoderException && cause.getCause() instanceof IOException) {
      LOGGER.debug("A client is dropped: {}", cause.getMessage());
      var _ = ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
