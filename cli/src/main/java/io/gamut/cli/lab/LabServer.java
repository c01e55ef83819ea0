package io.gamut.cli.lab;

import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.launch.RunningNode;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server of the lab through its lives, with the connection over which the lab commands it. One
 * that others have started is not killed, stopped or paused from here.
 *
 * <p>For the lab's one thread, but for {@link #killNow}.
 */
final class LabServer {
  static final Duration REPLY_MAX = Duration.ofSeconds(30);

  /** A process that died has closed its connections before it can be known that it died. */
  private static final long END_MILLIS_MAX = 2_000;

  private final int id;
  private final @Nullable NodeConfig config;
  private final @Nullable Endpoint elsewhere;
  private volatile @Nullable RunningNode node;
  private @Nullable GamutConnection control;
  private boolean paused;
  private boolean away;
  private int life;

  LabServer(int id, NodeConfig config) {
    this.id = id;
    this.config = config;
    elsewhere = null;
  }

  /** One that others have started. */
  LabServer(int id, Endpoint elsewhere) {
    this.id = id;
    this.elsewhere = elsewhere;
    config = null;
  }

  int id() {
    return id;
  }

  /** Starts it; a contact is needed when it has no data yet and is not the first. */
  void start(NodeLauncher launcher, @Nullable Endpoint contact)
      throws ScriptException, InterruptedException {
    NodeConfig own = config;
    if (own == null) {
      throw foreign();
    }
    try {
      RunningNode started = launcher.start(contact == null ? own : own.joining(contact));
      node = started;
      life++;
      paused = false;
      control = open(started.respAddress());
    } catch (IOException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  private ScriptException foreign() {
    return new ScriptException(
        "server " + id + " was started elsewhere: it is not started, killed or paused from here");
  }

  /** Where clients reach it; null when it does not run. */
  @Nullable Endpoint respAddress() {
    RunningNode running = node;
    if (running != null) {
      return running.respAddress();
    }
    return away ? null : elsewhere;
  }

  private Endpoint requireAddress() throws ScriptException {
    Endpoint address = respAddress();
    if (address == null) {
      throw new ScriptException("server " + id + " is not running");
    }
    return address;
  }

  /** Whether others have started it, at this address. */
  boolean isAt(Endpoint address) {
    return address.equals(elsewhere);
  }

  /** Of one that others have started: whether it cannot be reached. */
  void setAway(boolean isAway) {
    if (away && !isAway) {
      life++;
    }
    away = isAway;
  }

  private static GamutConnection open(Endpoint resp) throws ConnectionException {
    return GamutConnection.open(resp.host(), resp.port(), REPLY_MAX);
  }

  /** A new connection to it. */
  GamutConnection connect() throws ScriptException {
    try {
      return open(requireAddress());
    } catch (ConnectionException e) {
      throw lost(e);
    }
  }

  /** A new connection to it, from any thread; that it is gone is for the lab's thread to notice. */
  GamutConnection connectQuietly() throws ScriptException, ConnectionException {
    return open(requireAddress());
  }

  /** Counts its starts: connections of an earlier life are dead. */
  int life() {
    return life;
  }

  boolean isRunning() {
    return respAddress() != null;
  }

  /** Whether it runs and is not paused: whether it answers. */
  boolean isAnswering() {
    return isRunning() && !paused;
  }

  boolean isPaused() {
    return paused;
  }

  Endpoint overlayAddress() throws ScriptException {
    return requireRunning().overlayAddress();
  }

  private RunningNode requireRunning() throws ScriptException {
    RunningNode running = node;
    if (elsewhere != null) {
      throw foreign();
    }
    if (running == null) {
      throw new ScriptException("server " + id + " is not running");
    }
    return running;
  }

  GamutConnection control() throws ScriptException {
    var _ = requireAddress();
    if (paused) {
      throw new ScriptException("server " + id + " is paused");
    }
    GamutConnection open = control;
    if (open == null || open.isClosed()) {
      open = connect();
      control = open;
    }
    return open;
  }

  /** A question to the server, and its answer. */
  RespValue ask(byte[]... request) throws ScriptException {
    try {
      return control().call(request);
    } catch (ConnectionException e) {
      throw lost(e);
    }
  }

  /**
   * What a lost connection means: when the server has ended by itself, that, and from now on it
   * counts as not running; else what the connection says.
   */
  ScriptException lost(ConnectionException lost) {
    RunningNode running = node;
    String said = String.valueOf(lost.getMessage());
    if (running == null || lost instanceof ConnectionException.TimedOut) {
      return new ScriptException("server " + id + ": " + said, lost);
    }
    try {
      String end = running.ended().get(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
      gone();
      return new ScriptException(
          "server %d has ended by itself: %s (%s)".formatted(id, end, said), lost);
    } catch (TimeoutException e) {
      return new ScriptException("server " + id + ": " + said, lost);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ScriptException("server " + id + ": " + said, lost);
    }
  }

  /** Makes something go wrong in it, or go right again: {@code GAMUT FAULT}. */
  void fault(String... words) throws ScriptException {
    List<byte[]> request = new ArrayList<>();
    request.add(ScriptText.bytes("GAMUT"));
    request.add(ScriptText.bytes("FAULT"));
    for (String word : words) {
      request.add(ScriptText.bytes(word));
    }
    if (ask(request.toArray(new byte[0][])) instanceof RespValue.Failure failure) {
      throw new ScriptException("server " + id + ": " + failure.message());
    }
  }

  void pause() throws ScriptException {
    try {
      requireRunning().pause();
      paused = true;
    } catch (IOException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  void resume() throws ScriptException {
    try {
      requireRunning().resume();
      paused = false;
    } catch (IOException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  void kill() throws ScriptException {
    requireRunning().kill();
    gone();
  }

  void stop() throws ScriptException, InterruptedException {
    RunningNode running = requireRunning();
    if (paused) {
      resume();
    }
    try {
      running.stop();
    } catch (IOException e) {
      throw new ScriptException("server " + id + " did not stop in order: " + e.getMessage(), e);
    } finally {
      gone();
    }
  }

  /**
   * Leaves the cluster, which ends it.
   *
   * @return false if the others do not let it go: then it runs on
   */
  boolean leave() throws ScriptException {
    RunningNode running = requireRunning();
    RespValue reply = ask(ScriptText.bytes("GAMUT"), ScriptText.bytes("LEAVE"));
    if (reply instanceof RespValue.Failure) {
      return false;
    }
    try {
      running.ended().get(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      running.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gone();
    return true;
  }

  private void gone() {
    node = null;
    paused = false;
    dropControl();
  }

  /** Closes the control connection; the next command opens another. */
  void dropControl() {
    GamutConnection open = control;
    if (open != null) {
      open.close();
      control = null;
    }
  }

  /** From any thread, when everything ends. */
  void killNow() {
    RunningNode running = node;
    if (running != null) {
      running.kill();
    }
  }
}
