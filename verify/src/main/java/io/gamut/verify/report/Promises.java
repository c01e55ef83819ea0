package io.gamut.verify.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** What each promise means, in one sentence, and where it is from. */
final class Promises {
  /** What is told of one. */
  record Told(String meaning, String paper) {}

  private static final Told OTHER = new Told("", "");
  private static final Map<String, Told> TOLD = new LinkedHashMap<>();

  static {
    String terry = "Terry et al., Session Guarantees, PDIS 1994";
    tell(
        "linearizability",
        "Each strong operation takes effect at one moment between its call and its answer.",
        "Herlihy and Wing, Linearizability, TOPLAS 1990");
    tell(
        "strict serializability",
        "Strong requests of several keys take effect one at a time, in an order that agrees with"
            + " real time.",
        "Papadimitriou, JACM 1979; Adya, Weak Consistency, 1999");
    tell(
        "sequential consistency",
        "There is one order of all strong requests that every session has seen.",
        "Lamport, How to Make a Multiprocessor Computer, 1979");
    tell(
        "bounded staleness",
        "A bounded read meets nothing older than it asked for.",
        "Terry, Baseball, CACM 2013");
    tell(
        "causality",
        "Nobody sees an effect before its cause.",
        "Bouajjani et al., On Verifying Causal Consistency, POPL 2017");
    tell("read your writes", "A session reads nothing older than it wrote.", terry);
    tell("monotonic reads", "A session reads nothing older than it read before.", terry);
    tell("monotonic writes", "The writes of a session come in its order.", terry);
    tell("writes follow reads", "A write comes after what its session had read.", terry);
    tell(
        "level",
        "No answer is weaker than what was asked for.",
        "Terry et al., Consistency-Based Service Level Agreements, SOSP 2013");
    tell(
        "growing lists",
        "Lists only grow, and lose nothing that was appended.",
        "Kingsbury and Alvaro, Elle, VLDB 2020");
    tell("expiry", "What expires is gone after its life.", "");
    tell("versions", "A version names one write, and every value read was written.", "");
    tell(
        "convergence",
        "Once nobody writes any more, all replicas show the same.",
        "Shapiro et al., Conflict-Free Replicated Data Types, SSS 2011");
    tell(
        "no acknowledged write is lost",
        "In the end each replica shows every acknowledged write, or a newer one.",
        "");
  }

  private Promises() {}

  private static void tell(String promise, String meaning, String paper) {
    TOLD.put(promise, new Told(meaning, paper));
  }

  /** Nothing for a promise that is not known. */
  static Told of(String promise) {
    return TOLD.getOrDefault(promise, OTHER);
  }
}
