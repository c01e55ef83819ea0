package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.HybridClock;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.core.Session;
import io.gamut.ledger.log.Participant;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.Input;
import io.gamut.replication.message.Member;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.request.Asked;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import io.gamut.server.service.NodeServices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The container command {@code GAMUT}: levels, sessions, and a look at the node. */
final class GamutCommands {
  private static final int PAIRS_DEFAULT = 1_000;
  private static final int PAIRS_MAX = 10_000;
  private static final List<String> HELP =
      List.of(
          "GAMUT <subcommand> [<argument> ...]. Subcommands are:",
          "LEVEL [<level>]",
          "    The level of this connection's requests: eventual, session, causal, sequential,"
              + " bounded",
          "    or linearizable.",
          "AT <level> <command> [<argument> ...]",
          "    Runs one command at another level; bounded:<milliseconds> has its own bound.",
          "IN <token> <command> [<argument> ...]",
          "    Runs one command in the session of a token, and not in the connection's; an empty"
              + " token is a",
          "    new session. The receipt's token is then that of the whole session. GAMUT AT may"
              + " follow.",
          "CAS <key> <version> <value> [EX|PX|EXAT|PXAT <time>]",
          "    Sets a value if its key's last write has this version, as receipts tell it, or if"
              + " there is no",
          "    value and the version is 0: answers 1, or 0 if not.",
          "CASV <key> <old value> <value> [EX|PX|EXAT|PXAT <time>]",
          "    Sets a value if the one that is there is the old value: answers 1, or 0 if not.",
          "ENTRY <key>",
          "    All that is kept at a key, as one: value, flags (memcached's 32 bits), expiresAt"
              + " (milliseconds since",
          "    1970, null for never), stale (1 if a client of memcached's meta commands is to make"
              + " it anew). Null",
          "    where there is no value.",
          "SET <key> <value> [EX|PX|EXAT|PXAT <time>] [FLAGS <number>] [STALE]",
          "    Sets all of that, at the connection's level as SET does.",
          "SESSION [<token> ...]",
          "    This connection's session as a token, or takes over what tokens stand for.",
          "WAIT [<milliseconds>]",
          "    How long a request waits for what its session depends on; 0 for not at all. Requests"
              + " at",
          "    sequential, bounded and linearizable, and commands that read and modify, wait at"
              + " least 5000,",
          "    whatever is said here, since a leader may have to be elected first; NOQUORUM may"
              + " come sooner,",
          "    once the server knows that no majority is within reach.",
          "BOUND [<milliseconds>]",
          "    How old the state may be that a read at level bounded is answered from.",
          "RECEIPT ON|OFF",
          "    Whether replies to data commands say how they were come by, as RESP3 attributes:"
              + " level, replica,",
          "    version, age (ms), state (tentative or committed), token, outcome (applied, not"
              + " applied or",
          "    unknown); null for what does not apply.",
          "LAST",
          "    The same of this connection's last data command, also in RESP2; null before the"
              + " first.",
          "KEYS [AFTER <key>] [COUNT <n>]",
          "    A page of keys, ascending, and the key that the next page goes on after, null for"
              + " none: on any",
          "    server. At a weak level what this server shows, at a strong one its committed"
              + " state.",
          "PAIRS [AFTER <key>] [COUNT <n>]",
          "    Keys and values that this server shows, ascending by key.",
          "EXPLAIN <key>",
          "    What each replica holds of a key and what this session would miss there, how the"
              + " last command",
          "    was answered, and what a read at each level would return now, at what price. It"
              + " changes nothing.",
          "HISTORY <key> [COUNT <n>]",
          "    The recent versions of a key on this server, newest first: at most 16, since its"
              + " start.",
          "STATUS",
          "    Vectors, neighbours and members as this server knows them.",
          "LINK CUT|HEAL <node> | DELAY <node> <milliseconds> | LOSS <node> <percent>",
          "    Breaks or mends this server's end of a link; only on a server started with --lab.",
          "FAULT [DISK SLOW <milliseconds> | DISK FULL ON|OFF | DISK FAIL | CLOCK <milliseconds> |"
              + " OFF]",
          "    Makes something go wrong in this server, only if it was started with --lab: each"
              + " sync of its disk",
          "    takes at least so much longer; it finds its disk full; the next write of its journal"
              + " fails for want of",
          "    space, which ends the server; its clock is ahead by so much, behind if negative. 0"
              + " or OFF ends it,",
          "    FAULT OFF all of them. Without arguments: what is in force.",
          "LEAVE",
          "    Leaves the cluster and stops. First a majority of the ledger's voters must let it"
              + " go, and all other",
          "    members must hold what is held here: it waits for as long as that takes, also for"
              + " members that are",
          "    away.",
          "REMOVE <server>",
          "    Removes another server by force, because its disk is gone for good: what only it"
              + " held is lost,",
          "    sessions that depend on that are told ERR_LOST once. It may come back under another"
              + " id, with an empty data directory.",
          "HELP",
          "    Prints this help.");

