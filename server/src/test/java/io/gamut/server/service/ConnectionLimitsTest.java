package io.gamut.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.server.access.ClientLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that are silent or do not take their answers: time goes when it is told to. */
final class ConnectionLimitsTest {
  private static final int MUCH = 128 << 10;
  private static final int PERIOD = ClientLimits.STALL_SECONDS_MAX;

  private final Socket socket = new Socket();

  /** Takes as much as its other end does. */
  private static final class Socket extends EmbeddedChannel {
    private long room;

    @Override
    protected void doWrite(ChannelOutboundBuffer leaving) throws Exception {
      while (leaving.current() instanceof ByteBuf next && next.readableBytes() <= room) {
        room -= next.readableBytes();
        var _ = leaving.remove();
      }
      if (room > 0 && leaving.current() != null) {
        leaving.removeBytes(room);
        room = 0;
      }
    }

    void open(int idleSeconds) {
      freezeTime();
      ConnectionLimits.add(this, new ClientLimits(10, idleSeconds));
      pipeline().addLast(new ChannelInboundHandlerAdapter());
    }

    void send(int bytes) {
      var _ = writeAndFlush(Unpooled.buffer(bytes).writerIndex(bytes));
      runPendingTasks();
    }

    void leave() {
      ConnectionLimits.closeWhenTaken(pipeline().lastContext());
      runPendingTasks();
    }

    void take(long bytes) {
      room += bytes;
      unsafe().flush();
      runPendingTasks();
    }

    void pass(int seconds) {
      advanceTimeBy(seconds, TimeUnit.SECONDS);
      runScheduledPendingTasks();
      runPendingTasks();
    }
  }

  @AfterEach
  void close() {
    socket.take(Integer.MAX_VALUE);
    socket.finishAndReleaseAll();
  }

  @Test
  void whoIsSilentIsClosed() {
    socket.open(20);
    socket.pass(19);
    socket.writeInbound(Unpooled.buffer(1).writeByte(1));
    socket.pass(19);
    assertThat(socket.isOpen()).isTrue();
    socket.pass(2);
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void whoTakesNothingIsClosed() {
    socket.open(0);
    socket.send(MUCH);
    socket.pass(PERIOD);
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void whoTakesALittleIsNotClosed() {
    socket.open(0);
    socket.send(MUCH);
    for (int i = 0; i < 10; i++) {
      socket.take(1);
      socket.pass(PERIOD);
    }
    assertThat(socket.isOpen()).isTrue();
    socket.pass(PERIOD);
    assertThat(socket.isOpen()).isFalse();
  }

  /** Answers to what was under way are added for a while. */
  @Test
  void whoTakesLessThanIsAddedIsNotClosed() {
    socket.open(0);
    socket.send(MUCH);
    socket.send(MUCH);
    socket.take(1_000);
    socket.pass(PERIOD);
    assertThat(socket.isOpen()).isTrue();
  }

  @Test
  void whoHasLittleToTakeIsNotClosedBeforeItIsAllAnswered() {
    socket.open(0);
    socket.send(1_000);
    socket.pass(10 * PERIOD);
    assertThat(socket.isOpen()).isTrue();
  }

  @Test
  void whoLeavesIsClosedWhenAllIsTaken() {
    socket.open(0);
    socket.send(1_000);
    socket.leave();
    for (int i = 0; i < 10; i++) {
      socket.take(10);
      socket.pass(PERIOD);
      assertThat(socket.isOpen()).isTrue();
    }
    socket.take(1_000);
    assertThat(socket.isOpen()).isFalse();
  }

  @Test
  void whoLeavesAndTakesNothingIsClosed() {
    socket.open(0);
    socket.send(1_000);
    socket.leave();
    socket.pass(PERIOD - 1);
    assertThat(socket.isOpen()).isTrue();
    socket.pass(1);
    assertThat(socket.isOpen()).isFalse();
  }
}
