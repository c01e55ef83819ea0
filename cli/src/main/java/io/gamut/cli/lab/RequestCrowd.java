package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Step;
import io.gamut.client.ConnectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients of dialect D that run at the same time, spread over the servers. */
final class RequestCrowd {
  private final Cluster cluster;
  private final Output out;

  RequestCrowd(Cluster cluster, Output out) {
    this.cluster = cluster;
    this.out = out;
  }

  /** Runs all files at once; prints one report behind the other when all have ended. */
  void play(List<RequestFile> files, Timings timings)
      throws ScriptException, IOException, InterruptedException {
    List<Callable<List<Report.Row>>> clients = new ArrayList<>();
    List<LabServer> servers = cluster.answering();
    try {
      for (RequestFile file : files) {
        LabServer server = servers.get(clients.size() % servers.size());
        RequestClient client = new RequestClient(server.connect());
        clients.add(() -> run(client, file.requests()));
      }
    } catch (ConnectionException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
    long begunNanos = System.nanoTime();
    List<Future<List<Report.Row>>> reports;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      reports = threads.invokeAll(clients);
    }
    int requests = files.stream().mapToInt(file -> file.requests().size()).sum();
    timings.addRequests(requests, System.nanoTime() - begunNanos);
    for (int i = 0; i < files.size(); i++) {
      print(i + 1, files.get(i), rows(reports.get(i)));
    }
  }

  private static List<Report.Row> run(RequestClient client, List<Step.Request> requests) {
    List<Report.Row> rows = new ArrayList<>(requests.size());
    requests.forEach(request -> rows.add(client.run(request)));
    return rows;
  }

  private static List<Report.Row> rows(Future<List<Report.Row>> report)
      throws InterruptedException {
    try {
      return report.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client ended early", e);
    }
  }

  private void print(int number, RequestFile file, List<Report.Row> rows) throws IOException {
    byte[] name = file.name().getBytes(StandardCharsets.UTF_8);
    out.pair(("client " + number).getBytes(StandardCharsets.UTF_8), name);
    Report.head(out);
    for (Report.Row row : rows) {
      Report.row(row, out);
    }
  }
}
