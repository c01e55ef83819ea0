package io.gamut.cli.shell;

import io.gamut.cli.data.Form;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Suggestion;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Session;
import io.gamut.client.SessionToken;
import io.gamut.core.InvalidDataException;
import io.gamut.overlay.Endpoint;
import io.gamut.trial.cluster.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands of the shell itself: what it keeps, and whom it is connected with. */
final class Builtins {
  private static final Duration STATUS_MAX = Duration.ofSeconds(2);

  private final Map<String, Builtin> byName = new LinkedHashMap<>();
  private final Standing standing;
  private final LabLines lab;
  private final @Nullable Screen screen;

  /**
   * @param screen null if lines come through a pipe
   */
  Builtins(Standing standing, LabLines lab, @Nullable Screen screen) {
    this.standing = standing;
    this.lab = lab;
    this.screen = screen;
    addThoseOfTheSession();
    addThoseOfTheCluster();
    addThoseOfTheScreen();
  }

  private void add(Builtin builtin) {
    byName.put(builtin.name(), builtin);
  }

  private void addThoseOfTheSession() {
    add(
        new Builtin(
            "level",
            "[LEVEL]",
            0,
            1,
            "Show or set the level of get, put and the others; @LEVEL behind one is for it alone.",
            List.of("level causal", "level bounded:500", "get greeting @eventual"),
            this::level));
    add(
        new Builtin(
            "session",
            "[new|TOKEN]",
            0,
            1,
            "Show the session as a token, begin a new one, or take over another's.",
            List.of("session", "session new"),
            this::session));
    add(
        new Builtin(
            "receipt",
            "[on|off]",
            0,
            1,
            "Show how the last request was answered, or each from now on.",
            List.of("receipt", "receipt on"),
            this::receipt));
    add(
        new Builtin(
            "output",
            "[raw|json|table]",
            0,
            1,
            "Show or set how results are printed.",
            List.of("output json"),
            this::output));
  }

  private void addThoseOfTheCluster() {
    add(
        new Builtin(
            "connect",
            "HOST:PORT[,HOST:PORT...]|ID",
            1,
            1,
            "Go on with other servers; the session goes along.",
            List.of("connect 127.0.0.1:7380", "connect 127.0.0.1:7379,127.0.0.1:7380", "connect 1"),
            arguments -> connect(arguments.getFirst())));
    add(
        new Builtin(
            "status",
            "",
            0,
            0,
            "Show the servers: who leads, how they are linked.",
            List.of("status"),
            _ -> status()));
  }

  private void addThoseOfTheScreen() {
    add(
        new Builtin(
            "history",
            "",
            0,
            0,
            "Show the lines typed so far.",
            List.of("history"),
            _ -> {
              for (String line : requireScreen("history").history()) {
                standing.print(line);
              }
            }));
    add(
        new Builtin(
            "clear",
            "",
            0,
            0,
            "Clear the screen.",
            List.of("clear"),
            _ -> requireScreen("clear").clear()));
  }

  Collection<Builtin> all() {
    return byName.values();
  }

  @Nullable Builtin find(String name) {
    return byName.get(name);
  }

  private Screen requireScreen(String name) throws ScriptException {
    Screen there = screen;
    if (there == null) {
      throw new ScriptException("'" + name + "' is for terminals");
    }
    return there;
  }

  private void level(List<String> arguments) throws ScriptException, IOException {
    if (arguments.isEmpty()) {
      standing.print(Standing.written(standing.level()));
    } else {
      standing.setLevel(Standing.parseLevel(arguments.getFirst()));
    }
  }

  private void session(List<String> arguments) throws ScriptException, IOException {
    if (arguments.isEmpty()) {
      String token = standing.session().token().text();
      standing.print(token.isEmpty() ? "(new: it has seen and written nothing)" : token);
    } else if (arguments.getFirst().equals("new")) {
      standing.setSession(Session.create());
    } else {
      try {
        SessionToken token = SessionToken.of(ScriptText.bytes(arguments.getFirst()));
        standing.setSession(Session.of(token));
      } catch (IllegalArgumentException e) {
        throw new ScriptException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  private void receipt(List<String> arguments) throws ScriptException, IOException {
    switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "" -> standing.print(standing.receipt());
      case "on" -> standing.setShowsReceipts(true);
      case "off" -> standing.setShowsReceipts(false);
      default -> throw new ScriptException("a receipt is shown once, or set to on or off");
    }
  }

  private void output(List<String> arguments) throws ScriptException, IOException {
    if (arguments.isEmpty()) {
      standing.print(standing.form().toString());
      return;
    }
    String name = arguments.getFirst();
    Form form =
        Arrays.stream(Form.values())
            .filter(each -> each.toString().equals(name.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() ->
                new ScriptException(
                    "output is raw, json or table, not '"
                        + ScriptText.shown(name)
                        + "'"
                        + Suggestion.nearest(name, List.of("raw", "json", "table"))
                            .map(meant -> ": did you mean '" + meant + "'?")
                            .orElse("")));
    standing.setForm(form);
  }

  private void connect(String target) throws ScriptException {
    standing.connect(target(target));
    if (screen != null) {
      lab.meet();
    }
  }

  /** A server of the lab by its id, or servers by their addresses. */
  private List<Endpoint> target(String text) throws ScriptException {
    if (!text.matches("\\d{1,9}")) {
      return Standing.addresses(text);
    }
    Map<Integer, Endpoint> servers = lab.servers();
    Endpoint address = servers.get(Integer.valueOf(text));
    if (address == null) {
      throw new ScriptException("no server " + text + " is running; " + known(servers));
    }
    return List.of(address);
  }

  private static String known(Map<Integer, Endpoint> servers) {
    return servers.isEmpty() ? "none is" : "known are " + servers.keySet();
  }

  private void status() throws ScriptException, IOException {
    Collection<Endpoint> addresses = lab.isOwn() ? lab.servers().values() : standing.servers();
    if (addresses.isEmpty()) {
      throw new ScriptException("no server is running");
    }
    List<String> faults = new ArrayList<>();
    for (Endpoint address : addresses) {
      try (GamutConnection connection =
          GamutConnection.open(address.host(), address.port(), STATUS_MAX)) {
        standing.print(told(address, Status.of(connection.call("GAMUT", "STATUS"))));
      } catch (ConnectionException | InvalidDataException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    if (!faults.isEmpty()) {
      throw new ScriptException(String.join("; ", faults));
    }
  }

  private static String told(Endpoint address, Status status) {
    return "server %d at %s: %s, linked with %s, voters %s, ledger applied to %d%s"
        .formatted(
            status.node(),
            address,
            status.leader() == Status.NOBODY
                ? "knows no leader"
                : status.leader() == status.node() ? "leads" : "follows " + status.leader(),
            status.neighbours().isEmpty() ? "none" : ids(status.neighbours()),
            ids(status.voters()),
            status.applied(),
            status.settled() ? "" : ", busy");
  }

  private static String ids(Collection<Integer> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
