package io.gamut.walls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who sees whom: the table of ARCHITECTURE.md, and no circles within a module either. */
final class ArrowsTest {
  /**
   * A module's packages, and the others that it may see. Maven holds the arrows between modules
   * too, but a dependency is added in a moment, and this list only with a reason.
   */
  record Module(String name, List<String> seen, List<String> libraries) {}

  private static final List<Module> MODULES =
      List.of(
          new Module("core", List.of(), List.of()),
          new Module("ledger", List.of("core"), List.of()),
          new Module("replication", List.of("core", "ledger"), List.of()),
          new Module("protocol", List.of("core"), List.of()),
          new Module("verify", List.of("core"), List.of("tools.jackson.core..")),
          new Module(
              "storage",
              List.of("core", "ledger", "replication"),
              List.of("org.rocksdb..", "com.github.benmanes.caffeine..", "org.slf4j..")),
          new Module("simulator", List.of("core", "ledger", "replication", "storage"), List.of()),
          new Module("overlay", List.of("core"), List.of("io.netty..", "org.slf4j..")),
          new Module(
              "server",
              List.of("core", "ledger", "replication", "protocol", "storage", "overlay"),
              List.of(
                  "io.netty..",
                  "org.slf4j..",
                  "tools.jackson.core..",
                  "com.github.benmanes.caffeine..")),
          // Embedded by others: it brings nothing along.
          new Module("client", List.of("core", "protocol"), List.of("javax.net.ssl..")),
          new Module("trial", List.of("core", "protocol", "client", "verify"), List.of()),
          new Module(
              "bench",
              List.of("core", "ledger", "storage", "overlay"),
              List.of("io.netty..", "org.HdrHistogram..")));

  /** The top: may see everything, and nobody sees it. */
  private static final String TOP = "cli";

  static List<Module> modules() {
    return MODULES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleSeesOnlyWhatStandsAboveIt(Module module) {
    List<String> hidden = new ArrayList<>(List.of("io.gamut." + TOP + ".."));
    for (Module other : MODULES) {
      if (!other.equals(module) && !module.seen.contains(other.name)) {
        hidden.add("io.gamut." + other.name + "..");
      }
    }
    noClasses()
        .that()
        .resideInAPackage("io.gamut." + module.name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(hidden.toArray(String[]::new))
        .as(module.name + " sees, of this repository, " + module.seen + " only")
        .because(
            "arrows point one way: pass in what is needed, or move it to where both may see it")
        .allowEmptyShould(true)
        .check(Code.classes());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleUsesOnlyItsLibraries(Module module) {
    List<String> known = new ArrayList<>(module.libraries);
    known.addAll(List.of("java..", "javax.crypto..", "org.jspecify..", "io.gamut..", ""));
    noClasses()
        .that()
        .resideInAPackage("io.gamut." + module.name + "..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(known.toArray(String[]::new))
        .as(module.name + " uses, beside the JDK, " + module.libraries + " only")
        .because("a library is a decision: see docs/decisions/007-libraries.md")
        .allowEmptyShould(true)
        .check(Code.classes());
  }

  @Test
  void everyPackageBelongsToAModuleOfTheTable() {
    TreeSet<String> found = new TreeSet<>();
    Code.classes().forEach(each -> found.add(each.getPackageName().split("\\.", 4)[2]));
    List<String> known = new ArrayList<>(MODULES.stream().map(Module::name).toList());
    known.add(TOP);
    assertThat(known).as("modules of the table").containsAll(found);
    assertThat(found)
        .contains("core", "ledger", "replication", "storage", "overlay", "server", "client");
  }

  @Test
  void noPackagesFormACircle() {
    slices()
        .matching("io.gamut.(**)")
        .should()
        .beFreeOfCycles()
        .because("packages that see each other are one package: pass in an interface, or join them")
        .check(Code.classes());
  }
}
