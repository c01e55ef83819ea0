package io.gamut.cli.verify;

import java.util.List;
import java.util.stream.Stream;

/** Bugs as stores of this kind have them, each with the promise that it breaks. */
final class PlantedBugs {
  private static final String LINEARIZABILITY = "linearizability";
  private static final String SERIALIZABILITY = "strict serializability";
  private static final String SEQUENTIAL = "sequential consistency";
  private static final String STALENESS = "bounded staleness";
  private static final String CAUSALITY = "causality";
  private static final String READ_YOUR_WRITES = "read your writes";
  private static final String MONOTONIC_READS = "monotonic reads";
  private static final String MONOTONIC_WRITES = "monotonic writes";
  private static final String WRITES_FOLLOW_READS = "writes follow reads";
  private static final String LISTS = "growing lists";
  private static final String EXPIRY = "expiry";
  private static final String VERSIONS = "versions";
  private static final String CONVERGENCE = "convergence";
  private static final String DURABILITY = "no acknowledged write is lost";

  private static final String SERVER = "server/";
  private static final String REPLICATION = "replication/";
  private static final String STRONG = REPLICATION + "strong/";
  private static final String COMMITTED = REPLICATION + "committed/";
  private static final String RAFT = "ledger/raft/";

  /** The quickest of them. */
  static final PlantedBug QUICK =
      new PlantedBug(
          "an append goes in front of a list",
          COMMITTED + "ValueChange.java",
          "isInFront ? joined(bytes, base.bytes())",
          "bytes.length > 0 ? joined(bytes, base.bytes())",
          List.of(LISTS),
          "--duration 2s --servers 1 --faults none --workload growing-lists --seed 1");

  private PlantedBugs() {}

  /** All of them. */
  static Stream<PlantedBug> all() {
    return Stream.of(
            Stream.of(QUICK),
            ofStrongReads(),
            ofOperations(),
            ofTransactions(),
            ofTheLedger(),
            ofSessions(),
            ofCausality(),
            ofReceipts(),
            ofDurability())
        .flatMap(bugs -> bugs);
  }

  private static Stream<PlantedBug> ofStrongReads() {
    return Stream.of(
        new PlantedBug(
            "a follower answers strong reads from what it has applied",
            STRONG + "StrongReads.java",
            "case Freshness.Latest.LATEST -> false;",
            "case Freshness.Latest.LATEST -> true;",
            List.of(LINEARIZABILITY, SERIALIZABILITY),
            "--duration 8s --faults none --workload registers --keys 5 --sessions 6 --seed 1"),
        new PlantedBug(
            "a read does not wait until what was confirmed is applied",
            STRONG + "StrongReads.java",
            "    if (each.index > applied) {\n      return false;\n    }\n",
            "",
            List.of(LINEARIZABILITY, SERIALIZABILITY),
            "--duration 12s --faults slow-disk --fault-period 2s --workload registers --keys 5"
                + " --sessions 6 --seed 1"),
        new PlantedBug(
            "a bounded read takes whatever was fresh once",
            STRONG + "StrongReads.java",
            "isEverFresh && now.nanos() - freshNanos <= nanos;",
            "isEverFresh;",
            List.of(STALENESS, LINEARIZABILITY),
            "--duration 10s --faults isolate,pause --fault-period 2s --workload registers"
                + " --sessions 4 --seed 1"),
        new PlantedBug(
            "a read does not wait until as much is applied as its session has seen",
            "core/Requirement.java",
            "return applied >= index && visible",
            "return visible",
            List.of(SEQUENTIAL, CAUSALITY),
            "--duration 25s --faults delay,isolate --fault-period 1500ms --workload mixed,registers"
                + " --keys 50 --sessions 8 --seed 1"),
        new PlantedBug(
            "a strong read does not wait until its session's weak writes are absorbed",
            STRONG + "StrongReads.java",
            "if (!requirement.isSatisfiedBy(machine.absorbed(), applied, version)) {",
            "if (requirement.index() > applied) {",
            List.of(READ_YOUR_WRITES, MONOTONIC_READS),
            "--duration 8s --faults none --workload hot-key,mixed --sessions 4 --seed 1"));
  }

