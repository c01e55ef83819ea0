package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.volume.CrashChooser;
import io.gamut.storage.volume.SimulatedCrash;
import io.gamut.storage.volume.SimulatedFault;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Every operation of a workload goes wrong once, in every way, and the disk is left in many of the
 * states it may then be in. To replay a failure, take seed, operation and outcome from its message.
 */
final class JournalCrashTest {
  private static final int SEEDS = 24;
  private static final int STEPS = 30;
  private static final int OUTCOMES = 10;

  @Test
  void aCrashAtAnyOperationLosesNothingThatWasSyncedAndInventsNothing() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      long operations = operationsOf(seed);
      for (long operation = 0; operation < operations; operation++) {
        Attempt attempt = Attempt.upTo(seed, operation, SimulatedFault.CRASH);
        for (int outcome = 0; outcome < OUTCOMES; outcome++) {
          attempt.outcome(outcome).crash(outcome).reopenAndGoOn();
        }
      }
    }
  }

  @Test
  void aSecondCrashDuringRecoveryChangesNothing() throws IOException {
    for (int seed = 100; seed < 100 + SEEDS / 3; seed++) {
      long operations = operationsOf(seed);
      for (long operation = 0; operation < operations; operation++) {
        Attempt attempt = Attempt.upTo(seed, operation, SimulatedFault.CRASH);
        for (int outcome = 0; outcome < 4; outcome++) {
          crashInEveryOperationOfRecovery(attempt.outcome(outcome).crash(outcome), outcome);
        }
      }
    }
  }

  private static void crashInEveryOperationOfRecovery(Attempt crashed, int outcome)
      throws IOException {
    for (int more = 0; ; more++) {
      Attempt again = crashed.outcome("recovery operation " + more);
      again.volume.inject(again.volume.operations() + more, SimulatedFault.CRASH);
      try {
        again.reopen();
        return;
      } catch (SimulatedCrash e) {
        again.crash(outcome + more).reopenAndGoOn();
      }
    }
  }

  @Test
  void anErrorOfTheDiskAtAnyOperationLosesNothingThatWasSynced() throws IOException {
    for (int seed = 200; seed < 200 + SEEDS / 2; seed++) {
      long operations = operationsOf(seed);
      for (long operation = 0; operation < operations; operation++) {
        survives(Attempt.upTo(seed, operation, SimulatedFault.ERROR));
      }
    }
  }

  @Test
  void aFullDiskAtAnyOperationLosesNothingThatWasSynced() throws IOException {
    for (int seed = 300; seed < 300 + SEEDS / 2; seed++) {
      long operations = operationsOf(seed);
      for (long operation = 0; operation < operations; operation++) {
        survives(Attempt.upTo(seed, operation, SimulatedFault.FULL));
      }
    }
  }

  /** Restarts the process after an error, and then loses power: what was replayed must stay. */
  private static void survives(Attempt attempt) throws IOException {
    for (int outcome = 0; outcome < 4; outcome++) {
      Attempt restarted = attempt.outcome(outcome);
      restarted.volume.killProcess();
      restarted.reopen();
      restarted.crash(outcome).reopenAndGoOn();
    }
  }

  @Test
  void anErrorDuringRecoveryOfATornTailIsAsGoodAsACrash() throws IOException {
    for (int seed = 400; seed < 400 + SEEDS / 4; seed++) {
      long operations = operationsOf(seed);
      for (long operation = 0; operation < operations; operation++) {
        Attempt attempt = Attempt.upTo(seed, operation, SimulatedFault.CRASH);
        Attempt crashed = attempt.outcome(operation).crash((int) operation % OUTCOMES);
        failInEveryOperationOfRecovery(crashed);
      }
    }
  }

  private static void failInEveryOperationOfRecovery(Attempt crashed) throws IOException {
    for (int more = 0; ; more++) {
      Attempt again = crashed.outcome("error at recovery operation " + more);
      again.volume.inject(again.volume.operations() + more, SimulatedFault.ERROR);
      try {
        again.reopen();
        return;
      } catch (IOException e) {
        again.volume.killProcess();
        again.reopen();
        again.crash(more).reopenAndGoOn();
      }
    }
  }

  private static long operationsOf(long seed) throws IOException {
    SimulatedVolume volume = SimulatedVolume.seeded(seed);
    new JournalWorkload(seed, volume, new JournalModel()).run(STEPS, "seed " + seed);
    return volume.operations();
  }

  /** A workload that was stopped by a fault, and the disk it left. */
  private record Attempt(SimulatedVolume volume, JournalModel model, String what) {
    static Attempt upTo(long seed, long operation, SimulatedFault fault) {
      String what = "seed " + seed + ", " + fault + " at operation " + operation;
      SimulatedVolume volume = SimulatedVolume.seeded(seed);
      JournalModel model = new JournalModel();
      volume.inject(operation, fault);
      try {
        new JournalWorkload(seed, volume, model).run(STEPS, what);
        assertThat(fault).as(what).isNotEqualTo(SimulatedFault.CRASH);
      } catch (SimulatedCrash | IOException e) {
        assertThat(e).as(what).isNotInstanceOf(JournalCorruptException.class);
      }
      return new Attempt(volume, model, what);
    }

    Attempt outcome(Object which) {
      return new Attempt(volume.copy(), model.copy(), what + ", outcome " + which);
    }

    Attempt crash(int outcome) {
      volume.crash(
          switch (outcome) {
            case 0 -> CrashChooser.LOSE_ALL;
            case 1 -> CrashChooser.KEEP_ALL;
            default -> CrashChooser.seeded(outcome);
          });
      return this;
    }

    void reopen() throws IOException {
      new JournalWorkload(0, volume, model).openVerified(what);
    }

    void reopenAndGoOn() throws IOException {
      new JournalWorkload(what.hashCode(), volume, model).run(4, what);
      new JournalWorkload(1, volume, model).openVerified(what + ", reopened");
    }
  }
}
