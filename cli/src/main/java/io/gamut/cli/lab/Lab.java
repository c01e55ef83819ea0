package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptReader;
import io.gamut.cli.script.Step;
import io.gamut.cli.script.StepParser;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Plays a script, or single steps: each command is done before the next is read.
 *
 * <p>For one thread, but for {@link #killAll}.
 */
public final class Lab {
  private final Cluster cluster;
  private final Output out;
  private final Consumer<String> messages;
  private final Timings timings = new Timings();
  private final Requests requests;
  private final Interpreter interpreter;

  /**
   * Servers of its own, none at first.
   *
   * @param out for what the script asks to print, and nothing else
   * @param messages takes everything else, a line at a time
   */
  public Lab(LabSettings settings, OutputStream out, Consumer<String> messages) {
    this(new Cluster(settings), out, messages);
  }

  /** Servers that others have started: {@link #meet} says which. */
  public Lab(OutputStream out, Consumer<String> messages) {
    this(new Cluster(null), out, messages);
  }

  private Lab(Cluster cluster, OutputStream out, Consumer<String> messages) {
    this.cluster = cluster;
    this.out = new Output(out);
    this.messages = messages;
    requests = new Requests(cluster, this.out);
    interpreter = new Interpreter(cluster, requests, this.out, timings, messages);
  }

  /** Of servers that others have started: looks which of these answer, and how they are linked. */
  public void meet(List<Endpoint> addresses) {
    cluster.meet(addresses);
  }

  /**
   * Plays a script to its end.
   *
   * @return whether every command could be done
   */
  public boolean play(InputStream script) throws IOException, InterruptedException {
    long begunNanos = System.nanoTime();
    StepParser parser = new StepParser();
    ScriptReader reader = new ScriptReader(script, out::flush);
    try {
      for (String line = reader.next(); line != null; line = reader.next()) {
        try {
          Step step = parser.parse(line);
          if (step instanceof Step.Terminate) {
            break;
          }
          if (step != null) {
            time(step);
          }
        } catch (ScriptException e) {
          timings.addFault();
          messages.accept("line " + reader.lineNumber() + ": " + e.getMessage());
        }
      }
    } finally {
      out.flush();
    }
    report(System.nanoTime() - begunNanos);
    return !timings.hasFaults();
  }

  /** Does one step, and shows what it printed. */
  public void run(Step step) throws ScriptException, IOException, InterruptedException {
    try {
      time(step);
    } finally {
      out.flush();
    }
  }

  private void time(Step step) throws ScriptException, IOException, InterruptedException {
    if (step instanceof Step.Request) {
      long begunNanos = System.nanoTime();
      requests.startServersIfNone();
      timings.addStart(System.nanoTime() - begunNanos);
    }
    long begunNanos = System.nanoTime();
    try {
      interpreter.run(step);
    } finally {
      timings.add(step, System.nanoTime() - begunNanos);
    }
  }

  /**
   * Plays files of dialect D at the same time, each by a client of its own, on a new cluster, and
   * prints what became of each request.
   *
   * @return whether every line could be read, and every request was answered
   */
  public boolean playAtOnce(List<RequestFile> files, int servers)
      throws IOException, InterruptedException {
    long begunNanos = System.nanoTime();
    try {
      for (int id = 0; id < servers; id++) {
        cluster.join(id);
      }
      timings.addStart(System.nanoTime() - begunNanos);
      new RequestCrowd(cluster, out).play(files, timings);
    } catch (ScriptException e) {
      timings.addFault();
      messages.accept(e.getMessage());
    } finally {
      out.flush();
    }
    report(System.nanoTime() - begunNanos);
    return !timings.hasFaults();
  }

  private void report(long totalNanos) {
    messages.accept(timings.report(totalNanos));
    int servers = cluster.answering().size();
    if (servers == 0) {
      return;
    }
    try {
      messages.accept(
          String.format(
              Locale.ROOT,
              "the %d server(s) still running have sent %,d bytes for anti-entropy",
              servers,
              cluster.antiEntropyBytes()));
    } catch (ScriptException e) {
      messages.accept("what anti-entropy has sent is not known: " + e.getMessage());
    }
  }

  /** The servers that answer, and where RESP clients reach them. */
  public SortedMap<Integer, Endpoint> servers() {
    SortedMap<Integer, Endpoint> servers = new TreeMap<>();
    for (LabServer server : cluster.answering()) {
      Endpoint address = server.respAddress();
      if (address != null) {
        servers.put(server.id(), address);
      }
    }
    return servers;
  }

  /** Ids of clients, ascending. */
  public List<Integer> clients() {
    return interpreter.clientIds();
  }

  /** Stops all servers in order: their disks can be used again. */
  public void stopAll() throws InterruptedException {
    cluster.stopAll();
  }

  /** Kills all servers; from any thread. */
  public void killAll() {
    cluster.killAll();
  }
}
