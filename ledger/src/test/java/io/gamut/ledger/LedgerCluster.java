package io.gamut.ledger;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A few ledgers on a network without surprises: a message takes a millisecond, a disk as long, and
 * tests say what is cut or dead. What engines do in rough weather is for the simulator.
 */
final class LedgerCluster {
  private static final long MILLI = 1_000_000;

  private final Engine engine;
  private final List<Server> servers = new ArrayList<>();
  private final Set<Participant> isolated = new HashSet<>();
  private final List<Letter> underWay = new ArrayList<>();
  private long nanos;
  private long requests;

  /** Makes ledgers: what the contract is about. */
  interface Engine {
    /**
     * A ledger that has been started.
     *
     * @param base where the journal begins
     * @param found what is in it
     * @param saved what the state machine has durably
     */
    Ledger start(
        Participant self,
        AppliedPoint base,
        List<LedgerRecord> found,
        AppliedPoint saved,
        long nowNanos,
        LedgerEffects effects);
  }

  private record Letter(Participant from, Participant to, LedgerMessage message) {}

  /** A server with its disk; dead while it has no ledger. */
  final class Server implements LedgerEffects {
    final Participant id;
    final List<Entry> applied = new ArrayList<>();
    final Map<Long, Outcome> outcomes = new TreeMap<>();
    final Map<Long, Long> readable = new TreeMap<>();
    private final List<LedgerRecord> journal = new ArrayList<>();
    private final AppliedPoint base;
    private AppliedPoint saved;
    private AppliedPoint reached;
    private @Nullable Ledger ledger;
    private int durable;
    private int durableBefore;
    private boolean hasStoppedDisk;

    Server(int node, Configuration bootstrapped) {
      id = participant(node);
      base = new AppliedPoint(0, 0, bootstrapped);
      saved = base;
      reached = base;
      start();
    }

    void start() {
      durableBefore = durable;
      reached = saved;
      applied.removeIf(each -> each.index() > saved.index());
      ledger = engine.start(id, base, List.copyOf(journal), saved, nanos, this);
    }

    /** What was not synced is lost. */
    void crash() {
      ledger = null;
      journal.subList(durable, journal.size()).clear();
    }

    /** Nothing becomes durable any more. */
    void stopDisk() {
      hasStoppedDisk = true;
    }

    Ledger ledger() {
      return Objects.requireNonNull(ledger, () -> id + " is down");
    }

    void step(LedgerInput input) {
      if (ledger != null) {
        ledger.step(input, nanos, this);
      }
    }

    private void turn() {
      if (ledger != null) {
        if (durable < journal.size() && !hasStoppedDisk) {
          durable = journal.size();
          step(new LedgerInput.Persisted(durable - durableBefore));
        }
        step(LedgerInput.Tick.TICK);
        ledger.flush(nanos, this);
      }
    }

    /** Asks for something to be written; the number of the request. */
    long propose(String text) {
      step(new LedgerInput.Propose(++requests, command(text)));
      return requests;
    }

    long read() {
      step(new LedgerInput.Read(++requests));
      return requests;
    }

    long change(MemberChange change) {
      step(new LedgerInput.Change(++requests, change));
      return requests;
    }

    /** The state machine writes a snapshot, and the log before it goes. */
    void compact() {
      saved = reached;
      step(new LedgerInput.Snapshotted(saved.index()));
    }

    boolean isCommitted(long request) {
      return outcomes.get(request) instanceof Outcome.Committed;
    }

    List<String> texts() {
      List<String> texts = new ArrayList<>();
      for (Entry entry : applied) {
        if (entry.body() instanceof Entry.Command(byte[] bytes)) {
          texts.add(new String(bytes, StandardCharsets.UTF_8));
        }
      }
      return texts;
    }

    @Override
    public void persist(LedgerRecord record) {
      journal.add(record);
    }

