package io.gamut.overlay.net;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.wire.Message;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.MessageEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a link: look up, connect, say hello, be answered. Ends with exactly one call
 * of its {@link Outcome}, or with none once it is abandoned.
 */
final class Dial implements Connection.Owner {
  /** How an attempt ended. */
  interface Outcome {
    /** The connection is the caller's now. */
    void onAnswered(Connection connection, Hello answer);

    void onRefused(Refusal refusal);

    void onFailed(String why);
  }

  private final Site site;
  private final Endpoint address;
  private final Hello hello;
  private final Outcome outcome;
  private final Future<?> timer;
  private @Nullable Connection connection;
  private @Nullable ChannelFuture connecting;
  private boolean ended;

  private Dial(Site site, Endpoint address, Hello hello, long limitMillis, Outcome outcome) {
    this.site = site;
    this.address = address;
    this.hello = hello;
    this.outcome = outcome;
    this.timer = site.after(limitMillis, () -> fail("no answer within " + limitMillis + " ms"));
  }

  static Dial start(Site site, Endpoint address, Hello hello, long limitMillis, Outcome outcome) {
    Dial dial = new Dial(site, address, hello, limitMillis, outcome);
    dial.lookUp();
    return dial;
  }

  /** Ends the attempt without an outcome. */
  void abandon() {
    if (end()) {
      closeSocket();
    }
  }

  /** A name is looked up on a thread of its own, because the system's resolver blocks. */
  private void lookUp() {
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
    if (literal != null) {
      connect(literal);
      return;
    }
    Thread.ofVirtual()
        .name("lookup-" + address.host())
        .start(() -> {
          try {
            InetAddress found = InetAddress.getByName(address.host());
            site.loop.execute(() -> connect(found));
          } catch (UnknownHostException e) {
            site.loop.execute(() -> fail("there is no host " + address.host()));
          }
        });
  }

  private void connect(InetAddress host) {
    if (ended) {
      return;
    }
    ChannelFuture attempt =
        SocketOptions.dialing(site)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    begin(channel);
                  }
                })
            .connect(new InetSocketAddress(host, address.port()));
    connecting = attempt;
    attempt.addListener(_ -> onConnected(attempt));
  }

  private void begin(Channel channel) {
    Connection begun = new Connection(channel);
    begun.ownedBy(this);
    connection = begun;
    channel.pipeline().addLast(begun);
  }

  private void onConnected(ChannelFuture attempt) {
    Connection begun = connection;
    if (ended) {
      var _ = attempt.channel().close();
    } else if (!attempt.isSuccess() || begun == null) {
      fail("cannot connect: " + attempt.cause());
    } else {
      begun.send(MessageEncoder.encode(hello));
    }
  }

  @Override
  public void onMessage(Message message) {
    Connection begun = connection;
    switch (message) {
      case Hello answer when answer.isAnswer() -> {
        if (begun != null && end()) {
          outcome.onAnswered(begun, answer);
        }
      }
      case Message.Refused(Refusal refusal) -> refused(refusal);
      case Message.ForeignHello(int version) ->
          refused(
              new Refusal(Refusal.Reason.WRONG_VERSION, "the other end speaks version " + version));
      case Hello _, Message.Frame _, Message.Heartbeat _ ->
          fail("a message out of place instead of an answer");
    }
  }

  @Override
  public void onClosed(String why) {
    fail("the connection ended before an answer: " + why);
  }

  private void refused(Refusal refusal) {
    if (end()) {
      closeSocket();
      outcome.onRefused(refusal);
    }
  }

  private void fail(String why) {
    if (end()) {
      closeSocket();
      outcome.onFailed(why);
    }
  }

  private boolean end() {
    boolean first = !ended;
    ended = true;
    timer.cancel(false);
    return first;
  }

  private void closeSocket() {
    if (connection != null) {
      connection.close();
    }
    if (connecting != null) {
      var _ = connecting.channel().close();
    }
  }
}
