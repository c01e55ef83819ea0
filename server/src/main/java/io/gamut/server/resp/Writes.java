package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.Input;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The writes of one connection, at any level. On the connection's event loop. */
final class Writes {
  private final NodeServices services;
  private final RespConnection connection;
  private final ClientState client;

  Writes(NodeServices services, RespConnection connection, ClientState client) {
    this.services = services;
    this.connection = connection;
    this.client = client;
  }

  void set(Key key, Content.Value value, Consistency at) {
    put(List.of(key), value, at);
  }

  /** Deletes, and answers how many values there were: at a weak level, how many were seen here. */
  void delete(List<Key> keys, Consistency at) {
    put(keys, Content.Tombstone.TOMBSTONE, at);
  }

  private void put(List<Key> keys, Content content, Consistency at) {
    if (at.isWeak()) {
      putWeakly(keys, content, at);
      return;
    }
    List<Change> changes = new ArrayList<>(keys.size());
    keys.forEach(key -> changes.add(new Change.Put(key, content)));
    execute(
        new Operation(List.of(), changes, false),
        at,
        (results, position, writer) -> {
          ChangeResult last = results.getLast();
          Pair pair = new Pair(keys.getLast(), content, last.version(), position);
          client.writeReceipt(pair.key(), pair, at, writer);
          answer(content, count(results), writer);
        });
  }

  private static long count(List<ChangeResult> results) {
    return results.stream().filter(ChangeResult::replacedValue).count();
  }

  private static void answer(Content content, long replaced, ReplyWriter writer) {
    if (content instanceof Content.Value) {
      writer.simple("OK");
    } else {
      writer.integer(replaced);
    }
  }

  // Strong operations

  /** Adds to a number, and answers the sum. */
  void increment(Key key, long delta, Consistency at) {
    execute(
        Operation.of(new Change.Increment(key, delta)),
        at,
        (results, position, writer) -> writer.integer(results.getFirst().number()));
  }

  /** Adds bytes to a value, and answers its length. */
  void append(Key key, byte[] bytes, Consistency at) {
    execute(
        Operation.of(new Change.Append(key, bytes, false)),
        at,
        (results, position, writer) -> writer.integer(results.getFirst().number()));
  }

  /** Sets a value where there is none, and answers 1; else 0. */
  void setIfAbsent(Key key, Content.Value value, Consistency at) {
    execute(
        new Operation(
            List.of(new Condition.Absent(key)), List.of(new Change.Put(key, value)), false),
        at,
        (results, position, writer) -> writer.integer(results.isEmpty() ? 0 : 1));
  }

  /** Deletes every key. */
  void clear(Consistency at) {
    execute(Operation.CLEAR, at, (results, position, writer) -> writer.simple("OK"));
  }

  /** Answers an operation that was done. */
  @FunctionalInterface
  private interface Report {
    /**
     * @param results what each change did; nothing if a condition did not hold
     */
    void write(List<ChangeResult> results, LedgerPosition position, ReplyWriter writer);
  }

  /** Has an operation done by the ledger. */
  private void execute(Operation operation, Consistency at, Report report) {
    Answer answer = connection.beginWrite();
    Session session = client.session();
    Requirement requirement = session.everything();
    long latest = session.latest();
    long deadline = client.deadlineNanos(Consistency.LINEARIZABLE);
    services.submitStrong(
        request -> new StrongInput.Execute(request, operation, requirement, latest, deadline),
        outcome ->
            connection.onThisLoop(() ->
                connection.endWrite(
                    answer, writer -> onOutcome(operation, at, outcome, report, writer))));
  }

  private void onOutcome(
      Operation operation, Consistency at, Reply outcome, Report report, ReplyWriter writer) {
    switch (outcome) {
      case Reply.Executed(OperationResult result, long index) -> {
        LedgerPosition position = new LedgerPosition(index);
        client.session().observe(position);
        switch (result) {
          case OperationResult.Changed(List<ChangeResult> changes) -> {
            for (int i = 0; i < changes.size(); i++) {
              Key key = operation.changes().get(i).key();
              client.session().observe(key, changes.get(i).version(), position, at);
            }
            report.write(changes, position, writer);
          }
          case OperationResult.Cleared(Version version) -> {
            client.session().observeAll(version, position, at);
            report.write(List.of(), position, writer);
          }
          case OperationResult.Unmet _ -> report.write(List.of(), position, writer);
          case OperationResult.Failed(OperationResult.Problem problem) ->
              writer.error(problem.error() + " " + problem.words());
          case OperationResult.Withdrawn.WITHDRAWN -> throw new IllegalStateException();
        }
      }
      case Reply.Failed failed -> client.writeFailure(failed, writer);
      case Reply.Read _, Reply.Written _, Reply.Done _ -> throw new IllegalStateException();
    }
  }

  // Weak writes

  /** Writes the same content at each key. */
  private void putWeakly(List<Key> keys, Content content, Consistency at) {
    Writing writing = new Writing(keys, content, at, connection.beginWrite());
    long deadline = client.deadlineNanos(at);
    Session session = client.session();
    boolean isCausal = at == Consistency.CAUSAL;
    VersionVector dependencies = isCausal ? session.causal() : VersionVector.EMPTY;
    long index = isCausal ? session.index() : 0;
    long latest = session.latest();
    for (Key key : keys) {
      services.submit(
          request ->
              new Input.Write(request, key, content, dependencies, index, latest, null, deadline),
          reply -> connection.onThisLoop(() -> writing.onReply(key, reply)));
    }
  }

  /** The weak writes of one request that are under way. */
  private final class Writing {
    private final List<Key> keys;
    private final Content content;
    private final Consistency at;
    private final Answer answer;
    private int missing;
    private long replaced;
    private Reply.@Nullable Written last;
    private Reply.@Nullable Failed failed;

    Writing(List<Key> keys, Content content, Consistency at, Answer answer) {
      this.keys = keys;
      this.content = content;
      this.at = at;
      this.answer = answer;
      this.missing = keys.size();
    }

    void onReply(Key key, Reply reply) {
      switch (reply) {
        case Reply.Written written -> {
          last = written;
          client.session().observe(key, written.version(), written.dot(), at);
          replaced += written.replacedValue() ? 1 : 0;
        }
        case Reply.Failed failure -> failed = failure;
        case Reply.Read _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
      }
      missing--;
      if (missing == 0) {
        connection.endWrite(answer, this::write);
      }
    }

    private void write(ReplyWriter writer) {
      if (failed != null) {
        client.writeFailure(failed, writer);
        return;
      }
      if (last != null) {
        Pair pair = new Pair(keys.getLast(), content, last.version(), last.dot());
        client.writeReceipt(pair.key(), pair, at, writer);
      }
      answer(content, replaced, writer);
    }
  }
}
