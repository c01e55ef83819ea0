package io.gamut.simulator.model;

import static io.gamut.simulator.model.Op.delete;
import static io.gamut.simulator.model.Op.pipelined;
import static io.gamut.simulator.model.Op.read;
import static io.gamut.simulator.model.Op.retriedSet;
import static io.gamut.simulator.model.Op.set;
import static io.gamut.simulator.model.Op.strong;

import io.gamut.simulator.model.Entry.Kind;
import io.gamut.simulator.model.Op.Level;
import java.util.List;

/** The scopes: each is small, and together they have every step of section 8. */
final class Scopes {
  static final Scope CAUSES =
      Scope.of(
              "causes before effects",
              List.of(
                  List.of(set(Level.CAUSAL, 0)),
                  List.of(read(Level.CAUSAL, 0), set(Level.CAUSAL, 1)),
                  List.of(read(Level.CAUSAL, 1), read(Level.CAUSAL, 0))))
          .withReplicas(2);

  static final Scope CHAIN =
      Scope.of(
          "a chain over three replicas",
          List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1), delete(Level.CAUSAL, 0))));

  static final Scope LEVELS =
      Scope.of(
          "a session of all levels",
          List.of(List.of(set(Level.SESSION, 0), read(0), read(0)), List.of(strong(Kind.SET, 0))));

  static final Scope WEAK_AFTER_STRONG =
      Scope.of(
              "weak after strong",
              List.of(
                  List.of(strong(Kind.SET, 0), set(Level.CAUSAL, 1)),
                  List.of(read(Level.CAUSAL, 1), set(Level.CAUSAL, 1))))
          .withReplicas(2);

  static final Scope STRONG_AFTER_WEAK =
      Scope.of(
              "strong after weak",
              List.of(
                  List.of(set(Level.SESSION, 0), strong(Kind.SET_IF_ABSENT, 0), read(0)),
                  List.of(delete(Level.SESSION, 0))))
          .withReplicas(2);

  static final Scope PROPOSERS =
      Scope.of(
              "pipelined strong operations",
              List.of(
                  List.of(pipelined(Kind.SET, 0), pipelined(Kind.DELETE, 0), read(0)),
                  List.of(strong(Kind.SET_IF_ABSENT, 0), set(Level.SESSION, 0))))
          .withReplicas(2);

  static final Scope RANGE =
      Scope.of(
              "a range tombstone",
              List.of(
                  List.of(set(Level.SESSION, 0), read(0)),
                  List.of(strong(Kind.DELETE_ALL, 0), strong(Kind.SET, 0))))
          .withReplicas(2);

  static final Scope RETRIES =
      Scope.of(
              "retries",
              List.of(
                  List.of(retriedSet(Level.SESSION, 0), read(Level.SESSION, 0)),
                  List.of(set(Level.SESSION, 0))))
          .withReplicas(2);

  static final Scope RETRIES_AND_STRONG =
      Scope.of(
              "retries and strong",
              List.of(
                  List.of(retriedSet(Level.SESSION, 0), read(Level.SESSION, 0)),
                  List.of(set(Level.SESSION, 0)),
                  List.of(strong(Kind.SET, 0))))
          .withReplicas(2);

  static final Scope LOSS =
      Scope.of(
              "a lost disk",
              List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1), strong(Kind.SET, 0))))
          .withLosses(1);

  static final Scope LOSS_OF_A_CAUSE =
      Scope.of(
              "a lost cause",
              List.of(
                  List.of(set(Level.CAUSAL, 0)),
                  List.of(read(Level.CAUSAL, 0), set(Level.CAUSAL, 1))))
          .withLosses(1);

  static final Scope LOSSES =
      Scope.of(
              "two lost disks",
              List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1), set(Level.CAUSAL, 0))))
          .withLosses(2);

  static final Scope RETURN =
      Scope.of(
              "a server that returns",
              List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1), read(1))))
          .withReplicas(2)
          .withMistakes(1);

  static final Scope RETURN_OF_THREE =
      Scope.of(
              "one of three servers returns",
              List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1), read(1))))
          .withMistakes(1);

  static final Scope RETURN_AND_LOSS =
      Scope.of(
              "a server returns while another is lost",
              List.of(List.of(set(Level.CAUSAL, 0), set(Level.CAUSAL, 1))))
          .withMistakes(1)
          .withLosses(1);

  static final Scope FLOOR =
      Scope.of(
              "a floor",
              List.of(
                  List.of(set(Level.SESSION, 0), delete(Level.SESSION, 0)),
                  List.of(read(Level.SESSION, 0), read(Level.SESSION, 0))))
          .withReplicas(2)
          .withPromises(1);

  static final Scope FLOOR_AND_LEVELS =
      Scope.of(
              "a floor and all levels",
              List.of(
                  List.of(set(Level.SESSION, 0), read(0)),
                  List.of(strong(Kind.DELETE, 0), set(Level.SESSION, 0))))
          .withReplicas(2)
          .withPromises(1);

  static final Scope FLOOR_AND_STRONG =
      Scope.of(
              "a floor and an old stamp",
              List.of(
                  List.of(set(Level.SESSION, 0), delete(Level.SESSION, 0)),
                  List.of(strong(Kind.SET, 0))))
          .withReplicas(2)
          .withPromises(1);

  static final Scope FLOOR_AND_RETRY =
      Scope.of(
              "a floor and a retry",
              List.of(List.of(retriedSet(Level.SESSION, 0)), List.of(delete(Level.SESSION, 0))))
          .withReplicas(2)
          .withPromises(1);

  static final Scope FLOOR_AND_RETURN =
      Scope.of(
              "a floor and a server that returns",
              List.of(List.of(set(Level.SESSION, 0), delete(Level.SESSION, 0))))
          .withReplicas(2)
          .withMistakes(1)
          .withPromises(1);

  static final Scope FLOOR_AND_LOSS =
      Scope.of(
              "a floor and a lost disk",
              List.of(List.of(set(Level.SESSION, 0), delete(Level.SESSION, 0))))
          .withLosses(1)
          .withPromises(1);

  /** Those of every build. */
  static final List<Scope> QUICK =
      List.of(
          CAUSES,
          CHAIN,
          LEVELS,
          WEAK_AFTER_STRONG,
          STRONG_AFTER_WEAK,
          PROPOSERS,
          RANGE,
          RETRIES,
          LOSS,
          LOSS_OF_A_CAUSE,
          LOSSES,
          RETURN,
          FLOOR,
          FLOOR_AND_RETRY);

  static final List<Scope> SLOW =
      List.of(
          RETRIES_AND_STRONG,
          RETURN_OF_THREE,
          RETURN_AND_LOSS,
          FLOOR_AND_LEVELS,
          FLOOR_AND_STRONG,
          FLOOR_AND_RETURN,
          FLOOR_AND_LOSS);

  private Scopes() {}
}
