package io.gamut.overlay.net;

import static io.gamut.overlay.net.TestNode.await;
import static io.gamut.overlay.net.TestNode.link;
import static io.gamut.overlay.net.TestNode.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.overlay.Channel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class ShutdownTest {
  private static final int COLLECTIONS = 5;
  private static final int BUFFERS = 200;

  @Test
  void everyBufferIsReleasedWhateverEndsTheLink() throws Exception {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    List<String> leaks = new CopyOnWriteArrayList<>();
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + " " + records));
    for (int round = 0; round < 5; round++) {
      TestNode one = TestNode.start(1);
      TestNode two = TestNode.start(2);
      link(one, two);
      until("linked", () -> one.reaches(two) && two.reaches(one));
      one.call(() -> one.overlay.send(two.id(), Channel.SNAPSHOT, new byte[14 << 20]));
      if (round % 2 == 0) {
        await(one.overlay.faults().cut(two.id()), "cut");
      }
      one.close();
      until("the other end knows", () -> two.events.contains("down 1"));
      two.close();
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      for (int j = 0; j < BUFFERS; j++) {
        ByteBufAllocator.DEFAULT.ioBuffer(64).release();
      }
    }
    assertThat(leaks).isEmpty();
  }

  @Test
  void whatWasSentJustBeforeClosingStillArrivesAndNobodyIsToldAnyMore() throws Exception {
    TestNode one = TestNode.start(1);
    TestNode two = TestNode.start(2);
    link(one, two);
    until("linked", () -> one.reaches(two) && two.reaches(one));
    var closed =
        one.call(() -> {
          boolean sent = one.overlay.send(two.id(), Channel.LEDGER, new byte[] {'b', 'y', 'e'});
          assertThat(sent).isTrue();
          return one.overlay.close();
        });
    await(closed, "closing");
    until("the last word arrives", () -> two.countOf("bye") == 1);
    assertThat(one.events).doesNotContain("down 2");
    assertThat(one.send(two, Channel.LEDGER, "late")).isFalse();
    one.close();
    two.close();
  }
}