  private static Stream<PlantedBug> ofOperations() {
    return Stream.of(
        new PlantedBug(
            "compare-and-set ignores what it compares with",
            COMMITTED + "Execution.java",
            "yield value != null && Arrays.equals(value.bytes(), bytes);",
            "yield value != null && bytes.length > 0;",
            List.of(LINEARIZABILITY, SERIALIZABILITY, SEQUENTIAL),
            "--duration 6s --faults none --workload compare-and-set --keys 3 --sessions 6"
                + " --seed 1"),
        new PlantedBug(
            "a repeated batch of increments is applied again",
            COMMITTED + "Proposers.java",
            "return number == known.last + 1;",
            "return number <= known.last + 1;",
            List.of(LINEARIZABILITY, SERIALIZABILITY, LISTS),
            "--duration 20s --faults isolate,pause,kill --fault-period 2s"
                + " --workload counters,growing-lists --sessions 4 --seed 1"),
        new PlantedBug(
            "a value that has expired is shown",
            STRONG + "StrongReads.java",
            "Content content = isOver ? ",
            "Content content = isOver && row.version().timestamp() < 0 ? ",
            List.of(EXPIRY),
            "--duration 12s --faults none --workload expiry --seed 1"),
        new PlantedBug(
            "the read cache keeps what it had",
            "storage/rocks/ReadCache.java",
            "      cache.put(key, value);\n",
            "      var _ = cache.asMap().putIfAbsent(key, value);\n",
            List.of(READ_YOUR_WRITES, MONOTONIC_READS, CAUSALITY),
            "--duration 6s --faults none --workload mixed --sessions 4 --seed 1"),
        new PlantedBug(
            "what was absorbed last wins, whatever its version",
            COMMITTED + "StateMachine.java",
            "if (row == null || update.version().isAfter(row.version())) {",
            "if (row == null || update.version().timestamp() > 0) {",
            List.of(DURABILITY, READ_YOUR_WRITES, MONOTONIC_READS, CAUSALITY),
            "--duration 8s --faults none --workload hot-key,mixed --keys 5 --sessions 6 --seed 1"),
        new PlantedBug(
            "an earlier change hides a later one until it is written",
            "storage/committed/CommittedView.java",
            "      all.putAll(changes);\n",
            "      changes.forEach(all::putIfAbsent);\n",
            List.of(LINEARIZABILITY, SERIALIZABILITY),
            "--duration 6s --faults none --workload registers --sessions 4 --seed 1"));
  }

  private static Stream<PlantedBug> ofTransactions() {
    return Stream.of(
        new PlantedBug(
            "EXEC forgets what was watched",
            SERVER + "resp/TransactionCommands.java",
            "List<Condition> conditions = multi.conditions();",
            "List<Condition> conditions = List.of();",
            List.of(SERIALIZABILITY, LINEARIZABILITY, SEQUENTIAL),
            "--duration 6s --faults none --workload bank --sessions 6 --seed 1"),
        new PlantedBug(
            "a transaction is done in parts",
            SERVER + "request/Writes.java",
            "    Requirement requirement = asked.session().everything();\n    long latest",
            """
                if (operation instanceof Operation.Transaction(var conditions, var steps)
                    && steps.size() > 1) {
                  int half = steps.size() / 2;
                  Operation first = new Operation.Transaction(conditions, steps.subList(0, half));
                  Operation second =
                      new Operation.Transaction(List.of(), steps.subList(half, steps.size()));
                  execute(
                      first,
                      asked,
                      begun -> {
                        if (!(begun instanceof Outcome.Done<OperationResult>(
                            OperationResult.Transacted(var one), var _))) {
                          then.accept(begun);
                          return;
                        }
                        execute(
                            second,
                            asked,
                            ended -> {
                              if (ended instanceof Outcome.Done<OperationResult>(
                                  OperationResult.Transacted(var other), Receipt receipt)) {
                                List<OperationResult> all = new ArrayList<>(one);
                                all.addAll(other);
                                then.accept(
                                    new Outcome.Done<>(
                                        new OperationResult.Transacted(all), receipt));
                              } else {
                                then.accept(ended);
                              }
                            });
                      });
                  return;
                }
                Requirement requirement = asked.session().everything();
                long latest\
            """,
            List.of(SERIALIZABILITY, SEQUENTIAL),
            "--duration 6s --faults none --workload transactions --keys 4 --sessions 6 --seed 1"));
  }

