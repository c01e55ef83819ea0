package io.gamut.verify.report;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which requests wrote what others have read: by the value, of which all writers count, or where
 * there is no value by the version. What has no effect by itself, a read of a sum, has the addition
 * as its source that returned it.
 */
final class Sources {
  private record Named(String key, Object name) {}

  private final Map<Named, List<Request>> writers = new HashMap<>();
  private final Map<String, Set<Request>> writersOfKey = new TreeMap<>();
  private final Map<Request, Set<Request>> readers = new HashMap<>();

  Sources(History history) {
    for (Request request : history.requests()) {
      for (Step step : request.steps()) {
        if (!step.kind().isRead()) {
          index(request, step);
        }
      }
    }
    for (Request request : history.requests()) {
      for (Request source : of(request)) {
        readers.computeIfAbsent(source, _ -> new LinkedHashSet<>()).add(request);
      }
    }
  }

  private void index(Request request, Step step) {
    writersOfKey.computeIfAbsent(step.key(), _ -> new LinkedHashSet<>()).add(request);
    if (step.value() != null && step.kind() != Kind.APPEND) {
      add(new Named(step.key(), step.value()), request);
    }
    if (step.version() != null && request.isOk()) {
      add(new Named(step.key(), step.version()), request);
    }
  }

  private void add(Named named, Request request) {
    writers.computeIfAbsent(named, _ -> new ArrayList<>()).add(request);
  }

  /** What a request has read from, in the order of its steps; not itself. */
  Set<Request> of(Request request) {
    Set<Request> sources = new LinkedHashSet<>();
    for (Step step : request.steps()) {
      sources.addAll(of(request, step));
    }
    sources.remove(request);
    return sources;
  }

  /** What a step of a request has read from. */
  List<Request> of(Request request, Step step) {
    String met = met(request, step);
    List<Request> byValue = met == null ? List.of() : named(step.key(), met);
    if (!byValue.isEmpty() || step.kind() != Kind.READ || !request.isOk()) {
      return byValue;
    }
    Version version = step.version();
    return version == null ? List.of() : named(step.key(), version);
  }

  private static @Nullable String met(Request request, Step step) {
    return switch (step.kind()) {
      case READ -> request.isOk() ? step.value() : null;
      case COMPARE_AND_SET -> step.argument();
      case WRITE, DELETE, ADD, APPEND, MISMATCH -> null;
    };
  }

  private List<Request> named(String key, Object name) {
    return writers.getOrDefault(new Named(key, name), List.of());
  }

  /** All that wrote at a key, in the order of invocation. */
  Set<Request> writers(String key) {
    return Collections.unmodifiableSet(writersOfKey.getOrDefault(key, new LinkedHashSet<>()));
  }

  /** These, what they have read from, and so on, in the order of invocation. */
  List<Request> withSources(Collection<Request> some) {
    Set<Request> all = new LinkedHashSet<>(some);
    ArrayDeque<Request> next = new ArrayDeque<>(all);
    while (!next.isEmpty()) {
      for (Request source : of(next.remove())) {
        if (all.add(source)) {
          next.add(source);
        }
      }
    }
    List<Request> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingLong(Request::invoked).thenComparingLong(Request::number));
    return sorted;
  }

  /** Those of them whose sources are all among them, and whose sources' are, and so on. */
  List<Request> withoutOrphans(List<Request> some) {
    Set<Request> left = new HashSet<>(some);
    ArrayDeque<Request> orphans = new ArrayDeque<>();
    for (Request request : some) {
      if (!left.containsAll(of(request))) {
        orphans.add(request);
      }
    }
    while (!orphans.isEmpty()) {
      Request orphan = orphans.remove();
      if (left.remove(orphan)) {
        readers.getOrDefault(orphan, Set.of()).stream()
            .filter(left::contains)
            .forEach(orphans::add);
      }
    }
    return some.stream().filter(left::contains).toList();
  }

  /**
   * Whether nothing that is left out can be missed by these: no one's answer can depend on a write
   * that is not among them. It may say no where that is not so.
   */
  boolean isClosed(Collection<Request> some) {
    Set<Request> kept = new HashSet<>(some);
    for (Request request : some) {
      for (Step step : request.steps()) {
        if (!isClosed(kept, request, step)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isClosed(Set<Request> kept, Request request, Step step) {
    if (!kept.containsAll(of(request, step))) {
      return false;
    }
    boolean isByAbsence =
        (step.kind() == Kind.READ && step.value() == null)
            || (step.kind() == Kind.COMPARE_AND_SET && step.argument() == null);
    return writers(step.key()).stream()
        .filter(writer -> writer.outcome() != Outcome.FAILED && !kept.contains(writer))
        .flatMap(writer -> writer.steps().stream())
        .filter(other -> other.key().equals(step.key()))
        .noneMatch(other -> matters(other, step, isByAbsence));
  }

  /** Whether what a step met may be there only because of another one, which is left out. */
  private static boolean matters(Step other, Step step, boolean isByAbsence) {
    return switch (other.kind()) {
      case ADD, APPEND -> step.kind() != Kind.WRITE && step.kind() != Kind.DELETE;
      case DELETE -> isByAbsence || needsAll(step);
      case WRITE -> needsAll(step) || (isByAbsence && other.lifeNanos() > 0);
      case COMPARE_AND_SET -> needsAll(step) || (isByAbsence && other.value() == null);
      case READ, MISMATCH -> false;
    };
  }

  private static boolean needsAll(Step step) {
    return Objects.requireNonNull(step.kind()) == Kind.MISMATCH
        || step.kind() == Kind.ADD
        || step.kind() == Kind.APPEND;
  }
}
