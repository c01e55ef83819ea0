package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.access.User;
import io.gamut.server.access.Verdict;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.service.NodeServices;
import io.gamut.server.service.Release;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a client says who it is, in the words of Redis. What comes behind a password waits until that
 * has been looked at.
 */
final class Login {
  static final String NO_AUTH = "NOAUTH";

  private static final String NO_PASSWORD =
      "AUTH <password> called without any password configured for the default user. Are you sure"
          + " your configuration is correct?";
  private static final String HELLO_WITHOUT_AUTH =
      "HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user>"
          + " <pass> option can be used to authenticate the client and select the RESP protocol"
          + " version at the same time";
  private static final String WRONG =
      "WRONGPASS invalid username-password pair or user is disabled.";

  private Login() {}

  static void auth(RespClient client, Arguments arguments) {
    Consumer<ReplyWriter> welcome = writer -> writer.simple("OK");
    switch (arguments.size()) {
      case 2 -> {
        if (!client.shared().access().needsPassword()) {
          throw new InvalidDataException(NO_PASSWORD);
        }
        run(client, User.ANYBODY.name(), arguments.bytes(1), () -> {}, welcome);
      }
      case 3 -> run(client, arguments.text(1), arguments.bytes(2), () -> {}, welcome);
      default -> throw Arguments.syntaxError();
    }
  }

  static void hello(RespClient client, Arguments arguments) {
    boolean isResp3 = arguments.size() == 1 ? client.isResp3() : isResp3(arguments);
    String name = null;
    int who = 0;
    for (int place = 2; place < arguments.size(); place++) {
      if (arguments.word(place).equals("AUTH") && place + 2 < arguments.size()) {
        who = place + 1;
        place += 2;
      } else if (arguments.word(place).equals("SETNAME") && place + 1 < arguments.size()) {
        name = ConnectionCommands.clientName(arguments, ++place);
      } else {
        throw new InvalidDataException(
            "Syntax error in HELLO option '" + arguments.text(place) + "'");
      }
    }
    String clientName = name;
    Runnable begin = () -> begin(client, isResp3, clientName);
    if (who > 0) {
      run(
          client,
          arguments.text(who),
          arguments.bytes(who + 1),
          begin,
          writer -> greet(client, writer));
    } else if (client.user() == null) {
      throw new CodedException(NO_AUTH, HELLO_WITHOUT_AUTH);
    } else {
      begin.run();
      client.connection().answerNow(writer -> greet(client, writer));
    }
  }

  private static boolean isResp3(Arguments arguments) {
    String version = arguments.text(1);
    if (!version.matches("\\d{1,9}")) {
      throw new InvalidDataException("Protocol version is not an integer or out of range");
    }
    return switch (Integer.parseInt(version)) {
      case 2 -> false;
      case 3 -> true;
      default -> throw new CodedException("NOPROTO", "unsupported protocol version");
    };
  }

  private static void begin(RespClient client, boolean isResp3, @Nullable String name) {
    client.setResp3(isResp3);
    if (name != null) {
      client.facts().setName(name);
    }
  }

  private static void greet(RespClient client, ReplyWriter writer) {
    NodeServices services = client.shared().services();
    writer.map(8);
    writer.bulk("server");
    writer.bulk("gamut");
    writer.bulk("version");
    writer.bulk(Release.VERSION);
    writer.bulk("proto");
    writer.integer(client.isResp3() ? 3 : 2);
    writer.bulk("id");
    writer.integer(client.facts().id());
    writer.bulk("mode");
    writer.bulk("standalone");
    writer.bulk("role");
    writer.bulk("master");
    writer.bulk("modules");
    writer.array(0);
    writer.bulk("node");
    writer.integer(services.node().value());
  }

  /**
   * Looks at a name and a password.
   *
   * @param granted what is to be done before the welcome is written
   */
  private static void run(
      RespClient client,
      String name,
      byte[] password,
      Runnable granted,
      Consumer<ReplyWriter> welcome) {
    Answer answer = client.connection().begin(Kind.ALONE);
    client
        .shared()
        .access()
        .check(
            name,
            password,
            verdict ->
                client
                    .connection()
                    .onThisLoop(() -> {
                      switch (verdict) {
                        case Verdict.Granted(User user) -> {
                          client.setUser(user);
                          granted.run();
                          client.connection().end(answer, welcome);
                        }
                        case Verdict.Denied _ -> deny(client, answer);
                        case Verdict.Busy _ ->
                            client
                                .connection()
                                .end(answer, writer -> writer.error(ClientAccess.BUSY));
                      }
                    }));
  }

  private static void deny(RespClient client, Answer answer) {
    if (client.onDenied() >= ClientAccess.FAILURES_MAX) {
      client.connection().closeWhenAnswered();
    }
    client.connection().end(answer, writer -> writer.error(WRONG));
  }
}
