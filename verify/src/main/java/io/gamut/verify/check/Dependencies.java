package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What requests depend on each other by what they read and wrote (Adya, "Weak Consistency", 1999,
 * section 3.1): one has overwritten what the other wrote (ww), read what it wrote (wr), or
 * overwritten what it read (rw). As Elle (Kingsbury and Alvaro, VLDB 2020) it takes the order of
 * the writes of a key from the history itself: here from the versions, which are in every receipt.
 *
 * <p>Taken in are requests that the ledger has put into one order: the strong ones; of the weak
 * writes, and of those of unknown outcome, those that a strong one has read. Others may never have
 * taken effect. Of O(n log n) steps.
 */
final class Dependencies {
  static final byte WW = 1;
  static final byte WR = 2;
  static final byte RW = 3;

  /** One comes before the other in real time. */
  static final byte TIME = 4;

  /** One comes before the other in their session. */
  static final byte SESSION = 5;

  final List<Request> requests = new ArrayList<>();
  final Digraph graph;
  private final Map<Request, Integer> numbers = new HashMap<>();
  private @Nullable String gap;

  Dependencies(History history) {
    List<Operation> operations = history.operations();
    Writes writes = Writes.of(operations);
    for (Operation operation : operations) {
      if (isOrdered(operation.request())) {
        take(operation.request());
        Operation source = source(operation, writes);
        if (source != null) {
          take(source.request());
        }
      }
    }
    graph = new Digraph(requests.size());
    addEdges(writes);
  }

  private void take(Request request) {
    if (numbers.putIfAbsent(request, requests.size()) == null) {
      requests.add(request);
    }
  }

  /** The write that an operation has met, as far as it says so. */
  private static @Nullable Operation source(Operation operation, Writes writes) {
    Writes.OfKey ofKey = writes.at(operation.key());
    return operation.kind() == Kind.READ ? ofKey.source(operation) : ofKey.replacedBy(operation);
  }

  /** Whether the ledger has ordered it, by its level and its answer. */
  private static boolean isOrdered(Request request) {
    return request.isOk() && (!request.level().isWeak() || Steps.needsTheLedger(request));
  }

  /** Why not all dependencies could be found; null if they were. */
  @Nullable String gap() {
    return gap;
  }

  private void addEdges(Writes writes) {
    Map<String, NavigableMap<Version, Integer>> effective = new HashMap<>();
    for (Request request : requests) {
      for (Step step : request.steps()) {
        effective.computeIfAbsent(step.key(), key -> effective(writes.at(key)));
      }
    }
    effective.forEach((_, versions) -> {
      Integer before = null;
      for (int writer : versions.values()) {
        connect(before, writer, WW);
        before = writer;
      }
    });
    for (Request request : requests) {
      for (Step step : request.steps()) {
        Operation operation = new Operation(request, step);
        if (!request.isOk() || step.kind() == Kind.MISMATCH) {
          continue;
        }
        if (step.kind() == Kind.READ) {
          addRead(operation, writes, effective);
        } else {
          addWrite(operation, writes, effective);
        }
      }
    }
  }

  /** The writes of a key that took part in the order, by version. */
  private NavigableMap<Version, Integer> effective(Writes.OfKey writes) {
    NavigableMap<Version, Integer> effective = new TreeMap<>();
    writes
        .versions()
        .forEach((version, write) -> {
          Integer number = numbers.get(write.request());
          if (number != null) {
            effective.put(version, number);
          }
        });
    return effective;
  }

  /**
   * A read of absence without a version met a key that was never written, where versions tell
   * deletes; or one that has expired: that says nothing here.
   */
  private void addRead(
      Operation read, Writes writes, Map<String, NavigableMap<Version, Integer>> effective) {
    Operation source = source(read, writes);
    Version version = read.version();
    if (version == null && source != null) {
      version = source.version();
    }
    if (version == null && read.value() != null) {
      note("a read has no version, and nothing says what it met: " + read.step());
      return;
    }
    if (version == null) {
      Writes.OfKey ofKey = writes.at(read.key());
      if (ofKey.all().stream().anyMatch(Steps::isExpiring)) {
        return;
      }
      if (ofKey.versions().isEmpty() && ofKey.all().stream().anyMatch(Steps::isDelete)) {
        note("a read of absence has no version, and the key was deleted: " + read.step());
        return;
      }
    }
    connectRead(read.request(), source, version, effective.get(read.key()));
  }

  private void addWrite(
      Operation write, Writes writes, Map<String, NavigableMap<Version, Integer>> effective) {
    Operation replaced = source(write, writes);
    if (replaced != null && replaced.version() != null) {
      connectRead(write.request(), replaced, replaced.version(), effective.get(write.key()));
    }
    boolean hasChangedNothing = write.kind() == Kind.DELETE;
    if (write.version() == null && !hasChangedNothing) {
      note("a write has no version: " + write.step());
    }
  }

  /** The request comes after what it met, and before what has overwritten that. */
  private void connectRead(
      Request request,
      @Nullable Operation source,
      @Nullable Version version,
      @Nullable NavigableMap<Version, Integer> effective) {
    int reader = number(request);
    if (source != null) {
      connect(number(source.request()), reader, WR);
    }
    if (effective == null || effective.isEmpty()) {
      return;
    }
    Map.Entry<Version, Integer> next =
        version == null ? effective.firstEntry() : effective.higherEntry(version);
    if (next != null) {
      connect(reader, next.getValue(), RW);
    }
  }

  private void connect(@Nullable Integer from, int to, byte label) {
    if (from != null && from != to) {
      graph.addEdge(from, to, label);
    }
  }

  private int number(Request request) {
    Integer number = numbers.get(request);
    if (number == null) {
      throw new IllegalStateException("request " + request.number() + " does not take part");
    }
    return number;
  }

  private void note(String found) {
    gap = gap == null ? found : gap;
  }

  // The orders that must agree with it

  /**
   * Adds that what has ended comes before what begins later. Through one node for each end, in a
   * chain: so there are as many edges as requests, and not their square.
   *
   * <p>What only read, below linearizable, may have read an earlier state: nothing need come before
   * it. What is weak or has no answer may come later: it need not come before anything.
   */
  void addRealTime() {
    List<Request> ends = new ArrayList<>();
    for (Request request : requests) {
      if (isOrdered(request)) {
        ends.add(request);
      }
    }
    ends.sort(Comparator.comparingLong(Request::responded));
    int[] passages = new int[ends.size()];
    for (int i = 0; i < passages.length; i++) {
      passages[i] = graph.addPassage();
      graph.addEdge(number(ends.get(i)), passages[i], TIME);
      if (i > 0) {
        graph.addEdge(passages[i - 1], passages[i], Digraph.PASSING);
      }
    }
    List<Request> begins = new ArrayList<>(requests);
    begins.sort(Comparator.comparingLong(Request::invoked));
    int ended = 0;
    for (Request request : begins) {
      while (ended < ends.size() && ends.get(ended).responded() < request.invoked()) {
        ended++;
      }
      if (ended > 0 && !Steps.mayReadThePast(request)) {
        graph.addEdge(passages[ended - 1], number(request), Digraph.PASSING);
      }
    }
  }

  /** Adds the order of each session's requests, as far as it binds. */
  void addSessions() {
    Map<Integer, Integer> last = new HashMap<>();
    List<Request> inOrder = new ArrayList<>(requests);
    inOrder.sort(Comparator.comparingLong(Request::invoked));
    for (Request request : inOrder) {
      if (Steps.isBoundBySession(request)) {
        int number = number(request);
        connect(last.put(request.session(), number), number, SESSION);
      }
    }
  }
}
