package io.gamut.trial.run;

import io.gamut.trial.fault.FaultSettings;
import io.gamut.trial.workload.Settings;
import io.gamut.trial.workload.Workloads;
import java.util.List;

/**
 * What happens in a trial.
 *
 * @param sessionsEach how many clients play each workload, at least 1
 * @param rate requests in a second of all clients together; 0 for as many as are answered
 * @param durationNanos how long clients work and faults happen
 * @param seed of what is random
 */
public record TrialSettings(
    List<Workloads> workloads,
    int sessionsEach,
    Settings keys,
    double rate,
    long durationNanos,
    FaultSettings faults,
    long seed) {
  public TrialSettings {
    workloads = List.copyOf(workloads);
  }
}
