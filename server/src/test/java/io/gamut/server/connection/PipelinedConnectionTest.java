package io.gamut.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.BinaryWriter;
import io.gamut.core.Consistency;
import io.gamut.core.Ends;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.Reply;
import io.gamut.core.Session;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Reads;
import io.gamut.server.service.DatalessServices;
import io.gamut.server.service.NodeServices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection on this thread, of a protocol in which each request has the same length. */
final class PipelinedConnectionTest {
  private static final int MANY = 20_000;
  private static final int HELD_MAX = 1 << 20;
  private static final Key KEY = Key.of("k");

  private @Nullable EmbeddedChannel channel;

  @AfterEach
  void close() {
    if (channel != null) {
      channel.finishAndReleaseAll();
    }
  }

  /** Refuses everything before it can be waited for, as a gateway does that has too much to do. */
  private static NodeServices refusing() {
    return DatalessServices.asking(
        (_, answer) -> answer.accept(new Reply.Failed(ErrorCode.BUSY, "too much")),
        () -> Ends.NONE);
  }

  /** Reads for each request, or just answers it where its first byte is not 0: with one byte. */
  private static final class Simple implements Dialogue<BinaryWriter> {
    private final PipelinedConnection<BinaryWriter> connection;
    private final int length;
    private final Reads reads;
    private final Asked asked;

    Simple(
        PipelinedConnection<BinaryWriter> connection,
        NodeServices services,
        Consistency level,
        int length) {
      this.connection = connection;
      this.length = length;
      reads = new Reads(services, connection::onThisLoop);
      asked = new Asked(1, level, 0, 100, new Session(), false);
    }

    @Override
    public @Nullable Request next(ByteBuffer in) {
      if (in.remaining() < length) {
        return null;
      }
      boolean isRead = in.get(in.position()) == 0;
      in.position(in.position() + length);
      return isRead
          ? new Request(Kind.GATHERED_READ, asked, this::read)
          : new Request(Kind.ALONE, null, () -> connection.answerNow(out -> out.writeByte('!')));
    }

    private void read() {
      Answer answer = connection.begin(Kind.GATHERED_READ);
      reads.read(List.of(KEY), asked, _ -> connection.end(answer, out -> out.writeByte('!')));
    }

    @Override
    public String protocol() {
      return "test";
    }

    @Override
    public long begunBytes() {
      return 0;
    }

    @Override
    public Consumer<BinaryWriter> noRoom() {
      return out -> out.writeByte('?');
    }

    @Override
    public void run(Request request) {
      request.run().run();
    }

    @Override
    public Reads reads() {
      return reads;
    }

    @Override
    public BinaryWriter writer(BinaryWriter out) {
      return out;
    }

    @Override
    public void onClosed() {}
  }

  private static int answered(EmbeddedChannel channel) {
    int bytes = 0;
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      bytes += out.readableBytes();
      out.release();
    }
    return bytes;
  }

  private EmbeddedChannel open(NodeServices services, Consistency level, int length) {
    channel =
        new EmbeddedChannel(
            new PipelinedConnection<BinaryWriter>(
                services,
                new ClientMemory(HELD_MAX),
                connection -> new Simple(connection, services, level, length)));
    return channel;
  }

  @Test
  void aLongPipeThatIsRefusedAtOnceIsAnswered() {
    for (Consistency level : List.of(Consistency.SESSION, Consistency.LINEARIZABLE)) {
      EmbeddedChannel opened = open(refusing(), level, 1);
      opened.writeInbound(Unpooled.buffer(MANY).writeZero(MANY));
      opened.runPendingTasks();
      assertThat(answered(opened)).as(level.toString()).isEqualTo(MANY);
      assertThat(opened.isOpen()).isTrue();
      opened.finishAndReleaseAll();
    }
  }

  @Test
  void anEmptyPacketIsNoRequest() {
    EmbeddedChannel opened = open(refusing(), Consistency.EVENTUAL, 1);
    opened.writeInbound(Unpooled.EMPTY_BUFFER);
    assertThat(answered(opened)).isZero();
  }

  // What is held

  private static ByteBuf request(int length, int first) {
    return Unpooled.buffer(length).writeByte(first).writeZero(length - 1);
  }

  @Test
  void aReadThatIsUnderWayCounts() {
    List<Consumer<Reply>> asked = new ArrayList<>();
    NodeServices silent =
        DatalessServices.asking((_, answer) -> asked.add(answer), () -> Ends.NONE);
    EmbeddedChannel opened = open(silent, Consistency.LINEARIZABLE, HELD_MAX / 4);
    for (int i = 0; i < 20; i++) {
      opened.writeInbound(request(HELD_MAX / 4, 0));
      opened.runPendingTasks();
      asked.removeFirst().accept(new Reply.Failed(ErrorCode.NOQUORUM, "late"));
      opened.runPendingTasks();
      assertThat(answered(opened)).as("what is over counts no more").isEqualTo(1);
    }
    EmbeddedChannel other = open(silent, Consistency.LINEARIZABLE, 2 * HELD_MAX);
    other.writeInbound(request(2 * HELD_MAX, 0));
    other.runPendingTasks();
    assertThat(asked).hasSize(1);
    assertThat(other.isOpen()).isFalse();
    assertThat(opened.isOpen()).isTrue();
    opened.finishAndReleaseAll();
  }

  @Test
  void aRequestThatWaitsForOneUnderWayCounts() {
    NodeServices silent = DatalessServices.asking((_, _) -> {}, () -> Ends.NONE);
    EmbeddedChannel opened = open(silent, Consistency.LINEARIZABLE, HELD_MAX * 2 / 3);
    opened.writeInbound(request(HELD_MAX * 2 / 3, 0));
    opened.runPendingTasks();
    assertThat(opened.isOpen()).isTrue();
    opened.writeInbound(request(HELD_MAX * 2 / 3, 1));
    opened.runPendingTasks();
    assertThat(opened.isOpen()).isFalse();
  }
}