  private static Stream<PlantedBug> ofTheLedger() {
    return Stream.of(
        new PlantedBug(
            "a follower keeps entries that conflict with the leader's",
            RAFT + "OwnLog.java",
            "(index <= log.lastIndex() && log.term(index) == entry.term())",
            "index <= log.lastIndex()",
            List.of(LINEARIZABILITY, SERIALIZABILITY, SEQUENTIAL, CONVERGENCE, DURABILITY),
            "--duration 20s --faults isolate --fault-period 2s --workload registers,mixed"
                + " --keys 100 --sessions 12 --seed 1"),
        new PlantedBug(
            "a leader takes any answer for a confirmation of its reads",
            RAFT + "Leadership.java",
            "long confirmed = followers.reachedByMajority(now, rounds.number(),"
                + " Progress::confirmedRound);",
            "long confirmed = rounds.number();",
            List.of(LINEARIZABILITY, SERIALIZABILITY),
            "--duration 20s --faults isolate,pause --fault-period 1500ms --workload registers"
                + " --keys 3 --sessions 8 --seed 1"));
  }

  private static Stream<PlantedBug> ofSessions() {
    return Stream.of(
        new PlantedBug(
            "a session forgets what it wrote weakly",
            SERVER + "request/Writes.java",
            "      asked.session().observe(key, written.version(), written.dot(), level);\n",
            "",
            List.of(READ_YOUR_WRITES, MONOTONIC_READS, CAUSALITY),
            "--duration 10s --faults delay,isolate --fault-period 2s --workload mixed,hot-key"
                + " --sessions 4 --seed 1"),
        new PlantedBug(
            "a session forgets what it read weakly",
            SERVER + "request/Reads.java",
            "    if (pair != null) {\n      asked.session()",
            "    if (pair != null && !level.isWeak()) {\n      asked.session()",
            List.of(MONOTONIC_READS, CAUSALITY),
            "--duration 10s --faults delay,isolate --fault-period 2s --workload mixed,hot-key"
                + " --sessions 4 --seed 1"),
        new PlantedBug(
            "a session that moves leaves behind what it knows of keys",
            "core/Session.java",
            "    other.keys.forEach((key, seen) -> observe(key, seen.version, seen.mark,"
                + " Consistency.SESSION));\n",
            "",
            List.of(READ_YOUR_WRITES, MONOTONIC_READS),
            "--duration 10s --faults delay,isolate --fault-period 2s --workload mixed,hot-key"
                + " --sessions 4 --seed 1"));
  }

  private static Stream<PlantedBug> ofCausality() {
    return Stream.of(
        new PlantedBug(
            "updates are shown before what they depend on",
            REPLICATION + "Delivery.java",
            "if (!visible.covers(ledger.reachable(head.dependencies()))\n"
                + "          || head.index() > ledger.applied()) {",
            "if (head.dot().sequence() < 0) {",
            List.of(CAUSALITY),
            "--duration 20s --faults delay,loss,one-way --fault-period 1500ms"
                + " --workload causal-chains --sessions 8 --seed 1"),
        new PlantedBug(
            "causal writes carry no dependencies",
            SERVER + "request/Writes.java",
            "isCausal ? session.causal() : VersionVector.EMPTY;",
            "isCausal ? VersionVector.EMPTY : session.causal();",
            List.of(CAUSALITY),
            "--duration 10s --faults delay,isolate,one-way --fault-period 2s"
                + " --workload causal-chains --sessions 8 --seed 1"));
  }

  private static Stream<PlantedBug> ofReceipts() {
    return Stream.of(
        new PlantedBug(
            "a receipt tells the version before the write",
            COMMITTED + "Execution.java",
            "      version = version == null ? stamp : later(version);\n"
                + "      pending.put(key, new Row(version, after));\n",
            "      Version next = version == null ? stamp : later(version);\n"
                + "      version = version == null ? stamp : version;\n"
                + "      pending.put(key, new Row(next, after));\n",
            List.of(VERSIONS, MONOTONIC_WRITES, WRITES_FOLLOW_READS),
            "--duration 5s --servers 1 --faults none --workload registers --seed 1"));
  }

  private static Stream<PlantedBug> ofDurability() {
    return Stream.of(
        new PlantedBug(
            "recovery takes the end of the ledger for torn",
            RAFT + "Recovery.java",
            "    long index = applied.index();\n    boolean isInLog",
            "    long index = applied.index();\n"
                + "    long end = Math.max(index, log.baseIndex());\n"
                + "    cutOff(Math.max(end + 1, log.lastIndex() - 8));\n"
                + "    boolean isInLog",
            List.of(DURABILITY, LINEARIZABILITY, READ_YOUR_WRITES),
            "--duration 12s --servers 1 --faults kill --fault-period 2s --workload registers"
                + " --sessions 10 --seed 1"));
  }
}
