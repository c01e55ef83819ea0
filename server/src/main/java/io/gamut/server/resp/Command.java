package io.gamut.server.resp;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A command of the protocol, as {@code COMMAND} tells of it.
 *
 * @param name in capitals
 * @param arity how many words it has, itself among them; negative: at least so many
 * @param keys where its keys are among its words
 * @param since the Redis release that brought it
 */
record Command(
    String name,
    int arity,
    Access access,
    KeyPlaces keys,
    Group group,
    String since,
    String summary,
    Handler handler) {
  /** What a command does to data. */
  enum Access {
    READ,
    WRITE,
    NONE;

    /** As {@code COMMAND} has it. */
    List<String> flags() {
      return switch (this) {
        case READ -> List.of("readonly", "fast");
        case WRITE -> List.of("write");
        case NONE -> List.of("fast", "loading", "stale");
      };
    }

    /** The category of commands that it belongs to. */
    String category() {
      return switch (this) {
        case READ -> "@read";
        case WRITE -> "@write";
        case NONE -> "@connection";
      };
    }
  }

  /** What commands have to do with. */
  enum Group {
    STRING,
    GENERIC,
    TRANSACTIONS,
    CONNECTION,
    SERVER,
    CLUSTER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A command that reads data. */
    Command read(
        String name,
        int arity,
        KeyPlaces keys,
        String since,
        String summary,
        Function<Arguments, Plan> plan) {
      Handler handler = new Handler.Planned(plan);
      return new Command(name, arity, Access.READ, keys, this, since, summary, handler);
    }

    /** A command that writes data. */
    Command write(
        String name,
        int arity,
        KeyPlaces keys,
        String since,
        String summary,
        Function<Arguments, Plan> plan) {
      Handler handler = new Handler.Planned(plan);
      return new Command(name, arity, Access.WRITE, keys, this, since, summary, handler);
    }
  }

  /**
   * The places of keys among the words.
   *
   * @param last negative counts from the end
   */
  record KeyPlaces(int first, int last, int step) {
    static final KeyPlaces NONE = new KeyPlaces(0, 0, 0);
    static final KeyPlaces ONE = new KeyPlaces(1, 1, 1);
    static final KeyPlaces TWO = new KeyPlaces(1, 2, 1);
    static final KeyPlaces ALL = new KeyPlaces(1, -1, 1);
    static final KeyPlaces EVERY_SECOND = new KeyPlaces(1, -1, 2);
  }

  /** How a command is run. */
  sealed interface Handler {
    /** On data, or with an answer that is known at once: alone or in a transaction. */
    record Planned(Function<Arguments, Plan> plan) implements Handler {}

    /** On the connection itself, and never in a transaction. */
    record Direct(BiConsumer<RespClient, Arguments> run) implements Handler {}
  }

  /** Whether it may have so many words. */
  boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }
}
