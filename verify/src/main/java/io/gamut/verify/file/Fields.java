package io.gamut.verify.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An object of JSON with few fields. What is asked of it throws {@link IllegalArgumentException}
 * where a field is missing or of another type. Null is as good as absent.
 */
final class Fields {
  private static final long MOMENT_MAX = 1L << 62;

  private final List<String> names = new ArrayList<>(8);
  private final List<Object> values = new ArrayList<>(8);

  /** Reads one whose beginning the parser stands at. */
  static Fields read(JsonParser json) {
    Fields fields = new Fields();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      Object value = value(json);
      if (value != null) {
        fields.names.add(name);
        fields.values.add(value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> read(json);
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          Object element = value(json);
          elements.add(element == null ? "null" : element);
        }
        yield elements;
      }
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? json.getBigIntegerValue()
              : (Object) json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private @Nullable Object find(String name) {
    int at = names.indexOf(name);
    return at < 0 ? null : values.get(at);
  }

  boolean has(String name) {
    return names.contains(name);
  }

  private static IllegalArgumentException fault(String name, String wanted, @Nullable Object is) {
    return new IllegalArgumentException(
        is == null ? "\"" + name + "\" is missing" : "\"" + name + "\" is " + wanted);
  }

  long number(String name) {
    if (find(name) instanceof Long number) {
      return number;
    }
    throw fault(name, "a whole number of 64 bits", find(name));
  }

  long number(String name, long otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  /** A moment, which is not so far from 0 that the difference of two has more than 64 bits. */
  long moment(String name) {
    long number = number(name);
    if (Math.abs(number) >= MOMENT_MAX || number == Long.MIN_VALUE) {
      throw fault(name, "a moment less than 2^62 nanoseconds from 0", number);
    }
    return number;
  }

  /** How long something lasts, in nanoseconds. */
  long duration(String name, long otherwise) {
    long number = number(name, otherwise);
    if (has(name) && number < 0) {
      throw fault(name, "a number of nanoseconds, and not negative", number);
    }
    return number;
  }

  /** A number of 32 bits. */
  int small(String name) {
    long number = number(name);
    if (number != (int) number) {
      throw fault(name, "a whole number of 32 bits", number);
    }
    return (int) number;
  }

  String text(String name) {
    if (find(name) instanceof String text) {
      return text;
    }
    throw fault(name, "a string", find(name));
  }

  @Nullable String textIfAny(String name) {
    return has(name) ? text(name) : null;
  }

  boolean flag(String name) {
    Object value = find(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw fault(name, "true or false", value);
  }

  /** An array of objects; empty if there is none. */
  List<Fields> objects(String name) {
    Object value = find(name);
    if (value == null) {
      return List.of();
    }
    List<Fields> objects = new ArrayList<>();
    if (value instanceof List<?> elements) {
      for (Object element : elements) {
        if (element instanceof Fields object) {
          objects.add(object);
        }
      }
      if (objects.size() == elements.size()) {
        return objects;
      }
    }
    throw fault(name, "an array of objects", value);
  }

  /** The strings, numbers and flags of an object, all as text. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    Object value = find(name);
    if (value instanceof Fields object) {
      for (int i = 0; i < object.names.size(); i++) {
        texts.put(object.names.get(i), object.values.get(i).toString());
      }
    } else if (value != null) {
      throw fault(name, "an object", value);
    }
    return texts;
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
