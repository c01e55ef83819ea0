package io.gamut.overlay.net;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.wire.Message;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.MessageDecoder;
import io.gamut.overlay.wire.MessageEncoder;
import io.gamut.overlay.wire.WireException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** A bare socket that speaks the protocol just as badly as a test wants. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;
  private final MessageDecoder decoder = new MessageDecoder();
  private final Deque<Message> messages = new ArrayDeque<>();

  RawPeer(TestNode node) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), node.overlay.address().port());
    socket.setSoTimeout(5_000);
  }

  static byte[] hello(int id, long boot, ClusterId cluster) {
    Endpoint nowhere = new Endpoint("127.0.0.1", 1);
    Identity identity = new Identity(cluster, new NodeId(id), boot, nowhere, false);
    return MessageEncoder.encode(new Hello(false, identity, new byte[0]));
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next message; fails when the connection ends before one. */
  Message read() throws IOException, WireException {
    byte[] chunk = new byte[4_096];
    while (messages.isEmpty()) {
      int length = socket.getInputStream().read(chunk);
      if (length < 0) {
        throw new IOException("the connection ended");
      }
      decoder.feed(ByteBuffer.wrap(chunk, 0, length), this::onMessage);
    }
    return messages.remove();
  }

  private void onMessage(Message message) {
    messages.add(message);
    if (message instanceof Hello) {
      decoder.becomeLinked();
    }
  }

  /** Whether the other end closes within the socket's timeout, whatever it says before. */
  boolean isClosedByOther() throws IOException {
    byte[] chunk = new byte[4_096];
    try {
      while (socket.getInputStream().read(chunk) >= 0) {
        // Not of interest.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
