package io.gamut.cli.lab;

import io.gamut.cli.script.Step;
import java.util.Locale;

/**
 * Where the time of a run went. The rate counts requests alone: starting servers, sleeping and
 * stabilizing are reported beside it.
 */
final class Timings {
  private long startNanos;
  private long sleepNanos;
  private long stabilizeNanos;
  private long stabilizeNanosMax;
  private long requestNanos;
  private int starts;
  private int stabilizes;
  private int requests;
  private int faults;

  void add(Step step, long nanos) {
    if (step instanceof Step.JoinServer || step instanceof Step.AddServer) {
      addStart(nanos);
      starts++;
    } else if (step instanceof Step.Sleep) {
      sleepNanos += nanos;
    } else if (step instanceof Step.Stabilize) {
      stabilizeNanos += nanos;
      stabilizeNanosMax = Math.max(stabilizeNanosMax, nanos);
      stabilizes++;
    } else if (step instanceof Step.TestKvs) {
      // Counts its own requests.
    } else {
      requestNanos += nanos;
      requests++;
    }
  }

  void addStart(long nanos) {
    startNanos += nanos;
  }

  void addRequests(int count, long nanos) {
    requests += count;
    requestNanos += nanos;
  }

  void addFault() {
    faults++;
  }

  boolean hasFaults() {
    return faults > 0;
  }

  /** Two or three lines for people. */
  String report(long totalNanos) {
    StringBuilder report = new StringBuilder();
    report.append(
        String.format(
            Locale.ROOT,
            "took %.3f s: %d requests in %.3f s, %.2f requests/s%n",
            totalNanos / 1e9,
            requests,
            requestNanos / 1e9,
            requests / Math.max(1e-9, requestNanos / 1e9)));
    report.append(
        String.format(
            Locale.ROOT,
            "beside that: starting servers %.3f s (%d), stabilize %.3f s (%d, longest %.3f s),"
                + " sleep %.3f s",
            startNanos / 1e9,
            starts,
            stabilizeNanos / 1e9,
            stabilizes,
            stabilizeNanosMax / 1e9,
            sleepNanos / 1e9));
    if (faults > 0) {
      report.append(String.format(Locale.ROOT, "%n%d command(s) failed", faults));
    }
    return report.toString();
  }
}
