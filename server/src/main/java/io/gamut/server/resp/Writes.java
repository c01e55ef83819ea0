package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
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
import java.util.Objects;
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

  void set(Key key, Content.Value value, Asked asked) {
    put(List.of(key), value, asked);
  }

  /** Deletes, and answers how many values there were: at a weak level, how many were seen here. */
  void delete(List<Key> keys, Asked asked) {
    put(keys, Content.Tombstone.TOMBSTONE, asked);
  }

  private void put(List<Key> keys, Content content, Asked asked) {
    if (asked.level().isWeak()) {
      putWeakly(keys, content, asked);
      return;
    }
    List<Change> changes = new ArrayList<>(keys.size());
    keys.forEach(key -> changes.add(new Change.Put(key, content)));
    execute(
        new Operation(List.of(), changes, false),
        asked,
        (results, writer) -> answer(content, count(results), writer));
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
  void increment(Key key, long delta, Asked asked) {
    executeForNumber(new Change.Increment(key, delta), asked);
  }

  /** Adds bytes to a value, and answers its length. */
  void append(Key key, byte[] bytes, Asked asked) {
    executeForNumber(new Change.Append(key, bytes, false), asked);
  }

  private void executeForNumber(Change change, Asked asked) {
    execute(
        Operation.of(change),
        asked,
        (results, writer) -> writer.integer(results.getFirst().number()));
  }

  /** Sets a value where there is none, and answers 1; else 0. */
  void setIfAbsent(Key key, Content.Value value, Asked asked) {
    execute(
        new Operation(
            List.of(new Condition.Absent(key)), List.of(new Change.Put(key, value)), false),
        asked,
        (results, writer) -> writer.integer(results.isEmpty() ? 0 : 1));
  }

  /** Deletes every key. */
  void clear(Asked asked) {
    execute(Operation.CLEAR, asked, (results, writer) -> writer.simple("OK"));
  }

  /** Answers an operation that was done. */
  @FunctionalInterface
  private interface Report {
    /**
     * @param results what each change did; nothing if a condition did not hold
     */
    void write(List<ChangeResult> results, ReplyWriter writer);
  }

  /** Has an operation done by the ledger. */
  private void execute(Operation operation, Asked asked, Report report) {
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
                    answer, writer -> onOutcome(operation, asked, outcome, report, writer))));
  }

  private void onOutcome(
      Operation operation, Asked asked, Reply outcome, Report report, ReplyWriter writer) {
    switch (outcome) {
      case Reply.Executed(OperationResult result, long index) ->
          onExecuted(operation, asked, result, new LedgerPosition(index), report, writer);
      case Reply.Failed(ErrorCode code, String message) ->
          client.refuse(asked, code, message, writer);
      case Reply.Read _, Reply.Written _, Reply.Done _ -> throw new IllegalStateException();
    }
  }

  private void onExecuted(
      Operation operation,
      Asked asked,
      OperationResult result,
      LedgerPosition position,
      Report report,
      ReplyWriter writer) {
    client.session().observe(position);
    switch (result) {
      case OperationResult.Changed(List<ChangeResult> changes) -> {
        client.report(asked, observe(operation, changes, position, asked.level()), writer);
        report.write(changes, writer);
      }
      case OperationResult.Unmet(int condition, Version version) -> {
        Key key = operation.conditions().get(condition).key();
        if (version != null) {
          client.session().observe(key, version, position, asked.level());
        }
        client.report(asked, Receipt.ofUnmet(key, version, position, asked.level()), writer);
        report.write(List.of(), writer);
      }
      case OperationResult.Cleared(Version version) -> {
        client.session().observeAll(version, position, asked.level());
        client.report(asked, Receipt.ofClear(version, position, asked.level()), writer);
        report.write(List.of(), writer);
      }
      case OperationResult.Failed(OperationResult.Problem problem)
          when problem.error() != ErrorCode.ERR ->
          client.refuse(asked, problem.error(), problem.words(), writer);
      case OperationResult.Failed(OperationResult.Problem problem) -> {
        client.report(asked, Receipt.ofImpossible(position, asked.level()), writer);
        writer.error(ErrorCode.ERR, problem.words());
      }
      case OperationResult.Withdrawn.WITHDRAWN -> throw new IllegalStateException();
    }
  }

  /** Lets the session learn what was written, and says how. */
  private Receipt observe(
      Operation operation, List<ChangeResult> changes, LedgerPosition position, Consistency at) {
    Receipt receipt = null;
    for (int i = 0; i < changes.size(); i++) {
      Key key = operation.changes().get(i).key();
      Version version = changes.get(i).version();
      client.session().observe(key, version, position, at);
      Receipt one = Receipt.ofWrite(key, version, position, at);
      receipt = receipt == null ? one : receipt.weakest(one);
    }
    return Objects.requireNonNull(receipt);
  }

  // Weak writes

  /** Writes the same content at each key. */
  private void putWeakly(List<Key> keys, Content content, Asked asked) {
    Writing writing = new Writing(keys.size(), content, asked, connection.beginWrite());
    Consistency at = asked.level();
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
    private final Content content;
    private final Asked asked;
    private final Answer answer;
    private int missing;
    private long replaced;
    private @Nullable Receipt receipt;
    private Reply.@Nullable Failed failed;

    Writing(int count, Content content, Asked asked, Answer answer) {
      this.content = content;
      this.asked = asked;
      this.answer = answer;
      this.missing = count;
    }

    void onReply(Key key, Reply reply) {
      switch (reply) {
        case Reply.Written written -> onWritten(key, written);
        case Reply.Failed failure -> failed = failure;
        case Reply.Read _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
      }
      missing--;
      if (missing == 0) {
        connection.endWrite(answer, this::write);
      }
    }

    private void onWritten(Key key, Reply.Written written) {
      Consistency at = asked.level();
      client.session().observe(key, written.version(), written.dot(), at);
      replaced += written.replacedValue() ? 1 : 0;
      Receipt one = Receipt.ofWrite(key, written.version(), written.dot(), at);
      receipt = receipt == null ? one : receipt.weakest(one);
    }

    private void write(ReplyWriter writer) {
      if (failed == null) {
        client.report(asked, Objects.requireNonNull(receipt), writer);
        answer(content, replaced, writer);
      } else if (receipt == null) {
        client.refuse(asked, failed.code(), failed.message(), writer);
      } else {
        // Some keys were written and others not: the error must not pass for "nothing was done".
        client.report(asked, receipt.withUnknownOutcome(), writer);
        writer.error(failed.code(), failed.message());
      }
    }
  }
}
