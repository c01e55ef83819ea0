package io.gamut.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Ended;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.server.snapshot.SnapshotMessage.Received;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * States go from one server to another, over links that lose and damage, and disks that are real.
 */
@Timeout(60)
final class TransferTest {
  private static final long LIMIT_NANOS = 30_000_000_000L;

  @TempDir private Path root;
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final List<TestServer> servers = new ArrayList<>();

  @BeforeEach
  void startThree() throws Exception {
    for (int id = 0; id < 3; id++) {
      TestServer server = new TestServer(id, root.resolve("" + id), loop);
      server.way = (to, message) -> deliver(server, to, message);
      servers.add(server);
    }
    onLoop(() -> {
      servers.get(0).applyThrough(200);
      servers.get(1).applyThrough(10);
      return true;
    });
  }

  private void deliver(TestServer from, NodeId to, byte[] message) {
    loop.execute(() -> servers.get(to.value()).snapshots.onMessage(from.self.node(), message));
  }

  @AfterEach
  void closeAll() throws Exception {
    onLoop(() -> {
      servers.forEach(server -> server.snapshots.stop());
      return true;
    });
    servers.forEach(TestServer::close);
    loop.close();
    for (TestServer server : servers) {
      assertThat(server.failure).isNull();
    }
  }

  private <T> T onLoop(Callable<T> task) throws Exception {
    return loop.submit(task).get();
  }

