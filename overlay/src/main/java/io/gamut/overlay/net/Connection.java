package io.gamut.overlay.net;

import io.gamut.overlay.wire.Message;
import io.gamut.overlay.wire.MessageDecoder;
import io.gamut.overlay.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket: turns its bytes into messages for its owner, which is a handshake first and a link
 * later. An owner that closes the connection itself hears nothing of it any more.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Who is concerned with a connection. */
  interface Owner {
    void onMessage(Message message);

    /** Bytes arrived, perhaps less than a message. */
    default void onBytes() {}

    /** The socket takes more again. */
    default void onWritable() {}

    /** Closed by the other end, by the system, or for what arrived on it. */
    void onClosed(String why);
  }

  private enum Nobody implements Owner {
    INSTANCE;

    @Override
    public void onMessage(Message message) {}

    @Override
    public void onClosed(String why) {}
  }

  private final Channel channel;
  private final MessageDecoder decoder = new MessageDecoder();
  private Owner owner = Nobody.INSTANCE;
  private String whyClosed = "closed by the other end";
  private boolean closed;

  Connection(Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  void ownedBy(Owner next) {
    owner = next;
  }

  /** The handshake is over: the next message may be a frame. */
  void becomeLinked() {
    decoder.becomeLinked();
  }

  void send(byte[] bytes) {
    var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
  }

  /** Closes once these last bytes are sent. */
  void sendAndClose(byte[] bytes) {
    detach();
    var _ =
        channel
            .writeAndFlush(Unpooled.wrappedBuffer(bytes))
            .addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes orderly: what the socket has taken is still sent. */
  void close() {
    detach();
    var _ = channel.close();
  }

  /** Closes with a reset: what the system has not sent yet is lost, and the other end knows. */
  void abort() {
    detach();
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    var _ = channel.close();
  }

  /** Closes for what arrived, which the owner hears of. */
  void fail(WireException e) {
    LOG.warn("closing the connection with {}: {}", channel.remoteAddress(), e.getMessage());
    whyClosed = "broke the protocol: " + e.getMessage();
    closed = true;
    var _ = channel.close();
  }

  private void detach() {
    closed = true;
    owner = Nobody.INSTANCE;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    ByteBuf bytes = (ByteBuf) read;
    try {
      owner.onBytes();
      if (!closed) {
        decoder.feed(bytes.nioBuffer(), this::onMessage);
      }
    } catch (WireException e) {
      if (!closed) {
        fail(e);
      }
    } finally {
      bytes.release();
    }
  }

  private void onMessage(Message message) {
    if (!closed) {
      owner.onMessage(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      owner.onWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Owner last = owner;
    detach();
    last.onClosed(whyClosed);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      whyClosed = String.valueOf(cause.getMessage());
    } else if (cause instanceof NotYetConnectedException) {
      // What a read of a socket says whose connecting has failed in between (ENOTCONN).
      whyClosed = "it was never connected";
    } else {
      LOG.error("a bug closes the connection with {}", channel.remoteAddress(), cause);
      whyClosed = "a bug: " + cause;
    }
    var _ = channel.close();
  }
}
