package io.gamut.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.net.Transport;
import io.gamut.server.access.ClientAccess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real sockets: what waits for its turn stays with its sender, whatever the protocol does. */
final class WithheldReadsTest {
  private static final int AT_ONCE = 4;
  private static final int MUCH = 64 << 10;
  private static final int ALL = 16 << 20;

  /** What one can have moved before it waits: what it may, and what was read in one go. */
  private static final int WAITING_MAX = MUCH + 2 * MUCH;

  private EventLoopGroup group;
  private ClientListener listener;
  private final ConcurrentHashMap<Integer, AtomicLong> received = new ConcurrentHashMap<>();
  private final List<EmbeddedChannel> inTurn = new ArrayList<>();

  /** Leaves reading on all the time; sends one byte back for what comes alone. */
  private final class Taking extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      var address = (InetSocketAddress) ctx.channel().remoteAddress();
      received
          .computeIfAbsent(address.getPort(), _ -> new AtomicLong())
          .addAndGet(bytes.readableBytes());
      if (bytes.readableBytes() == 1) {
        var _ = ctx.writeAndFlush(Unpooled.buffer(1).writeByte('.'));
      }
    }
  }

  @BeforeEach
  void open() throws Exception {
    group = Transport.preferred().newEventLoopGroup(1, "turns");
    listener =
        ClientListener.open(
            "test",
            new Endpoint("127.0.0.1", 0),
            group,
            ClientAccess.open(),
            "too many",
            channel -> channel.pipeline().addLast(new Taking()));
  }

  @AfterEach
  void close() throws Exception {
    inLoop(this::endTurns);
    listener.close().get(10, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await();
  }

  private void inLoop(Runnable what) throws Exception {
    group.next().submit(what).get(10, TimeUnit.SECONDS);
  }

  /** Takes all turns there are, with channels whose clock stands still. */
  private void takeTurns() {
    for (int i = 0; i < AT_ONCE; i++) {
      EmbeddedChannel channel = new EmbeddedChannel(new TakingTurns());
      channel.writeOutbound(Unpooled.buffer(MUCH).writerIndex(MUCH));
      inTurn.add(channel);
    }
  }

  private void endTurns() {
    inTurn.forEach(EmbeddedChannel::finishAndReleaseAll);
    inTurn.clear();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private long received(Socket socket) {
    return received.getOrDefault(socket.getLocalPort(), new AtomicLong()).get();
  }

  private static void roundTrip(Socket socket) throws IOException {
    socket.getOutputStream().write('.');
    assertThat(socket.getInputStream().read()).isEqualTo('.');
  }

  @Test
  void nothingIsReadFromWhoWaits() throws Exception {
    inLoop(this::takeTurns);
    try (Socket big = connect();
        Socket little = connect()) {
      CountDownLatch sent = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            try {
              big.getOutputStream().write(new byte[ALL]);
              sent.countDown();
            } catch (IOException _) {
              // The test has ended before it was all sent.
            }
          });
      while (received(big) < MUCH) {
        roundTrip(little);
      }
      for (int i = 0; i < 1_000; i++) {
        roundTrip(little);
      }
      assertThat(received(big)).isBetween((long) MUCH, (long) WAITING_MAX);

      inLoop(this::endTurns);
      assertThat(sent.await(10, TimeUnit.SECONDS)).as("it goes on when its turn comes").isTrue();
      while (received(big) < ALL) {
        roundTrip(little);
      }
    }
  }
}
