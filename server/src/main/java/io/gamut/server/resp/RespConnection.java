package io.gamut.server.resp;

import io.gamut.core.BinaryWriter;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.protocol.resp.RequestParser;
import io.gamut.protocol.resp.RespProtocolException;
import io.gamut.server.connection.Dialogue;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.connection.Request;
import io.gamut.server.request.Reads;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one client says in RESP, and what it is answered. */
final class RespConnection implements Dialogue<ReplyWriter> {
  private final RespShared shared;
  private final PipelinedConnection<ReplyWriter> connection;
  private final RequestParser parser = new RequestParser();
  private final RespClient client;
  private final Commands commands;

  RespConnection(RespShared shared, PipelinedConnection<ReplyWriter> connection) {
    this.shared = shared;
    this.connection = connection;
    ClientFacts facts =
        shared.connected(connection.remoteAddress(), connection.localAddress().toString());
    client = new RespClient(shared, connection, facts);
    commands = new Commands(client);
  }

  @Override
  public String protocol() {
    return "RESP";
  }

  @Override
  public @Nullable Request next(ByteBuffer in) {
    try {
      parser.setTrusted(client.user() != null);
      List<byte[]> words = parser.next(in);
      if (words == null) {
        return null;
      }
      shared.requests().increment();
      return commands.prepare(words);
    } catch (RespProtocolException e) {
      return new Request(Kind.ALONE, null, () -> onUnreadable(e));
    }
  }

  @Override
  public long begunBytes() {
    return parser.begunBytes() + client.multi().heldBytes();
  }

  @Override
  public Consumer<ReplyWriter> noRoom() {
    return writer -> writer.error(ErrorCode.BUSY + " " + PipelinedConnection.NO_ROOM);
  }

  private void onUnreadable(RespProtocolException wrong) {
    connection.answerNow(writer -> writer.error("ERR " + wrong.getMessage()));
    connection.closeWhenAnswered();
  }

  @Override
  public void run(Request request) {
    connection.setAnswered(client.takeAnswered());
    try {
      request.run().run();
    } catch (InvalidDataException e) {
      connection.answerNow(writer -> writer.error("ERR " + e.getMessage()));
    } catch (CodedException e) {
      connection.answerNow(writer -> writer.error(e.code() + " " + e.getMessage()));
    }
  }

  @Override
  public void onAnswered(Request request, long nanos) {
    if (!request.words().isEmpty()) {
      shared.slowLog().onAnswered(request.words(), nanos, client.facts());
      shared.latency().onAnswered(nanos);
    }
  }

  @Override
  public Reads reads() {
    return client.reads();
  }

  @Override
  public ReplyWriter writer(BinaryWriter out) {
    return new ReplyWriter(out, client.isResp3());
  }

  @Override
  public void onClosed() {
    shared.disconnected(client.facts());
  }
}