  private final RespClient client;
  private final NodeServices services;
  private final PipelinedConnection<ReplyWriter> connection;

  private GamutCommands(RespClient client) {
    this.client = client;
    services = client.shared().services();
    connection = client.connection();
  }

  static List<Command> all() {
    return List.of(
        new Command(
            "GAMUT",
            -2,
            Access.NONE,
            KeyPlaces.NONE,
            Group.CONNECTION,
            "7.2.0",
            "Levels, sessions, receipts and the cluster: see GAMUT HELP.",
            new Direct((client, arguments) -> new GamutCommands(client).run(arguments.words()))));
  }

  private void run(List<byte[]> request) {
    String name = Commands.name(request.get(1));
    List<byte[]> arguments = request.subList(2, request.size());
    switch (name) {
      case "LEVEL" -> level(arguments);
      case "AT", "IN" -> throw new InvalidDataException("GAMUT " + name + " needs a command");
      case "SESSION" -> session(arguments);
      case "WAIT" -> waitMillis(arguments);
      case "BOUND" -> bound(arguments);
      case "RECEIPT" -> receipt(arguments);
      case "LAST" -> {
        requireCount(name, arguments, 0, 0);
        connection.answerNow(client::writeLast);
      }
      case "PAIRS" -> pairs(arguments);
      case "STATUS" -> status();
      case "LINK" -> new FaultCommands(client).link(arguments);
      case "FAULT" -> new FaultCommands(client).fault(arguments);
      case "LEAVE" -> leave();
      case "REMOVE" -> remove(arguments);
      case "HELP" ->
          connection.answerNow(writer -> {
            writer.array(HELP.size());
            HELP.forEach(writer::simple);
          });
      default ->
          throw new InvalidDataException("unknown subcommand '" + name + "'. Try GAMUT HELP.");
    }
  }

