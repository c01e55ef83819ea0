package io.gamut.server.http;

import io.gamut.core.Limits;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What does a request: found by its head alone, so that what is nowhere to go is not waited for.
 *
 * @param bodyBytesMax that it takes
 * @param isWrite so that it waits while the disk is behind
 * @param isPublic whether anybody may ask: it tells of no data
 * @param run on the connection's event loop; throws {@link ProblemException}
 */
record Route(int bodyBytesMax, boolean isWrite, boolean isPublic, Consumer<Exchange> run) {
  private static final Map<HttpMethod, Route> KEY =
      Map.of(
          HttpMethod.GET,
          read(KeyRequests::get),
          HttpMethod.HEAD,
          read(KeyRequests::get),
          HttpMethod.PUT,
          write(Limits.VALUE_BYTES_MAX, KeyRequests::put),
          HttpMethod.DELETE,
          write(0, KeyRequests::delete));
  private static final Map<HttpMethod, Route> INCREMENT =
      Map.of(HttpMethod.POST, write(0, KeyRequests::increment));
  private static final Map<HttpMethod, Route> APPEND =
      Map.of(HttpMethod.POST, write(Limits.VALUE_BYTES_MAX, KeyRequests::append));
  private static final Map<HttpMethod, Route> BATCH =
      Map.of(HttpMethod.POST, write(HttpLimits.BATCH_BYTES_MAX, BatchRequests::run));
  private static final Map<HttpMethod, Route> LISTING = readable(Listing::run);
  private static final Map<HttpMethod, Route> STATUS = readable(NodeRequests::status);
  private static final Map<HttpMethod, Route> LIVE = publicly(NodeRequests::live);
  private static final Map<HttpMethod, Route> READY = publicly(NodeRequests::ready);
  private static final Map<HttpMethod, Route> OPEN_API = publicly(NodeRequests::openApi);
  private static final Map<HttpMethod, Route> INDEX = publicly(NodeRequests::index);
  private static final Map<HttpMethod, Route> PROBLEM = publicly(NodeRequests::problem);

  private static Route read(Consumer<Exchange> run) {
    return new Route(0, false, false, run);
  }

  private static Route write(int bodyBytesMax, Consumer<Exchange> run) {
    return new Route(bodyBytesMax, true, false, run);
  }

  private static Map<HttpMethod, Route> readable(Consumer<Exchange> run) {
    return Map.of(HttpMethod.GET, read(run), HttpMethod.HEAD, read(run));
  }

  private static Map<HttpMethod, Route> publicly(Consumer<Exchange> run) {
    Route route = new Route(0, false, true, run);
    return Map.of(HttpMethod.GET, route, HttpMethod.HEAD, route);
  }

  /** Throws {@link ProblemException} if there is none. */
  static Route find(HttpMethod method, Target target) {
    Map<HttpMethod, Route> here = at(target);
    Route route = here.get(method);
    if (route != null) {
      return route;
    }
    List<String> allowed = new ArrayList<>(here.keySet().stream().map(HttpMethod::name).toList());
    allowed.sort(null);
    throw ProblemException.notAllowed(String.join(", ", allowed));
  }

  private static Map<HttpMethod, Route> at(Target target) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < target.segments().size(); i++) {
      words.add(target.word(i));
    }
    boolean isKey = words.size() >= 3 && words.get(0).equals("v1") && words.get(1).equals("keys");
    if (isKey && words.size() == 3 && !words.get(2).isEmpty()) {
      return KEY;
    }
    if (isKey && words.size() == 4 && words.get(3).equals("increment")) {
      return INCREMENT;
    }
    if (isKey && words.size() == 4 && words.get(3).equals("append")) {
      return APPEND;
    }
    if (words.size() == 2 && words.get(0).equals("problems")) {
      return PROBLEM;
    }
    return switch (isKey ? "" : String.join("/", words)) {
      case "v1/keys" -> LISTING;
      case "v1/batch" -> BATCH;
      case "v1/status" -> STATUS;
      case "health/live" -> LIVE;
      case "health/ready" -> READY;
      case "openapi.json" -> OPEN_API;
      case "" -> {
        if (words.size() == 1) {
          yield INDEX;
        }
        throw nowhere();
      }
      default -> throw nowhere();
    };
  }

  private static ProblemException nowhere() {
    return new ProblemException(Problem.NO_ROUTE, "see /openapi.json for all paths");
  }
}
