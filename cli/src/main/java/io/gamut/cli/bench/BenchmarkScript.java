package io.gamut.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The scripts behind the figures: how fast commands run that follow each other.
 *
 * <p>Each ends with {@code stabilize} and the stores of all servers, so that it can be checked that
 * these are equal.
 */
public enum BenchmarkScript {
  /** A tree of five servers; 4,026 commands. */
  TREE(4_026, 500) {
    @Override
    void write(ScriptWriter script) throws IOException {
      script.comment("servers 0 to 4 as a tree: 1 and 2 below 0, 3 and 4 below 1");
      joinAll(script);
      cut(script, 0, 3);
      cut(script, 0, 4);
      cut(script, 1, 2);
      cut(script, 2, 3);
      cut(script, 2, 4);
      cut(script, 3, 4);
      int stabilizes = 5;
      int left = commands() - script.commands() - stabilizes - SERVERS;
      for (int i = 0; i < stabilizes; i++) {
        script.putsAndGets(share(left, stabilizes, i), 5, 6, 7, 8, 9);
        script.command("stabilize");
      }
      printAll(script);
    }
  },

  /** A chain that grows by one server at a time; one is killed and comes back; 9,031 commands. */
  CHAIN(9_031, 500) {
    @Override
    void write(ScriptWriter script) throws IOException {
      script.comment("servers 0 to 4 as a chain that grows; server 2 is killed and comes back");
      int rounds = SERVERS + 2;
      int fixed = 2 * SERVERS + 6 + 2 + 2 + rounds + SERVERS;
      int left = commands() - fixed;
      int[] clients = {};
      for (int server = 0; server < SERVERS; server++) {
        script.command("joinServer", server);
        for (int other = 0; other < server - 1; other++) {
          cut(script, other, server);
        }
        script.command("joinClient", client(server), server);
        clients = Arrays.copyOf(clients, server + 1);
        clients[server] = client(server);
        script.putsAndGets(share(left, rounds, server), clients);
        script.command("stabilize");
      }
      script.command("killServer", 2);
      script.putsAndGets(share(left, rounds, SERVERS), 5, 6, 8, 9);
      script.command("stabilize");
      script.command("joinServer", 2);
      cut(script, 0, 2);
      cut(script, 2, 4);
      script.putsAndGets(share(left, rounds, SERVERS + 1), 5, 6, 7, 8, 9);
      script.command("stabilize");
      printAll(script);
    }
  },

  /** Requests of every level; what the JVM learns from it makes later starts faster. */
  REHEARSAL(6_018, 500) {
    @Override
    void write(ScriptWriter script) throws IOException {
      script.comment("five servers; requests of every level");
      joinAll(script);
      String[] levels = {"session", "causal", "sequential", "bounded", "linearizable", "eventual"};
      int left = commands() - 2 * SERVERS - levels.length * (SERVERS + 1) - SERVERS;
      for (int i = 0; i < levels.length; i++) {
        for (int server = 0; server < SERVERS; server++) {
          script.command("consistency", client(server), levels[i]);
        }
        script.putsAndGets(share(left, levels.length, i), 5, 6, 7, 8, 9);
        script.command("stabilize");
      }
      printAll(script);
    }
  },

  /** Values of 8 to 10 KB, a partition and a kill; 25,032 commands, 215 MB. */
  LARGE(25_032, 1_000) {
    private static final int GET_EVERY = 24;

    @Override
    void write(ScriptWriter script) throws IOException {
      script.comment("five servers, values of 8 to 10 KB; a partition, then a kill");
      int fixed = 2 * SERVERS + 2 + 2 + 5 + SERVERS;
      int left = commands() - fixed;
      joinAll(script);
      load(script, share(left, 5, 0), 5, 6, 7, 8, 9);
      script.command("stabilize");
      script.command("partition", "0,1", "2,3,4");
      load(script, share(left, 5, 1), 5, 6, 7, 8, 9);
      script.command("stabilize");
      script.command("heal");
      load(script, share(left, 5, 2), 5, 6, 7, 8, 9);
      script.command("stabilize");
      script.command("killServer", 3);
      load(script, share(left, 5, 3), 5, 6, 7, 9);
      script.command("stabilize");
      script.command("joinServer", 3);
      load(script, share(left, 5, 4), 5, 6, 7, 8, 9);
      script.command("stabilize");
      printAll(script);
    }

    private void load(ScriptWriter script, int count, int... clients) throws IOException {
      for (int i = 0; i < count; i++) {
        int client = clients[i % clients.length];
        if (i % GET_EVERY == GET_EVERY - 1) {
          script.get(client);
        } else {
          script.put(client, 8_000, 10_000);
        }
      }
    }
  };

  private static final int SERVERS = 5;

  private final int commands;
  private final int keys;

  BenchmarkScript(int commands, int keys) {
    this.commands = commands;
    this.keys = keys;
  }

  /** How many commands it has. */
  public int commands() {
    return commands;
  }

  /** Writes the script. */
  public void writeTo(OutputStream out, long seed) throws IOException {
    ScriptWriter script = new ScriptWriter(out, seed, keys);
    write(script);
    if (script.commands() != commands) {
      throw new IllegalStateException(
          this + " has " + script.commands() + " commands, not " + commands);
    }
  }

  abstract void write(ScriptWriter script) throws IOException;

  private static int client(int server) {
    return SERVERS + server;
  }

  private static void joinAll(ScriptWriter script) throws IOException {
    for (int server = 0; server < SERVERS; server++) {
      script.command("joinServer", server);
    }
    for (int server = 0; server < SERVERS; server++) {
      script.command("joinClient", client(server), server);
    }
  }

  private static void cut(ScriptWriter script, int one, int other) throws IOException {
    script.command("breakConnection", one, other);
  }

  private static void printAll(ScriptWriter script) throws IOException {
    for (int server = 0; server < SERVERS; server++) {
      script.command("printStore", server);
    }
  }

  /** The size of one of so many nearly equal shares. */
  private static int share(int all, int shares, int index) {
    return (int) ((long) all * (index + 1) / shares - (long) all * index / shares);
  }
}
