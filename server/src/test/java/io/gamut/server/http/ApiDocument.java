package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document, against which exchanges are held. */
final class ApiDocument {
  /** Those that HTTP itself has for any answer. */
  private static final Set<String> GENERAL =
      Set.of(
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "date",
          "vary",
          ":status");

  private final ObjectMapper mapper = new ObjectMapper();
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final JsonNode document;
  private final Set<String> met = new TreeSet<>();

  ApiDocument() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(NodeRequests.class.getResourceAsStream("openapi.json"))) {
      document = mapper.readTree(in);
    }
  }

  private static String methodOf(String verb) {
    return verb.toLowerCase(Locale.ROOT);
  }

  /** Every method, path and status that there is. */
  Set<String> documented() {
    Set<String> all = new TreeSet<>();
    document
        .get("paths")
        .forEachEntry((path, methods) ->
            methods.forEachEntry((method, operation) ->
                operation
                    .get("responses")
                    .forEachEntry((status, _) -> all.add(method + " " + path + " " + status))));
    return all;
  }

  /** What of that has been met. */
  Set<String> met() {
    return met;
  }

  private String template(String target) {
    String path = target.replaceFirst("\\?.*", "");
    for (String template : document.get("paths").propertyNames()) {
      if (!template.contains("{") && template.equals(path)) {
        return template;
      }
    }
    for (String template : document.get("paths").propertyNames()) {
      String pattern = Pattern.quote(template).replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q");
      if (path.matches(pattern)) {
        return template;
      }
    }
    throw new AssertionError("no path " + path + " is documented");
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.get("$ref");
    return reference == null ? node : document.at(reference.asString().substring(1));
  }

  /** Requires that an answer is as the document says. Header names in lower case. */
  void check(String method, String target, int status, Map<String, String> headers, byte[] body) {
    String path = template(target);
    String what = methodOf(method) + " " + path + " " + status;
    JsonNode methods = document.get("paths").get(path);
    JsonNode operation = methods.get(methodOf(method));
    if (operation == null) {
      assertThat(status).as(what).isIn(403, 405);
      methods.forEachEntry((other, _) -> met.add(other + " " + path + " " + status));
      operation = methods.iterator().next();
    }
    JsonNode listed = operation.get("responses").get("" + status);
    assertThat(listed).as("%s is documented", what).isNotNull();
    met.add(what);
    JsonNode response = resolved(Objects.requireNonNull(listed));
    checkHeaders(what, response, headers);
    if (!method.equals("HEAD")) {
      checkBody(what, response, headers.getOrDefault("content-type", ""), body);
    }
  }

  private void checkHeaders(String what, JsonNode response, Map<String, String> headers) {
    JsonNode documented = response.get("headers");
    headers.forEach((name, value) -> {
      if (GENERAL.contains(name)) {
        return;
      }
      JsonNode header = null;
      if (documented != null) {
        for (String known : documented.propertyNames()) {
          if (known.equalsIgnoreCase(name)) {
            header = resolved(documented.get(known));
          }
        }
      }
      assertThat(header).as("%s: header %s is documented", what, name).isNotNull();
      requireValid(
          what + " " + name,
          Objects.requireNonNull(header).get("schema"),
          mapper.valueToTree(value));
    });
  }

  private void checkBody(String what, JsonNode response, String type, byte[] body) {
    JsonNode content = response.get("content");
    if (content == null) {
      assertThat(body).as("%s has no body", what).isEmpty();
      return;
    }
    JsonNode media = content.get(type);
    assertThat(media).as("%s: type %s is documented", what, type).isNotNull();
    if (type.contains("json")) {
      JsonNode tree = mapper.readTree(new String(body, StandardCharsets.UTF_8));
      requireValid(what, Objects.requireNonNull(media).get("schema"), tree);
    }
  }

  private void requireValid(String what, JsonNode schema, JsonNode instance) {
    ObjectNode whole = mapper.createObjectNode();
    whole.setAll((ObjectNode) schema);
    whole.set("components", document.get("components"));
    assertThat(schemas.getSchema(whole).validate(instance)).as("%s: %s", what, instance).isEmpty();
  }

  JsonNode parse(byte[] body) {
    return mapper.readTree(body);
  }
}
