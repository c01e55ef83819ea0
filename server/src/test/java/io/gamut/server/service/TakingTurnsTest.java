package io.gamut.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of one loop that move much: all of this thread, and time goes when it is told to. */
final class TakingTurnsTest {
  private static final int MUCH = 64 << 10;
  private static final int AT_ONCE = 4;

  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final Reads reads = new Reads();

  /** Counts the reads that come through to the socket. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void read(ChannelHandlerContext ctx) throws Exception {
      count++;
      super.read(ctx);
    }
  }

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private EmbeddedChannel open() {
    EmbeddedChannel channel = new EmbeddedChannel(reads, new TakingTurns());
    channel.freezeTime();
    channel.config().setAutoRead(false);
    channels.add(channel);
    return channel;
  }

  private static void write(EmbeddedChannel channel, int bytes) {
    channel.writeOutbound(Unpooled.buffer(bytes).writerIndex(bytes));
  }

  private void someTurnsPass() {
    channels.forEach(channel -> channel.advanceTimeBy(1, TimeUnit.SECONDS));
    channels.forEach(EmbeddedChannel::runScheduledPendingTasks);
    channels.forEach(EmbeddedChannel::runPendingTasks);
  }

  @Test
  void fewThatMoveMuchDoNotWait() {
    for (int i = 0; i < AT_ONCE; i++) {
      EmbeddedChannel channel = open();
      write(channel, MUCH);
      assertThat(channel.isWritable()).isTrue();
    }
  }

  @Test
  void whoMovesLittleDoesNotWaitForWhoMovesMuch() {
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      write(open(), MUCH);
    }
    EmbeddedChannel little = open();
    write(little, MUCH - 1);
    assertThat(little.isWritable()).isTrue();
    int before = reads.count;
    little.read();
    assertThat(reads.count).isEqualTo(before + 1);
  }

  @Test
  void oneTooManyWaitsAndGoesOn() {
    for (int i = 0; i < AT_ONCE; i++) {
      write(open(), MUCH);
    }
    EmbeddedChannel waiting = open();
    waiting.writeInbound(Unpooled.buffer(MUCH).writerIndex(MUCH));
    assertThat(waiting.isWritable()).as("it waits for its turn").isFalse();
    int before = reads.count;
    waiting.read();
    assertThat(reads.count).as("nothing is read meanwhile").isEqualTo(before);
    someTurnsPass();
    assertThat(waiting.isWritable()).isTrue();
    assertThat(reads.count).as("what was wanted is read then").isEqualTo(before + 1);
  }

  @Test
  void whoGoesLeavesItsTurnAndItsPlace() {
    List<EmbeddedChannel> inTurn = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      EmbeddedChannel channel = open();
      write(channel, MUCH);
      inTurn.add(channel);
    }
    EmbeddedChannel gone = open();
    write(gone, MUCH);
    EmbeddedChannel next = open();
    write(next, MUCH);
    var _ = gone.close();
    var _ = inTurn.getFirst().close();
    next.runPendingTasks();
    assertThat(next.isWritable()).isTrue();
  }

  @Test
  void everybodyHasATurnWhoComesAgainAndAgain() {
    for (int i = 0; i < 3 * AT_ONCE; i++) {
      open();
    }
    int[] rounds = new int[channels.size()];
    for (int i = 0; i < 10 * channels.size(); i++) {
      for (int number = 0; number < rounds.length; number++) {
        if (channels.get(number).isWritable()) {
          write(channels.get(number), MUCH);
          rounds[number]++;
        }
      }
      someTurnsPass();
    }
    for (int count : rounds) {
      assertThat(count).isGreaterThan(10);
    }
  }
}
