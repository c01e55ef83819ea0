package io.gamut.overlay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody connects to a loop that has long been behind. */
@Timeout(60)
final class NewcomersTest {
  private static final int OTHERS = 800;
  private static final byte NEW = 'n';
  private static final byte OLD = 'o';

  private final EventLoopGroup group = Transport.preferred().newEventLoopGroup(1, "newcomers");
  private final List<Socket> sockets = new ArrayList<>();
  private final AtomicInteger served = new AtomicInteger();
  private final CompletableFuture<Integer> servedBefore = new CompletableFuture<>();

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
  }

  private Channel listen() throws Exception {
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(Transport.of(group).serverSocket())
            .option(ChannelOption.SO_BACKLOG, OTHERS)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Newcomers.welcome(channel);
                    channel.pipeline().addLast(new Counting());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    Newcomers.listenAt(listening);
    return listening;
  }

  private final class Counting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (bytes.readByte() == NEW) {
        servedBefore.complete(served.get());
      } else {
        served.incrementAndGet();
      }
      bytes.release();
    }
  }

  private Socket connect(Channel listening) throws Exception {
    InetSocketAddress to = (InetSocketAddress) listening.localAddress();
    Socket socket = new Socket(to.getAddress(), to.getPort());
    sockets.add(socket);
    return socket;
  }

  @Test
  void whoHasJustComeGoesBeforeThoseThatWait() throws Exception {
    assumeThat(Transport.preferred()).isEqualTo(Transport.EPOLL);
    Channel listening = listen();
    for (int i = 0; i < OTHERS; i++) {
      connect(listening).getOutputStream().write(OLD);
    }
    while (served.get() < OTHERS) {
      Thread.onSpinWait();
    }
    served.set(0);
    CountDownLatch behind = new CountDownLatch(1);
    listening.eventLoop().execute(() -> await(behind));
    for (Socket socket : sockets) {
      socket.getOutputStream().write(OLD);
    }
    connect(listening).getOutputStream().write(NEW);
    behind.countDown();
    assertThat(servedBefore.get()).isLessThanOrEqualTo(3 * AttentiveLoop.EVENTS_MAX);
    while (served.get() < OTHERS) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