    @Override
    public void send(Participant to, LedgerMessage message) {
      underWay.add(new Letter(id, to, message));
    }

    @Override
    public void committed(List<Entry> entries) {
      for (Entry entry : entries) {
        if (entry.index() != reached.index() + 1) {
          throw new AssertionError(id + " was given " + entry + " after " + reached);
        }
        Configuration configuration =
            entry.body() instanceof Entry.Reconfigured(Configuration changed)
                ? changed
                : reached.configuration();
        reached = new AppliedPoint(entry.index(), entry.term(), configuration);
        applied.add(entry);
      }
    }

    @Override
    public void proposed(long request, Outcome outcome) {
      if (outcome instanceof Outcome.Committed(long index) && reached.index() < index) {
        throw new AssertionError(request + " is answered before it is applied");
      }
      outcomes.put(request, outcome);
    }

    @Override
    public void readable(long request, long index) {
      readable.put(request, index);
    }

    @Override
    public void unreadable(long request) {
      readable.put(request, -1L);
    }

    @Override
    public void configured(Configuration configuration) {}

    @Override
    public void led(@Nullable Participant leader, long term) {}

    @Override
    public void needsSnapshot(Participant participant) {
      Server receiver = server(participant.node().value());
      boolean isReachable = !isolated.contains(id) && !isolated.contains(participant);
      if (isReachable && receiver.ledger != null && receiver.reached.index() < saved.index()) {
        receiver.applied.clear();
        receiver.applied.addAll(applied.stream().filter(e -> e.index() <= saved.index()).toList());
        receiver.saved = saved;
        receiver.reached = saved;
        receiver.step(new LedgerInput.Installed(saved));
      }
    }

    @Override
    public void outdated() {
      throw new AssertionError("no disk was set back");
    }
  }

  /** Voters 1 to {@code voters}, bootstrapped. */
  LedgerCluster(Engine engine, int voters) {
    this.engine = engine;
    Configuration configuration = Configuration.NOBODY;
    for (int node = 1; node <= voters; node++) {
      configuration = configuration.withVoter(participant(node));
    }
    for (int node = 1; node <= voters; node++) {
      servers.add(new Server(node, configuration));
    }
  }

  static Participant participant(int node) {
    return new Participant(new NodeId(node), 1);
  }

  static Entry.Command command(String text) {
    return new Entry.Command(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One more server that takes no part yet. */
  Server join() {
    Server joined = new Server(servers.size() + 1, Configuration.NOBODY);
    servers.add(joined);
    return joined;
  }

  List<Server> servers() {
    return servers;
  }

  Server server(int node) {
    return servers.get(node - 1);
  }

  void isolate(Server server) {
    isolated.add(server.id);
  }

  void heal() {
    isolated.clear();
  }

  void run(long millis) {
    for (long i = 0; i < millis; i++) {
      nanos += MILLI;
      List<Letter> due = List.copyOf(underWay);
      underWay.clear();
      for (Letter letter : due) {
        boolean isCut = isolated.contains(letter.from) || isolated.contains(letter.to);
        if (!isCut) {
          Server receiver = server(letter.to.node().value());
          receiver.step(new LedgerInput.Received(letter.from, letter.message));
        }
      }
      servers.forEach(Server::turn);
    }
  }

  /** Runs until one of those that are connected leads, and all of them know it. */
  Server leader() {
    for (int i = 0; i < 100; i++) {
      run(100);
      for (Server server : servers) {
        boolean isConnected = server.ledger != null && !isolated.contains(server.id);
        if (isConnected && server.ledger().isLeader()) {
          return server;
        }
      }
    }
    throw new AssertionError("nobody leads after ten seconds");
  }

  /** A server that does not lead. */
  Server follower(Server leader) {
    return servers.stream()
        .filter(each -> each != leader && each.ledger != null && !isolated.contains(each.id))
        .findFirst()
        .orElseThrow();
  }
}
