package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.core.Consistency;
import io.gamut.protocol.resp.RespValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the lab: one session, carried from server to server.
 *
 * <p>Each reply brings a token of just that operation. The client keeps these and presents them
 * when it turns to another server; from time to time it exchanges the many for one, the token of
 * the connection that it uses, whose session holds them all. So it knows its own history even when
 * the server that it talked to was killed.
 */
final class LabClient {
  static final Consistency LEVEL_DEFAULT = Consistency.SESSION;
  private static final int TOKENS_MAX = 500;
  private static final byte[] SET = ascii("SET");
  private static final byte[] GET = ascii("GET");
  private static final byte[] GAMUT = ascii("GAMUT");
  private static final byte[] AT = ascii("AT");
  private static final byte[] SESSION = ascii("SESSION");

  /** A connection to one life of a server. */
  private record Attachment(GamutConnection connection, int life) {}

  private final int id;
  private final List<LabServer> connected = new ArrayList<>();
  private final Map<Integer, Attachment> attachments = new HashMap<>();
  private final List<byte[]> history = new ArrayList<>();
  private @Nullable GamutConnection used;
  private Consistency level = LEVEL_DEFAULT;

  LabClient(int id) {
    this.id = id;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  void setLevel(Consistency to) {
    level = to;
  }

  /** From now on {@code server} is the one connected last. */
  void connect(LabServer server) {
    connected.remove(server);
    connected.add(server);
  }

  void disconnect(LabServer server) {
    connected.remove(server);
    Attachment attachment = attachments.remove(server.id());
    if (attachment != null) {
      attachment.connection.close();
    }
  }

  /** The server connected last of those that run; null when there is none. */
  @Nullable LabServer server() {
    for (int i = connected.size() - 1; i >= 0; i--) {
      if (connected.get(i).isRunning()) {
        return connected.get(i);
      }
    }
    return null;
  }

  RespValue put(LabServer server, byte[] key, byte[] value, @Nullable Consistency at)
      throws ScriptException {
    Consistency wanted = at == null ? level : at;
    return wanted == LEVEL_DEFAULT
        ? call(server, SET, key, value)
        : call(server, GAMUT, AT, ascii(wanted.toString()), SET, key, value);
  }

  RespValue get(LabServer server, byte[] key, @Nullable Consistency at) throws ScriptException {
    Consistency wanted = at == null ? level : at;
    return wanted == LEVEL_DEFAULT
        ? call(server, GET, key)
        : call(server, GAMUT, AT, ascii(wanted.toString()), GET, key);
  }

  private RespValue call(LabServer server, byte[]... request) throws ScriptException {
    try {
      GamutConnection connection = connection(server);
      RespValue reply = connection.call(request);
      Receipt receipt = Receipt.of(reply);
      if (receipt != null && receipt.token() != null) {
        remember(ascii(receipt.token()), connection);
      }
      return Receipt.without(reply);
    } catch (ConnectionException e) {
      throw server.lost(e);
    }
  }

  private void remember(byte[] token, GamutConnection connection)
      throws ConnectionException, ScriptException {
    history.add(token);
    if (history.size() >= TOKENS_MAX) {
      if (!(connection.call(GAMUT, SESSION) instanceof RespValue.Text session)) {
        throw new ScriptException("client " + id + ": its server gave no session token");
      }
      history.clear();
      history.add(session.bytes());
    }
  }

  /** The connection to a server, which knows the whole history of this client. */
  private GamutConnection connection(LabServer server) throws ScriptException, ConnectionException {
    if (server.isPaused()) {
      throw new ScriptException("server " + server.id() + " is paused");
    }
    Attachment attachment = attachments.get(server.id());
    if (attachment == null
        || attachment.life != server.life()
        || attachment.connection.isClosed()) {
      attachment = new Attachment(open(server), server.life());
      attachments.put(server.id(), attachment);
    } else if (attachment.connection != used) {
      presentHistory(attachment.connection);
    }
    used = attachment.connection;
    return attachment.connection;
  }

  private GamutConnection open(LabServer server) throws ScriptException, ConnectionException {
    GamutConnection connection = server.connect();
    accept(connection.call("GAMUT", "LEVEL", LEVEL_DEFAULT.toString()));
    accept(connection.call("GAMUT", "WAIT", "0"));
    accept(connection.call("GAMUT", "RECEIPT", "ON"));
    presentHistory(connection);
    return connection;
  }

  private void presentHistory(GamutConnection connection)
      throws ConnectionException, ScriptException {
    if (!history.isEmpty()) {
      byte[][] request = new byte[2 + history.size()][];
      request[0] = GAMUT;
      request[1] = SESSION;
      for (int i = 0; i < history.size(); i++) {
        request[2 + i] = history.get(i);
      }
      accept(connection.call(request));
    }
  }

  private void accept(RespValue reply) throws ScriptException {
    if (reply instanceof RespValue.Failure failure) {
      throw new ScriptException("client " + id + ": " + failure.message());
    }
  }
}
