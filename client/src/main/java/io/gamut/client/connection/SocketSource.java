package io.gamut.client.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets: plain, or with TLS over plain ones.
 *
 * @param context null for no TLS
 * @param parameters what TLS is to be like; null for the context's own, and the server's name
 *     checked against its certificate (RFC 2818)
 */
public record SocketSource(@Nullable SSLContext context, @Nullable SSLParameters parameters) {
  /**
   * A socket, and the one below it that TLS runs over: closing that one never waits for anybody.
   */
  record Opened(Socket socket, Socket below) {}

  /** Connects, with TLS shaken hands; the limit holds for each step and stays on reads. */
  Opened open(ServerAddress server, int timeoutMillis) throws IOException {
    Socket below = new Socket();
    try {
      below.setOption(StandardSocketOptions.TCP_NODELAY, true);
      below.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      below.connect(new InetSocketAddress(server.host(), server.port()), timeoutMillis);
      below.setSoTimeout(timeoutMillis);
      return new Opened(context == null ? below : secured(context, below, server), below);
    } catch (IOException e) {
      below.close();
      throw e;
    }
  }

  private Socket secured(SSLContext context, Socket below, ServerAddress server)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(below, server.host(), server.port(), true);
    SSLParameters wanted = parameters;
    if (wanted == null) {
      wanted = socket.getSSLParameters();
      wanted.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(wanted);
    socket.startHandshake();
    return socket;
  }
}
