package io.gamut.cli.script;

import io.gamut.core.Consistency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one line of a script asks for.
 *
 * <p>Keys, values and expected texts are the script's bytes, one in each char: see {@link
 * ScriptText}.
 */
public sealed interface Step {
  record JoinServer(int server) implements Step {}

  record KillServer(int server) implements Step {}

  /** Ends a server in order. */
  record ShutdownServer(int server) implements Step {}

  record JoinClient(int client, int server) implements Step {}

  record BreakConnection(int left, int right) implements Step {}

  record CreateConnection(int left, int right) implements Step {}

  record Stabilize() implements Step {}

  record PrintStore(int server) implements Step {}

  /** A write; at the client's own level when none is given. */
  record Put(int client, String key, String value, @Nullable Consistency level) implements Step {}

  /** A read; at the client's own level when none is given. */
  record Get(int client, String key, @Nullable Consistency level) implements Step {}

  record SetLevel(int client, Consistency level) implements Step {}

  /** Cuts every link between servers of two groups. */
  record Partition(List<List<Integer>> groups) implements Step {}

  /** Mends every link that was cut. */
  record Heal() implements Step {}

  record Delay(int left, int right, int millis) implements Step {}

  record Pause(int server) implements Step {}

  record Resume(int server) implements Step {}

  /** Makes each sync of a server's disk take so much longer; 0 for no longer. */
  record SlowDisk(int server, int millis) implements Step {}

  /** Has a server find its disk full, or no more. */
  record FullDisk(int server, boolean isFull) implements Step {}

  /** Puts a server's clock ahead by so much; behind, if negative. */
  record SetClock(int server, int aheadMillis) implements Step {}

  record Leader() implements Step {}

  record Sleep(int millis) implements Step {}

  record Expect(String text) implements Step {}

  /** Starts a server under the next free id. */
  record AddServer() implements Step {}

  /** Starts a client under the next free id, connected to a server. */
  record AddClient() implements Step {}

  record ListServers() implements Step {}

  record Terminate() implements Step {}

  /** A write by any client, linearizable. */
  record PutAnywhere(String key, String value) implements Step {}

  /** A read by any client, linearizable. */
  record GetAnywhere(String key) implements Step {}

  /**
   * Loads keys, then runs requests, and measures both.
   *
   * @param keys how many pairs to load
   * @param threads how many clients
   * @param requests how many requests to run
   * @param putPercent how many of a hundred requests write
   * @param isChecked whether each write is followed by a read that must return it
   * @param crashes whether a server is killed half way
   * @param adds whether one is added half way
   * @param removes whether one leaves half way
   */
  record TestKvs(
      int keys,
      int threads,
      int requests,
      int putPercent,
      boolean isChecked,
      boolean crashes,
      boolean adds,
      boolean removes)
      implements Step {}

  /** A line of dialect D: a write, or a read when there is no value. */
  record Request(Consistency level, String key, @Nullable String value) implements Step {
    public String type() {
      return value == null ? "get" : "set";
    }
  }
}
