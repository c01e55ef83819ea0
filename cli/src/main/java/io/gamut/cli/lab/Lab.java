package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptReader;
import io.gamut.cli.script.Step;
import io.gamut.cli.script.StepParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Plays a script: each command is done before the next is read.
 *
 * <p>For one thread, but for {@link #killAll}.
 */
public final class Lab {
  private final Cluster cluster;
  private final Output out;
  private final Consumer<String> messages;
  private final Timings timings = new Timings();

  /**
   * @param out for what the script asks to print, and nothing else
   * @param messages takes everything else, a line at a time
   */
  public Lab(LabSettings settings, OutputStream out, Consumer<String> messages) {
    this.cluster = new Cluster(settings);
    this.out = new Output(out);
    this.messages = messages;
  }

  /**
   * Plays a script to its end.
   *
   * @return whether every command could be done
   */
  public boolean play(InputStream script) throws IOException, InterruptedException {
    long begunNanos = System.nanoTime();
    Requests requests = new Requests(cluster, out);
    Interpreter interpreter = new Interpreter(cluster, requests, out, timings, messages);
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
            run(step, interpreter, requests);
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

  private void run(Step step, Interpreter interpreter, Requests requests)
      throws ScriptException, IOException, InterruptedException {
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

  /** Stops all servers in order: their disks can be used again. */
  public void stopAll() throws InterruptedException {
    cluster.stopAll();
  }

  /** Kills all servers; from any thread. */
  public void killAll() {
    cluster.killAll();
  }
}