  /** Waits for something, and says meanwhile who lacks a state. */
  private void await(String what, Callable<Boolean> condition, int... lacking) throws Exception {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!onLoop(condition)) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
      onLoop(() -> {
        for (int id : lacking) {
          servers.get(0).snapshots.onNeeded(servers.get(id).self);
        }
        return true;
      });
      LockSupport.parkNanos(2_000_000);
    }
  }

  private Callable<Boolean> hasEnded(int id, Reason reason) {
    return () ->
        servers.get(id).sent.stream()
            .anyMatch(each -> each instanceof Ended ended && ended.reason() == reason);
  }

  private void awaitInstalled(int id) throws Exception {
    TestServer server = servers.get(id);
    await("it is installed at " + id, () -> !server.installed.isEmpty(), id);
    assertThat(onLoop(server::applied)).isEqualTo(200);
    assertThat(onLoop(server::isComplete)).isTrue();
  }

  @Test
  void aStateIsReceivedInstalledAndGoesOn() throws Exception {
    TestServer receiver = servers.get(1);
    awaitInstalled(1);
    await("the old one is deleted", () -> receiver.directories().equals(List.of("committed-1")));
    assertThat(receiver.isInstalling).isFalse();
    assertThat(receiver.place.inUse()).isEqualTo(receiver.data.resolve("committed-1"));
    onLoop(() -> {
      receiver.applyThrough(220);
      return true;
    });
    assertThat(onLoop(receiver::isComplete)).isTrue();
  }

  @Test
  void noMoreIsUnderWayThanTheWindowAllows() throws Exception {
    long[] most = {0};
    long[] received = {0};
    servers.get(0).way =
        (to, message) -> {
          if (SnapshotCodec.decode(message) instanceof Chunk chunk) {
            most[0] = Math.max(most[0], chunk.position() + chunk.bytes().length - received[0]);
          }
          deliver(servers.get(0), to, message);
        };
    servers.get(1).way =
        (to, message) -> {
          if (SnapshotCodec.decode(message) instanceof Received news) {
            received[0] = news.bytes();
          }
          deliver(servers.get(1), to, message);
        };
    awaitInstalled(1);
    assertThat(most[0]).isBetween((long) Chunk.BYTES_MAX, SendWindow.BYTES_MAX);
  }

  @Test
  void oneIsServedAfterTheOtherFromOneCopy() throws Exception {
    await(
        "both have it",
        () -> !servers.get(1).installed.isEmpty() && !servers.get(2).installed.isEmpty(),
        1,
        2);
    assertThat(onLoop(servers.get(2)::isComplete)).isTrue();
    assertThat(servers.get(0).directories()).contains("outgoing-1").doesNotContain("outgoing-2");
  }

  @Test
  void aChunkThatWasDamagedOrLostIsNoticedAndNothingIsHarmed() throws Exception {
    for (boolean isLost : new boolean[] {false, true}) {
      TestServer receiver = servers.get(1);
      int[] chunks = {0};
      servers.get(0).way =
          (to, message) -> {
            if (SnapshotCodec.decode(message) instanceof Chunk && ++chunks[0] == 5) {
              message[message.length - 1] ^= 1;
              if (isLost) {
                return;
              }
            }
            deliver(servers.get(0), to, message);
          };
      onLoop(() -> {
        receiver.sent.clear();
        return true;
      });
      await("it is given up", hasEnded(1, Reason.FAILED), 1);
      await("it is deleted", () -> receiver.directories().equals(List.of("committed")));
      assertThat(onLoop(receiver::applied)).isEqualTo(10);
      assertThat(onLoop(receiver::isComplete)).isTrue();
      servers.get(0).way = (to, message) -> deliver(servers.get(0), to, message);
    }
    awaitInstalled(1);
  }

  @Test
  void anOfferThatIsLostIsMadeAgain() throws Exception {
    int[] offers = {0};
    servers.get(0).way =
        (to, message) -> {
          boolean isOffer = SnapshotCodec.decode(message) instanceof Offer;
          if (!isOffer || ++offers[0] > 1) {
            deliver(servers.get(0), to, message);
          }
        };
    awaitInstalled(1);
    assertThat(offers[0]).isGreaterThan(1);
  }

  @Test
  void aReceiverThatIsGoneIsGivenUp() throws Exception {
    servers.get(0).way = (_, _) -> {};
    await("it is offered", () -> !servers.get(0).sent.isEmpty(), 1);
    assertThat(onLoop(servers.get(0).snapshots::pinnedIndex)).isEqualTo(200);
    servers.get(0).isReachable = false;
    await("it is given up", hasEnded(0, Reason.FAILED));
    servers.get(0).isReachable = true;
    servers.get(0).way = (to, message) -> deliver(servers.get(0), to, message);
    awaitInstalled(2);
  }

  @Test
  void aStateThatWasPassedMeanwhileIsNotInstalled() throws Exception {
    TestServer receiver = servers.get(1);
    receiver.way =
        (to, message) -> {
          if (SnapshotCodec.decode(message) instanceof Received) {
            receiver.applyThrough(201);
          }
          deliver(receiver, to, message);
        };
    await("it is refused", hasEnded(1, Reason.NOT_NEEDED), 1);
    await("it is deleted", () -> receiver.directories().equals(List.of("committed")));
    assertThat(receiver.installed).isEmpty();
    assertThat(onLoop(receiver::isComplete)).isTrue();
  }

  @Test
  void aStateThatIsPassedWhileItIsNamedIsTakenBack() throws Exception {
    TestServer receiver = servers.get(1);
    receiver.beforeNaming = () -> receiver.applyThrough(201);
    await("it is refused", hasEnded(1, Reason.NOT_NEEDED), 1);
    await("it is deleted", () -> receiver.directories().equals(List.of("committed")));
    assertThat(receiver.installed).isEmpty();
    assertThat(receiver.isInstalling).isFalse();
    assertThat(receiver.place.inUse()).isEqualTo(receiver.data.resolve("committed"));
    assertThat(onLoop(receiver::isComplete)).isTrue();
  }

  private void offerAt(int receiver, int from, Offer offer) throws Exception {
    byte[] message = SnapshotCodec.encode(offer);
    onLoop(() -> {
      servers.get(receiver).snapshots.onMessage(new NodeId(from), message);
      return true;
    });
  }

  private static Offer offer(long transfer, TestServer receiver, long index, long bytes) {
    return new Offer(
        transfer, receiver.self.incarnation(), index, List.of(new SnapshotFile("CURRENT", bytes)));
  }

  @Test
  void whatIsForAnotherDiskOrNotAheadIsNotTaken() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 10, 5));
    offerAt(1, 0, offer(1, servers.get(2), 1_000, 5));
    assertThat(receiver.sent)
        .containsExactly(new Ended(1, Reason.NOT_NEEDED), new Ended(1, Reason.NOT_NEEDED));
    assertThat(receiver.directories()).containsExactly("committed");
  }

  @Test
  void oneStateIsReceivedAtATimeAndTheSameSenderMayBeginAnew() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 1_000, 5));
    offerAt(1, 2, offer(2, receiver, 1_000, 5));
    assertThat(receiver.sent).contains(new Ended(2, Reason.BUSY));
    offerAt(1, 0, offer(3, receiver, 1_000, 5));
    await("it is taken", () -> receiver.sent.contains(new Received(3, 0)));
    assertThat(receiver.sent).contains(new Ended(1, Reason.FAILED));
    await("the first is gone", () -> !receiver.directories().contains("committed-1"));
  }

  @Test
  void whatIsNoStateAtAllIsGivenUpWhenItIsWhole() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 1_000, 5));
    await("it is taken", () -> receiver.sent.contains(new Received(1, 0)));
    byte[] bytes = {1, 2, 3, 4, 5};
    Chunk chunk = new Chunk(1, 0, SnapshotSource.checksum(bytes), bytes);
    onLoop(() -> {
      receiver.snapshots.onMessage(new NodeId(0), SnapshotCodec.encode(chunk));
      return true;
    });
    await("it is given up", hasEnded(1, Reason.FAILED));
    await("it is deleted", () -> receiver.directories().equals(List.of("committed")));
    assertThat(onLoop(receiver::isComplete)).isTrue();
  }

  @Test
  void whatTheDiskHasNoRoomForIsNotTaken() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 1_000, Long.MAX_VALUE));
    await("it is given up", hasEnded(1, Reason.FAILED));
    await("it is deleted", () -> receiver.directories().equals(List.of("committed")));
  }

  @Test
  void aSenderThatKeepsToNoWindowIsCutOff() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 1_000, 1L << 30));
    await("it is taken", () -> receiver.sent.contains(new Received(1, 0)));
    byte[] bytes = new byte[Chunk.BYTES_MAX];
    onLoop(() -> {
      for (long position = 0; position <= SendWindow.BYTES_MAX; position += bytes.length) {
        Chunk chunk = new Chunk(1, position, SnapshotSource.checksum(bytes), bytes);
        receiver.snapshots.onMessage(new NodeId(0), SnapshotCodec.encode(chunk));
      }
      return true;
    });
    assertThat(onLoop(hasEnded(1, Reason.FAILED))).isTrue();
  }

  @Test
  void whatIsLeftOfATransferIsDeletedAtTheNextStart() throws Exception {
    TestServer receiver = servers.get(1);
    offerAt(1, 0, offer(1, receiver, 1_000, 5));
    await("it is taken", () -> receiver.sent.contains(new Received(1, 0)));
    onLoop(() -> {
      receiver.snapshots.stop();
      return true;
    });
    receiver.close();
    assertThat(receiver.directories()).contains("committed-1");
    TestServer again = new TestServer(1, receiver.data, loop);
    servers.set(1, again);
    assertThat(again.directories()).containsExactly("committed");
  }
}
