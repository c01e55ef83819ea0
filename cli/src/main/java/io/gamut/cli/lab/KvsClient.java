package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Step;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.protocol.resp.RespValue;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client of {@link KvsTest}, with keys of its own: a put that may have been done can be done
 * again, and what it reads must be what it has put. For one thread.
 */
final class KvsClient {
  private static final long ANSWER_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private final int number;
  private final int count;
  private final Step.TestKvs test;
  private final KvsServers servers;
  private final KvsTally tally;
  private final SplittableRandom random;
  private @Nullable GamutConnection connection;
  private int turn;
  private long writes;

  /**
   * @param number from 0
   * @param count of all clients: not more than keys
   */
  KvsClient(int number, int count, Step.TestKvs test, KvsServers servers, KvsTally tally) {
    this.number = number;
    this.count = count;
    this.test = test;
    this.servers = servers;
    this.tally = tally;
    random = new SplittableRandom(number);
    turn = number;
  }

  /** Loads its part of the keys. */
  void load(AtomicInteger loaded) {
    for (int key = number; key < test.keys(); key += count) {
      put(key);
      loaded.incrementAndGet();
    }
  }

  /** Runs requests until all clients together have begun enough. */
  void run(AtomicInteger begun) {
    while (begun.getAndUpdate(count -> Math.min(count + 1, test.requests())) < test.requests()) {
      int key = ownKey();
      if (random.nextInt(100) < test.putPercent()) {
        byte[] value = put(key);
        if (test.isChecked() && value != null) {
          check(key, value);
        }
      } else {
        var _ = get(key);
      }
    }
  }

  private int ownKey() {
    int keys = (test.keys() - number + count - 1) / count;
    return number + count * random.nextInt(keys);
  }

  /** Puts a new value; null unless it was put for certain. */
  private byte @Nullable [] put(int key) {
    byte[] value = ScriptText.bytes("value" + number + "-" + ++writes);
    RespValue reply = call("SET", key, value);
    boolean isDone = reply instanceof RespValue.Text;
    if (isDone) {
      tally.onPut();
    }
    return isDone ? value : null;
  }

  private @Nullable RespValue get(int key) {
    RespValue reply = call("GET", key, null);
    boolean isRead = reply instanceof RespValue.Text || reply instanceof RespValue.Null;
    if (isRead) {
      tally.onGet();
    }
    return isRead ? reply : null;
  }

  private void check(int key, byte[] value) {
    RespValue read = get(key);
    boolean isOther =
        read != null
            && !(read instanceof RespValue.Text(byte[] bytes) && Arrays.equals(bytes, value));
    if (isOther) {
      tally.onViolation();
    }
  }

  /** Asks until there is an answer, at another server if one is gone; null if there is none. */
  private @Nullable RespValue call(String command, int key, byte @Nullable [] value) {
    long limit = System.nanoTime() + ANSWER_NANOS_MAX;
    while (System.nanoTime() - limit < 0) {
      try {
        RespValue reply = callOnce(command, key, value);
        if (!(reply instanceof RespValue.Failure failure)) {
          return reply;
        }
        if (!failure.code().equals("UNKNOWN") && !failure.code().equals("BUSY")) {
          onFailure(failure);
          return null;
        }
      } catch (ConnectionException | ScriptException e) {
        close();
        turn++;
      }
      tally.onRepeated();
    }
    tally.onFailed();
    return null;
  }

  private RespValue callOnce(String command, int key, byte @Nullable [] value)
      throws ConnectionException, ScriptException {
    GamutConnection open = connection;
    if (open == null) {
      open = servers.connect(turn);
      connection = open;
    }
    byte[] gamut = ScriptText.bytes("GAMUT");
    byte[] at = ScriptText.bytes("AT");
    byte[] level = ScriptText.bytes("linearizable");
    byte[] name = ScriptText.bytes("key" + key);
    return value == null
        ? open.call(gamut, at, level, ScriptText.bytes(command), name)
        : open.call(gamut, at, level, ScriptText.bytes(command), name, value);
  }

  private void onFailure(RespValue.Failure failure) {
    if (failure.code().equals("NOQUORUM")) {
      tally.onNoQuorum();
    } else {
      tally.onFailed();
    }
  }

  void close() {
    GamutConnection open = connection;
    if (open != null) {
      open.close();
      connection = null;
    }
  }
}
