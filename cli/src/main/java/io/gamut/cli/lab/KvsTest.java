package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * {@code testKVS}: clients that load pairs and then read and write them, linearizably, while half
 * way a server may be killed, added or shut down.
 */
final class KvsTest {
  private final Step.TestKvs test;
  private final Cluster cluster;
  private final Output out;
  private final Consumer<String> messages;
  private final KvsServers servers;
  private final KvsTally tally = new KvsTally();

  KvsTest(Step.TestKvs test, Cluster cluster, Output out, Consumer<String> messages) {
    this.test = test;
    this.cluster = cluster;
    this.out = out;
    this.messages = messages;
    servers = new KvsServers(cluster);
  }

  void run(Timings timings) throws ScriptException, IOException, InterruptedException {
    if (cluster.answering().isEmpty()) {
      throw new ScriptException("ERR_NOSERVERS no server is running");
    }
    servers.refresh();
    List<KvsClient> clients = new ArrayList<>();
    int count = Math.min(test.threads(), test.keys());
    for (int i = 0; i < count; i++) {
      clients.add(new KvsClient(i, count, test, servers, tally));
    }
    try {
      AtomicInteger loaded = new AtomicInteger();
      long loadNanos = phase(clients, client -> client.load(loaded), () -> {});
      report("Load", test.keys(), loadNanos, timings);
      AtomicInteger begun = new AtomicInteger();
      long runNanos = phase(clients, client -> client.run(begun), () -> disturb(begun));
      report("Run", begun.get(), runNanos, timings);
    } finally {
      clients.forEach(KvsClient::close);
    }
    messages.accept(tally.report());
    if (tally.violations() > 0) {
      throw new ScriptException(tally.violations() + " gets did not return what was put before");
    }
  }

  /** What is done beside the clients, on this thread. */
  private interface Beside {
    void run() throws ScriptException, InterruptedException;
  }

  private static long phase(List<KvsClient> clients, Consumer<KvsClient> work, Beside beside)
      throws ScriptException, InterruptedException {
    long begunNanos = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (KvsClient client : clients) {
        all.add(threads.submit(() -> work.accept(client)));
      }
      beside.run();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new ScriptException("a client has failed: " + e.getCause(), e);
    }
    return System.nanoTime() - begunNanos;
  }

  private void report(String phase, int requests, long nanos, Timings timings) throws IOException {
    timings.addRequests(requests, nanos);
    double rate = requests / Math.max(1e-9, nanos / 1e9);
    out.line(String.format(Locale.ROOT, "%s throughput = %.0f ops/sec", phase, rate));
  }

  /** Once half of the requests were begun, does what was asked for. */
  private void disturb(AtomicInteger begun) throws ScriptException, InterruptedException {
    if (!test.crashes() && !test.adds() && !test.removes()) {
      return;
    }
    while (begun.get() < test.requests() / 2) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    if (test.crashes()) {
      last().kill();
    }
    if (test.adds()) {
      int id = 0;
      while (cluster.has(id)) {
        id++;
      }
      cluster.join(id);
    }
    if (test.removes()) {
      cluster.shutDown(last().id());
    }
    servers.refresh();
  }

  private LabServer last() throws ScriptException {
    List<LabServer> running = cluster.answering();
    if (running.isEmpty()) {
      throw new ScriptException("ERR_NOSERVERS no server is running");
    }
    return running.getLast();
  }
}
