package io.gamut.server.memcached;

import io.gamut.core.BinaryWriter;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.protocol.memcached.MemcachedProtocolException;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.protocol.memcached.RequestParser;
import io.gamut.server.access.User;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Dialogue;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.connection.Request;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Found;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Reads;
import io.gamut.server.request.Writes;
import io.gamut.server.service.NodeServices;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one client says in the memcached protocol, and what it is answered: one session. */
final class MemcachedConnection implements Dialogue<ReplyWriter> {
  private final MemcachedShared shared;
  private final PipelinedConnection<ReplyWriter> connection;
  private final RequestParser parser = new RequestParser();
  private final Reads reads;
  private final Writes writes;
  private final TextPlans text;
  private final MetaPlans meta;
  private final ServerPlans server;
  private final SessionPlans sessions;
  private final Login login;

  MemcachedConnection(MemcachedShared shared, PipelinedConnection<ReplyWriter> connection) {
    this.shared = shared;
    this.connection = connection;
    NodeServices services = shared.services().connection();
    reads = new Reads(services, connection::onThisLoop);
    writes = new Writes(services, connection::onThisLoop);
    text = new TextPlans(shared.tally(), shared.later(), services.clock());
    meta = new MetaPlans(shared.tally(), services.clock());
    server = new ServerPlans(shared, connection);
    sessions = new SessionPlans(services, connection);
    login = new Login(shared.access(), connection, this::onUser);
    shared.connected();
  }

  @Override
  public String protocol() {
    return "memcached";
  }

  @Override
  public Reads reads() {
    return reads;
  }

  @Override
  public ReplyWriter writer(BinaryWriter out) {
    return new ReplyWriter(out);
  }

  @Override
  public void run(Request request) {
    request.run().run();
  }

  @Override
  public void onClosed() {
    shared.disconnected();
  }

  // Requests

  @Override
  public @Nullable Request next(ByteBuffer in) {
    MemcachedRequest said;
    try {
      parser.setTrusted(login.user() != null);
      said = parser.next(in);
    } catch (MemcachedProtocolException e) {
      return new Request(Kind.ALONE, null, () -> onUnreadable(e));
    }
    if (said == null) {
      return null;
    }
    User user = login.user();
    return user == null ? login.prepare(said) : prepare(said, user);
  }

  @Override
  public long begunBytes() {
    return parser.begunBytes();
  }

  @Override
  public Consumer<ReplyWriter> noRoom() {
    return writer -> writer.serverError(ErrorCode.BUSY + " " + PipelinedConnection.NO_ROOM);
  }

  private void onUser(User user) {
    user.level().ifPresent(named -> sessions.setLevel(Level.of(named)));
  }

  private void onUnreadable(MemcachedProtocolException wrong) {
    connection.setAnswered(true);
    connection.answerNow(
        writer -> writer.clientError(Objects.requireNonNullElse(wrong.getMessage(), "")));
    connection.closeWhenAnswered();
  }

  /** Prepares a request: one that is wrong will answer with an error in its turn. */
  private Request prepare(MemcachedRequest said, User user) {
    Request request;
    Asked how = null;
    try {
      how = sessions.ask(said);
      request = prepare(permitted(plan(said), user), how);
    } catch (InvalidDataException e) {
      String words = Objects.requireNonNullElse(e.getMessage(), "invalid");
      request = wrong(how == null ? sessions.ask() : how, writer -> writer.clientError(words));
    }
    Runnable run = request.run();
    return new Request(
        request.kind(),
        request.gathers(),
        () -> {
          connection.setAnswered(!said.noreply());
          run.run();
        });
  }

  private static Plan permitted(Plan plan, User user) {
    if (!user.isReadOnly()) {
      return plan;
    }
    return switch (plan) {
      case Plan.Put _, Plan.Modify _, Plan.FlushLater _ ->
          throw new InvalidDataException("this user has no permissions to write");
      case Plan.Look look -> new Plan.Look(look.keys(), look.report());
      case Plan.Say _, Plan.Refuse _, Plan.Do _ -> plan;
    };
  }

  private Plan plan(MemcachedRequest said) {
    return switch (said) {
      case MemcachedRequest.Get get -> text.get(get);
      case MemcachedRequest.GetAndTouch get -> text.getAndTouch(get);
      case MemcachedRequest.Store store -> text.store(store);
      case MemcachedRequest.Delete delete -> text.delete(delete);
      case MemcachedRequest.Count count -> text.count(count);
      case MemcachedRequest.Touch touch -> text.touch(touch);
      case MemcachedRequest.FlushAll flush -> text.flushAll(flush);
      case MemcachedRequest.MetaGet get -> meta.get(get);
      case MemcachedRequest.MetaSet set -> meta.set(set);
      case MemcachedRequest.MetaDelete delete -> meta.delete(delete);
      case MemcachedRequest.MetaCount count -> meta.count(count);
      case MemcachedRequest.MetaDebug(var key) -> meta.debug(key);
      case MemcachedRequest.MetaNoop _ -> new Plan.Say(writer -> writer.line("MN"));
      case MemcachedRequest.Stats(String what) -> server.stats(what);
      case MemcachedRequest.Version _ -> server.version();
      case MemcachedRequest.GetServers _ -> server.servers();
      case MemcachedRequest.Verbosity _ -> new Plan.Say(writer -> writer.line("OK"));
      case MemcachedRequest.Quit _ -> new Plan.Do(connection::closeWhenAnswered);
      case MemcachedRequest.Level(String name) -> sessions.level(name);
      case MemcachedRequest.TellSession _ -> sessions.tell();
      case MemcachedRequest.TakeSession(String token) -> sessions.take(token);
      case MemcachedRequest.TellReceipt _ -> sessions.receipt();
      case MemcachedRequest.Wrong(String answer, boolean _) ->
          new Plan.Refuse(writer -> writer.line(answer));
    };
  }

