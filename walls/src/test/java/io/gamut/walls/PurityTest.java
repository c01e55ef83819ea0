package io.gamut.walls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Protocol code is a function of its inputs: one seed, one history. What lies (clocks, disks,
 * networks, schedulers) is outside and comes in as a parameter.
 */
final class PurityTest {
  /**
   * Of the overlay only the machines: {@code overlay.net} is the outside. The storage module is the
   * outside as well; its simulated volume is held to its seed by its own tests.
   */
  private static final String[] PURE = {
    "io.gamut.core..",
    "io.gamut.ledger..",
    "io.gamut.replication..",
    "io.gamut.protocol..",
    "io.gamut.overlay.routing..",
    "io.gamut.overlay.wire..",
    "io.gamut.overlay.link..",
    "io.gamut.simulator..",
    "io.gamut.verify.check..",
    "io.gamut.verify.history..",
    "io.gamut.verify.report..",
  };

  /** Where a simulation is started and timed. */
  private static final String SIMULATOR_ENTRY = "io.gamut.simulator.Simulator";

  private static GivenClassesConjunction noPureClass() {
    return noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .and()
        .doNotHaveFullyQualifiedName(SIMULATOR_ENTRY);
  }

  private static void refuse(String what, String instead, Predicate<AccessTarget> isRefused) {
    noPureClass()
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("is one of " + what) {
              @Override
              public boolean test(JavaAccess<?> access) {
                return isRefused.test(access.getTarget());
              }
            })
        .as("pure code does without " + what)
        .because("it must do the same on every run: use " + instead)
        .check(Code.classes());
  }

  private static boolean isMember(AccessTarget target, Class<?> owner, String... names) {
    return target.getOwner().isEquivalentTo(owner) && Set.of(names).contains(target.getName());
  }

  private static boolean hasParameters(AccessTarget target) {
    return target instanceof CodeUnitCallTarget call && !call.getRawParameterTypes().isEmpty();
  }

  private static boolean isConstructor(AccessTarget target, Class<?> owner) {
    return isMember(target, owner, "<init>");
  }

  private static boolean isTimeOfDay(AccessTarget target) {
    return isMember(target, System.class, "currentTimeMillis")
        || (target.getOwner().getPackageName().startsWith("java.time")
            && target.getName().matches("now|system\\w*|tick\\w*"));
  }

  @Test
  void timeComesInAsAParameter() {
    refuse(
        "clocks",
        "the Now that comes with every input",
        target -> isMember(target, System.class, "nanoTime") || isTimeOfDay(target));
  }

  /** Not pure, but held to one clock: else a clock that is put off would be so in places only. */
  @Test
  void aServerTakesTheTimeOfDayFromOnePlace() {
    noClasses()
        .that()
        .resideInAPackage("io.gamut.server..")
        .and()
        .doNotHaveFullyQualifiedName("io.gamut.server.fault.WallClock")
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("is the time of day") {
              @Override
              public boolean test(JavaAccess<?> access) {
                return isTimeOfDay(access.getTarget());
              }
            })
        .as("a server takes the time of day from its own clock alone")
        .because("GAMUT FAULT CLOCK puts that one off: use NodeServices.clock() or WallClock")
        .check(Code.classes());
  }

  @Test
  void chanceComesFromTheSeed() {
    refuse(
        "randomness without a seed",
        "Entropy, or a SplittableRandom that was given its seed",
        target ->
            isMember(target, Math.class, "random")
                || isMember(target, java.util.UUID.class, "randomUUID")
                || isConstructor(target, java.security.SecureRandom.class)
                || target.getOwner().isEquivalentTo(java.util.concurrent.ThreadLocalRandom.class)
                || (!hasParameters(target)
                    && (isConstructor(target, java.util.Random.class)
                        || isConstructor(target, java.util.SplittableRandom.class))));
  }

  @Test
  void nothingRunsByItself() {
    noPureClass()
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<>("run or wait") {
              @Override
              public boolean test(JavaClass type) {
                return type.isEquivalentTo(Thread.class)
                    || (type.getPackageName().startsWith("java.util.concurrent")
                        && !type.isEquivalentTo(java.util.concurrent.TimeUnit.class));
              }
            })
        .as("pure code has no threads, executors, locks or futures (TimeUnit is only arithmetic)")
        .because("it is called by one thread at a time: say by an effect what is to happen later")
        .check(Code.classes());
  }

  @Test
  void nothingReachesOutside() {
    noPureClass()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net..", "java.nio.file..", "java.nio.channels..", "io.netty..", "org.rocksdb..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|RandomAccessFile|FileInputStream|FileOutputStream).*")
        .as("pure code has no sockets and no files")
        .because("it must run in a simulation: say by an effect what is to be sent or kept")
        .check(Code.classes());
  }

  @Test
  void everyOrderIsTheSameOnEveryRun() {
    refuse(
        "collections whose order changes from run to run (empty ones have none)",
        "List.of, a TreeMap or a LinkedHashMap",
        target ->
            (hasParameters(target)
                    && (isMember(target, java.util.Map.class, "of", "ofEntries", "copyOf")
                        || isMember(target, java.util.Set.class, "of", "copyOf")))
                || isConstructor(target, java.util.IdentityHashMap.class)
                || isMember(target, System.class, "identityHashCode"));
  }

  @Test
  void nothingIsPrinted() {
    refuse(
        "output",
        "an effect, or text that is returned",
        target ->
            isMember(target, System.class, "out", "err")
                || target.getName().equals("printStackTrace"));
  }
}
