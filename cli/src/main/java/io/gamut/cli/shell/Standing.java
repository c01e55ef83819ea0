package io.gamut.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.cli.data.ClientOptions;
import io.gamut.cli.data.Form;
import io.gamut.cli.data.LevelConverter;
import io.gamut.cli.data.Surroundings;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Suggestion;
import io.gamut.client.GamutClient;
import io.gamut.client.Handle;
import io.gamut.client.Level;
import io.gamut.client.Outcome;
import io.gamut.client.Receipt;
import io.gamut.client.Session;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * What a shell keeps from one line to the next: its connection, its one session, its level, how it
 * prints, and what became of the last request. For one thread.
 */
final class Standing implements Surroundings, AutoCloseable {
  private final ClientOptions options;
  private final Console console;
  private @Nullable GamutClient client;
  private List<Endpoint> servers = List.of();
  private Session session;
  private Level level;
  private Form form;
  private @Nullable Level levelOnce;
  private boolean showsReceipts;
  private @Nullable Outcome<?> last;
  private @Nullable Outcome<?> lastOnData;

  Standing(ClientOptions options, Console console) {
    this.options = options;
    this.console = console;
    session = options.newSession();
    level = options.level();
    form = options.form();
  }

  /** From now on works with these servers; the session goes on. */
  void connect(List<Endpoint> to) throws ScriptException {
    close();
    servers = List.copyOf(to);
    try {
      client = options.connect(to.stream().map(Endpoint::toString).toList());
    } catch (IOException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads addresses with commas between them. */
  static List<Endpoint> addresses(String text) throws ScriptException {
    List<Endpoint> addresses = new ArrayList<>();
    for (String address : text.split(",", -1)) {
      try {
        addresses.add(Endpoint.parse(address.strip()));
      } catch (IllegalArgumentException e) {
        throw new ScriptException(String.valueOf(e.getMessage()), e);
      }
    }
    return addresses;
  }

  List<Endpoint> servers() {
    return servers;
  }

  Level level() {
    return level;
  }

  void setLevel(Level to) {
    level = to;
  }

  /** For the next command alone; null for the shell's own. */
  void setLevelOnce(@Nullable Level once) {
    levelOnce = once;
  }

  static Level parseLevel(String text) throws ScriptException {
    try {
      return new LevelConverter().convert(text);
    } catch (TypeConversionException e) {
      String name = text.split(":", 2)[0];
      String message = String.valueOf(e.getMessage());
      throw new ScriptException(
          message.startsWith("a level") ? Suggestion.unknownLevel(name) : message, e);
    } catch (IllegalArgumentException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A level as it is typed. */
  static String written(Level level) {
    return level.bound() == null
        ? level.consistency().toString()
        : level.consistency() + ":" + level.bound().toMillis();
  }

  Form form() {
    return form;
  }

  void setForm(Form to) {
    form = to;
  }

  Session session() {
    return session;
  }

  void setSession(Session to) {
    session = to;
  }

  void setShowsReceipts(boolean shows) {
    showsReceipts = shows;
  }

  /** What a command's options are that its line does not give. */
  @Nullable String defaultValue(ArgSpec argument) {
    Level once = levelOnce;
    return switch (argument.isOption() ? argument.paramLabel() : "") {
      case "LEVEL" -> written(once == null ? level : once);
      case "FORM" -> form.toString();
      default -> null;
    };
  }

  /** For what the shell asks by itself, in the session; null while it is connected to nobody. */
  @Nullable Handle handle() {
    GamutClient connected = client;
    return connected == null ? null : connected.in(session);
  }

  @Override
  public int with(ClientOptions asked, Work work) throws Exception {
    GamutClient connected = client;
    if (connected == null) {
      throw new ScriptException("connected to no server: say connect HOST:PORT first");
    }
    last = null;
    int status = work.run(connected.at(asked.level()).in(session), session);
    if (showsReceipts) {
      console.say(receipt());
    }
    return status;
  }

  @Override
  public byte[] bytes(String word) {
    return ScriptText.bytes(word);
  }

  @Override
  public InputStream in() throws IOException {
    throw new IOException("a value is missing; an empty one is written \"\"");
  }

  @Override
  public OutputStream out() {
    return console.out();
  }

  @Override
  public boolean endsLines() {
    return true;
  }

  @Override
  public void say(String command, String words) {
    console.say(command + ": " + words);
  }

  @Override
  public void onOutcome(Outcome<?> outcome) {
    last = outcome;
    if (!(outcome instanceof Outcome.Ok<?> ok && ok.receipt() == null)) {
      lastOnData = outcome;
    }
  }

  @Override
  public @Nullable String lastAnswer() {
    return lastOnData == null ? null : told(lastOnData);
  }

  /** How the last request was answered, in a line. */
  String receipt() {
    return told(last);
  }

  private static String told(@Nullable Outcome<?> outcome) {
    return switch (outcome) {
      case null -> "nothing was asked yet";
      case Outcome.Ok<?> ok -> ok.receipt() == null ? "answered" : told(ok.receipt());
      case Outcome.Failed<?>(var fault, String message) -> "failed, " + fault + ": " + message;
      case Outcome.Unknown<?>(String reason) -> "the outcome is unknown: " + reason;
    };
  }

  private static String told(Receipt receipt) {
    StringBuilder told = new StringBuilder("level=").append(receipt.level());
    if (receipt.replica() != Receipt.REPLICA_UNKNOWN) {
      told.append(" replica=").append(receipt.replica());
    }
    if (receipt.version() != null) {
      told.append(" version=").append(receipt.version().exact());
    }
    if (receipt.ageMillis() != Receipt.AGE_UNKNOWN) {
      told.append(String.format(Locale.ROOT, " age=%dms", receipt.ageMillis()));
    }
    if (receipt.state() != null) {
      told.append(" state=").append(receipt.state());
    }
    if (receipt.outcome() != null) {
      told.append(" outcome=").append(receipt.outcome());
    }
    return told.toString();
  }

  /** A line of output. */
  void print(String line) throws IOException {
    console.out().write((line + "\n").getBytes(UTF_8));
    console.out().flush();
  }

  @Override
  public void close() {
    GamutClient connected = client;
    client = null;
    if (connected != null) {
      connected.close();
    }
  }
}