  private Request wrong(Asked how, Consumer<ReplyWriter> reply) {
    return new Request(
        Kind.ALONE,
        null,
        () -> {
          sessions.onWrong(how);
          connection.answerNow(reply);
        });
  }

  private Request alone(Consumer<ReplyWriter> reply) {
    return new Request(Kind.ALONE, null, () -> connection.answerNow(reply));
  }

  private Request prepare(Plan plan, Asked how) {
    return switch (plan) {
      case Plan.Look look when !reads.gathers(how.level()) ->
          new Request(Kind.ALONE, null, () -> readWeakly(look, how));
      case Plan.Look look when look.mayChange() ->
          new Request(Kind.ALONE, null, () -> read(look, how, Kind.ALONE));
      case Plan.Look look ->
          new Request(Kind.GATHERED_READ, how, () -> read(look, how, Kind.GATHERED_READ));
      case Plan.Put put -> {
        Kind kind = Kind.ofWrite(how.level(), shared.services());
        yield new Request(kind, null, () -> put(put, how, kind));
      }
      case Plan.Modify modify -> {
        Kind kind = Kind.of(modify.operation());
        yield new Request(kind, null, () -> modify(modify, how.strong(), kind));
      }
      case Plan.FlushLater(long millis) ->
          alone(writer -> {
            shared.later().after(millis);
            writer.line("OK");
          });
      case Plan.Say(var reply) -> alone(reply);
      case Plan.Refuse(var reply) -> wrong(how, reply);
      case Plan.Do(var task) -> new Request(Kind.ALONE, null, () -> perform(task, how));
    };
  }

  private void perform(Runnable task, Asked how) {
    try {
      task.run();
    } catch (InvalidDataException e) {
      sessions.onWrong(how);
      connection.answerNow(
          writer -> writer.clientError(Objects.requireNonNullElse(e.getMessage(), "invalid")));
    }
  }

  // Plans

  private void readWeakly(Plan.Look look, Asked how) {
    Outcome.Done<Found> now =
        look.keys().size() == 1 ? reads.readNow(look.keys().getFirst(), how) : null;
    if (now == null) {
      read(look, how, Kind.ALONE);
      return;
    }
    List<Found> found = List.of(now.value());
    Plan.Modify next = look.then().apply(found);
    if (next == null) {
      sessions.onAnswered(how, now.receipt());
      connection.answerNow(writer -> look.report().accept(found, writer));
    } else {
      Outcome<List<Found>> first = new Outcome.Done<>(found, now.receipt());
      follow(connection.begin(Kind.ALONE), first, how, next, look.report());
    }
  }

  private void read(Plan.Look look, Asked how, Kind kind) {
    Answer answer = connection.begin(kind);
    reads.read(
        look.keys(),
        how,
        outcome -> {
          Plan.Modify next =
              outcome instanceof Outcome.Done<List<Found>>(List<Found> found, var _)
                  ? look.then().apply(found)
                  : null;
          if (next == null) {
            end(answer, how, outcome, look.report());
          } else {
            follow(answer, outcome, how, next, look.report());
          }
        });
  }

  /** Does what follows a read; where that was not done, what was read is the answer. */
  private void follow(
      Answer answer,
      Outcome<List<Found>> read,
      Asked how,
      Plan.Modify next,
      BiConsumer<List<Found>, ReplyWriter> report) {
    writes.execute(
        next.operation(),
        how.strong(),
        outcome -> {
          if (outcome instanceof Outcome.Refused<?>(ErrorCode code, var _, var _)
              && !mustBeTold(code)) {
            end(answer, how, read, report);
          } else {
            end(answer, how, outcome, next.report());
          }
        });
  }

  /** What may have been done yet, and what the session is told once. */
  private static boolean mustBeTold(ErrorCode code) {
    return code == ErrorCode.UNKNOWN || code == ErrorCode.ERR_LOST;
  }

  private void put(Plan.Put put, Asked how, Kind kind) {
    Answer answer = connection.begin(kind);
    writes.put(
        List.of(put.put()),
        how,
        outcome ->
            end(
                answer,
                how,
                outcome,
                (results, writer) -> put.report().accept(results.getFirst(), writer)));
  }

  private void modify(Plan.Modify modify, Asked how, Kind kind) {
    Answer answer = connection.begin(kind);
    writes.execute(modify.operation(), how, outcome -> end(answer, how, outcome, modify.report()));
  }

  private <T> void end(
      Answer answer, Asked how, Outcome<T> outcome, BiConsumer<T, ReplyWriter> report) {
    sessions.onAnswered(how, outcome.receipt());
    connection.end(
        answer,
        writer -> {
          switch (outcome) {
            case Outcome.Done<T>(T value, var _) -> report.accept(value, writer);
            case Outcome.Refused<T>(ErrorCode code, String message, var _) ->
                writer.serverError(code + " " + message);
          }
        });
  }
}
