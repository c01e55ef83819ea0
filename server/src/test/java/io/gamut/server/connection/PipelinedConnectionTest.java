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
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection on this thread, of a protocol in which each byte is a read. */
final class PipelinedConnectionTest {
  private static final int MANY = 20_000;
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

  /** Answers each byte with one byte. */
  private static final class Bytewise implements Dialogue<BinaryWriter> {
    private final PipelinedConnection<BinaryWriter> connection;
    private final Reads reads;
    private final Asked asked;

    Bytewise(
        PipelinedConnection<BinaryWriter> connection, NodeServices services, Consistency level) {
      this.connection = connection;
      reads = new Reads(services, connection::onThisLoop);
      asked = new Asked(1, level, 0, 100, new Session(), false);
    }

    @Override
    public @Nullable Request next(ByteBuffer in) {
      if (!in.hasRemaining()) {
        return null;
      }
      in.get();
      return new Request(Kind.GATHERED_READ, asked, this::read);
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

  private EmbeddedChannel open(Consistency level) {
    NodeServices services = refusing();
    channel =
        new EmbeddedChannel(
            new PipelinedConnection<BinaryWriter>(
                services,
                new ClientMemory(1 << 20),
                connection -> new Bytewise(connection, services, level)));
    return channel;
  }

  @Test
  void aLongPipeThatIsRefusedAtOnceIsAnswered() {
    for (Consistency level : List.of(Consistency.SESSION, Consistency.LINEARIZABLE)) {
      EmbeddedChannel opened = open(level);
      opened.writeInbound(Unpooled.buffer(MANY).writeZero(MANY));
      opened.runPendingTasks();
      assertThat(answered(opened)).as(level.toString()).isEqualTo(MANY);
      assertThat(opened.isOpen()).isTrue();
      opened.finishAndReleaseAll();
    }
  }

  @Test
  void anEmptyPacketIsNoRequest() {
    EmbeddedChannel opened = open(Consistency.EVENTUAL);
    opened.writeInbound(Unpooled.EMPTY_BUFFER);
    assertThat(answered(opened)).isZero();
  }
}
