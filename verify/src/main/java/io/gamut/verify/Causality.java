package io.gamut.verify;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Causality: no reader at {@code causal} or above sees an effect before its cause.
 *
 * <p>A write's causes are all that its session has read and written at such levels before, and the
 * causes of these. Whoever has read a write, at such a level, sees of each key among its causes
 * that cause or something newer, by the versions in the receipts: causal convergence (Bouajjani et
 * al., "On Verifying Causal Consistency", POPL 2017) with the version as arbitration.
 */
public final class Causality {
  private static final String PROMISE = "causality";

  /**
   * Something that must not be missed any more.
   *
   * @param by the operation that read or wrote it
   * @param through the read that has brought it to this session from another; null if none has
   */
  private record Cause(Version version, Operation by, @Nullable Operation through) {}

  /** What names a write: of a value itself, of a delete the version. */
  private record Write(String key, Object name) {}

  private final Map<Write, Operation> writes = new HashMap<>();

  /** Per write that was reached, the newest causes of each key. Shared while nothing is added. */
  private final Map<Operation, TreeMap<String, Cause>> causes = new HashMap<>();

  private final List<Violation> violations = new ArrayList<>();

  /** A session, and how far it was followed. */
  private static final class Course {
    final List<Operation> operations;
    TreeMap<String, Cause> past = new TreeMap<>();
    boolean isPastShared;
    int next;

    Course(List<Operation> operations) {
      this.operations = operations;
    }

    void add(String key, Cause cause) {
      Cause known = past.get(key);
      if (known == null || cause.version.isAfter(known.version)) {
        if (isPastShared) {
          past = new TreeMap<>(past);
          isPastShared = false;
        }
        past.put(key, cause);
      }
    }
  }

  private Causality() {}

  /** Judges a history. */
  public static Verdict check(History history) {
    return new Causality().follow(history);
  }

  private Verdict follow(History history) {
    for (Operation operation : history.operations()) {
      Write write = write(operation);
      if (!operation.isRead() && write != null) {
        writes.put(write, operation);
      }
    }
    List<Course> courses = new ArrayList<>();
    history.bySession().values().forEach(session -> courses.add(new Course(session)));
    boolean isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (Course course : courses) {
        isMoving |= advance(course);
      }
    }
    for (Course course : courses) {
      if (course.next < course.operations.size()) {
        Operation stuck = course.operations.get(course.next);
        violations.add(
            new Violation(PROMISE, "it read what was caused by what follows it", List.of(stuck)));
      }
    }
    return Verdict.of(violations);
  }

  private static @Nullable Write write(Operation operation) {
    Object name = operation.value() != null ? operation.value() : operation.version();
    return name == null ? null : new Write(operation.key(), name);
  }

  /** Follows a session up to a read of a write whose causes are not known yet. */
  private boolean advance(Course course) {
    int before = course.next;
    while (course.next < course.operations.size()) {
      Operation operation = course.operations.get(course.next);
      if (operation.isAtLeast(Consistency.CAUSAL)) {
        if (!operation.isRead()) {
          onWrite(operation, course);
        } else if (operation.isOk() && !onRead(operation, course)) {
          break;
        }
      }
      course.next++;
    }
    return course.next > before;
  }

  private void onWrite(Operation operation, Course course) {
    course.isPastShared = true;
    causes.put(operation, course.past);
    if (operation.isOk() && operation.version() != null) {
      course.add(operation.key(), new Cause(operation.version(), operation, null));
    }
  }

  private boolean onRead(Operation read, Course course) {
    Operation source = source(read);
    TreeMap<String, Cause> sourceCauses = null;
    if (source != null && source.isAtLeast(Consistency.CAUSAL)) {
      sourceCauses = causes.get(source);
      if (sourceCauses == null) {
        return false;
      }
    }
    Cause expected = course.past.get(read.key());
    if (expected != null && isBefore(read.version(), expected.version)) {
      violations.add(violation(expected, read));
    }
    if (sourceCauses != null) {
      sourceCauses.forEach(
          (key, cause) -> course.add(key, new Cause(cause.version, cause.by, read)));
    }
    if (read.version() != null) {
      course.add(read.key(), new Cause(read.version(), read, null));
    }
    return true;
  }

  private @Nullable Operation source(Operation read) {
    Write write = write(read);
    Operation source = write == null ? null : writes.get(write);
    return source != null && source.kind() != Kind.INCREMENT ? source : null;
  }

  private static boolean isBefore(@Nullable Version version, Version other) {
    return version == null || other.isAfter(version);
  }

  private static Violation violation(Cause expected, Operation read) {
    List<Operation> shown = new ArrayList<>();
    shown.add(expected.by);
    if (expected.through != null) {
      shown.add(expected.through);
    }
    shown.add(read);
    return new Violation(
        PROMISE,
        expected.through == null
            ? "a session read something older than it had met"
            : "a session read an effect of the first operation, and then something older than that",
        shown);
  }
}