  static void requireCount(String name, List<byte[]> arguments, int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new InvalidDataException("wrong number of arguments for 'gamut " + name + "'");
    }
  }

  static Consistency parseLevel(byte[] word) {
    String name = new String(word, StandardCharsets.ISO_8859_1);
    return Consistency.parse(name)
        .orElseThrow(() ->
            new InvalidDataException(
                "no level '"
                    + name
                    + "': eventual, session, causal, sequential, bounded or"
                    + " linearizable"));
  }

  static int number(byte[] word, int most, String what) {
    try {
      int number = Integer.parseInt(new String(word, StandardCharsets.ISO_8859_1));
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw new InvalidDataException(what + " is a whole number from 0 to " + most);
  }

  private void ok() {
    connection.answerNow(writer -> writer.simple("OK"));
  }

  private void level(List<byte[]> arguments) {
    requireCount("LEVEL", arguments, 0, 1);
    if (arguments.isEmpty()) {
      connection.answerNow(writer -> writer.bulk(client.level().toString()));
    } else {
      Consistency level = parseLevel(arguments.getFirst());
      client.setLevel(level);
      ok();
    }
  }

  private void session(List<byte[]> arguments) {
    if (arguments.isEmpty()) {
      connection.answerNow(writer -> writer.bulk(client.seal().seal(client.session())));
      return;
    }
    List<Session> opened = new ArrayList<>();
    for (byte[] token : arguments) {
      String text = new String(token, StandardCharsets.ISO_8859_1);
      opened.add(client.seal().open(text, services.clock().millis()));
    }
    opened.forEach(client.session()::merge);
    ok();
  }

  private void waitMillis(List<byte[]> arguments) {
    requireCount("WAIT", arguments, 0, 1);
    if (arguments.isEmpty()) {
      connection.answerNow(writer -> writer.integer(client.waitMillis()));
    } else {
      client.setWaitMillis(
          number(arguments.getFirst(), Limits.WAIT_MILLIS_MAX, "a wait in milliseconds"));
      ok();
    }
  }

  private void bound(List<byte[]> arguments) {
    requireCount("BOUND", arguments, 0, 1);
    if (arguments.isEmpty()) {
      connection.answerNow(writer -> writer.integer(client.boundMillis()));
    } else {
      client.setBoundMillis(
          number(arguments.getFirst(), Limits.WAIT_MILLIS_MAX, "a bound in milliseconds"));
      ok();
    }
  }

  private void receipt(List<byte[]> arguments) {
    requireCount("RECEIPT", arguments, 1, 1);
    switch (Commands.name(arguments.getFirst())) {
      case "ON" -> {
        if (!client.isResp3()) {
          throw new InvalidDataException(
              "receipts are RESP3 attributes: say HELLO 3 first, or ask with GAMUT LAST");
        }
        client.setReceipts(true);
      }
      case "OFF" -> client.setReceipts(false);
      default -> throw new InvalidDataException("RECEIPT is ON or OFF");
    }
    ok();
  }

  private void pairs(List<byte[]> arguments) {
    Key after = null;
    int count = PAIRS_DEFAULT;
    for (int i = 0; i < arguments.size(); i += 2) {
      requireCount("PAIRS", arguments.subList(i, arguments.size()), 2, Integer.MAX_VALUE);
      switch (Commands.name(arguments.get(i))) {
        case "AFTER" -> after = Key.of(arguments.get(i + 1));
        case "COUNT" -> count = number(arguments.get(i + 1), PAIRS_MAX, "a count");
        default -> throw new InvalidDataException("PAIRS takes AFTER and COUNT");
      }
    }
    // What this server shows, and no more: whatever the level and the session are.
    Asked asked = client.ask();
    Asked atOnce =
        new Asked(asked.number(), Consistency.EVENTUAL, 0, asked.waitMillis(), new Session(), true);
    List<byte[]> found = new ArrayList<>();
    int most = 2 * count;
    Walk walk = Walk.withValues(client, atOnce);
    walk.from(
        after,
        pair -> {
          if (pair.content() instanceof Content.Value value) {
            found.add(pair.key().bytes());
            found.add(value.bytes());
          }
          return found.size() < most;
        },
        () ->
            walk.end(writer -> {
              writer.array(found.size());
              found.forEach(writer::bulk);
            }));
  }

  private void status() {
    Answer answer = connection.begin(Kind.ALONE);
    var _ =
        services
            .status()
            .thenAccept(status -> connection.end(answer, writer -> writeStatus(status, writer)));
  }

  private void writeStatus(NodeServices.Status status, ReplyWriter writer) {
    writer.map(10);
    writer.bulk("node");
    writer.integer(services.node().value());
    writer.bulk("cluster");
    writer.bulk(services.cluster().toString());
    writer.bulk("received");
    writer.bulk(status.received().toString());
    writer.bulk("visible");
    writer.bulk(status.visible().toString());
    writer.bulk("stable");
    writer.bulk(status.stable().toString());
    writer.bulk("settled");
    writer.integer(status.settled() ? 1 : 0);
    writer.bulk("neighbours");
    writer.array(status.neighbours().size());
    status.neighbours().forEach(writer::integer);
    writer.bulk("members");
    writer.array(status.members().size());
    for (Member member : status.members()) {
      String standing = member.standing().name().toLowerCase(Locale.ROOT);
      writer.bulk(member.node() + " " + member.address() + " " + standing);
    }
    writer.bulk("antiEntropyBytesSent");
    writer.integer(status.antiEntropyBytes());
    writer.bulk("ledger");
    writeLedger(status.ledger(), writer);
  }

  private static void writeLedger(NodeServices.LedgerStatus ledger, ReplyWriter writer) {
    writer.map(11);
    writer.bulk("leader");
    if (ledger.leader() == null) {
      writer.nullValue();
    } else {
      writer.integer(ledger.leader().value());
    }
    writer.bulk("term");
    writer.integer(ledger.term());
    writer.bulk("applied");
    writer.integer(ledger.applied());
    writer.bulk("last");
    writer.integer(ledger.last());
    writer.bulk("absorbed");
    writer.bulk(ledger.absorbed().toString());
    writer.bulk("floorMillis");
    writer.integer(HybridClock.millis(ledger.floor()));
    writer.bulk("discarded");
    writer.integer(ledger.discarded());
    writer.bulk("closed");
    writer.array(ledger.ends().byOrigin().size());
    ledger.ends().byOrigin().forEach((origin, end) -> writer.bulk(origin.brief() + ":" + end));
    writer.bulk("voters");
    writeNodes(ledger.configuration().voters(), writer);
    writer.bulk("disks");
    writeDisks(ledger.configuration().voters(), writer);
    writer.bulk("learners");
    writeNodes(ledger.configuration().learners(), writer);
  }

  private static void writeNodes(Set<Participant> participants, ReplyWriter writer) {
    writer.array(participants.size());
    participants.forEach(participant -> writer.integer(participant.node().value()));
  }

  /** With which disk each takes part: one that has lost its disk is not the voter that it was. */
  private static void writeDisks(Set<Participant> participants, ReplyWriter writer) {
    writer.array(participants.size());
    participants.forEach(participant -> writer.bulk(participant.toString()));
  }

  private void remove(List<byte[]> arguments) {
    requireCount("REMOVE", arguments, 1, 1);
    NodeId node = new NodeId(number(arguments.getFirst(), NodeId.VALUE_MAX, "a server id"));
    Answer answer = connection.begin(Kind.ALONE);
    long deadline = client.ask().strong().deadlineNanos();
    services.submitStrong(
        request -> new StrongInput.Remove(request, node, deadline),
        answered -> connection.end(answer, writer -> writeDone(answered.reply(), writer)));
  }

  private static void writeDone(Reply reply, ReplyWriter writer) {
    if (reply instanceof Reply.Failed failed) {
      writer.error(failed.code(), failed.message());
    } else {
      writer.simple("OK");
    }
  }

  private void leave() {
    Answer answer = connection.begin(Kind.ALONE);
    services.submit(
        Input.Leave::new,
        answered -> connection.end(answer, writer -> writeDone(answered.reply(), writer)));
  }
}
