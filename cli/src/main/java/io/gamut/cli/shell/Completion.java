package io.gamut.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.cli.data.Form;
import io.gamut.cli.script.ScriptText;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.Level;
import io.gamut.client.Outcome;
import io.gamut.client.ScanPage;
import io.gamut.client.Sla;
import io.gamut.client.SlaReply;
import io.gamut.client.Value;
import io.gamut.core.Consistency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/**
 * Offers what may be typed next: commands, options, levels, ids of servers and clients, and keys.
 *
 * <p>Keys are asked of the server, one short page that begins where the typed prefix does, for a
 * quarter of a second at most: what the session has written is among them, unless the server that
 * answers lacks it for that long. A server that is slow or gone offers none, and typing goes on.
 */
final class Completion implements Completer {
  private static final Duration KEYS_MAX = Duration.ofMillis(250);
  private static final Sla KEYS_SLA =
      Sla.first(Level.session(), Duration.ofMillis(150)).orElse(Level.eventual());
  private static final int KEYS_PAGE = 100;
  private static final Set<String> WITH_KEYS =
      Set.of("get", "put", "del", "incr", "cas", "explain", "history");
  private static final Set<String> WITH_MANY_KEYS = Set.of("get", "del");
  private static final List<String> LEVELS =
      Arrays.stream(Consistency.values()).map(Consistency::toString).toList();
  private static final List<String> FORMS =
      Arrays.stream(Form.values()).map(Form::toString).toList();

  private final Shell shell;

  Completion(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    matching(line.words()).forEach(each -> candidates.add(new Candidate(each)));
  }

  /** What the last of the words may become. */
  List<String> matching(List<String> words) {
    return offered(words).stream().filter(each -> each.startsWith(words.getLast())).toList();
  }

  /** What may stand in the place of the last word. */
  private Collection<String> offered(List<String> words) {
    String typed = words.getLast();
    if (words.size() == 1) {
      return ofCommands(typed);
    }
    String name = words.getFirst();
    String before = words.get(words.size() - 2);
    boolean isData = shell.data().names().contains(name);
    if (isData && typed.startsWith("-")) {
      return ofOptions(name, typed);
    }
    if (isData && typed.startsWith("@")) {
      return LEVELS.stream().map(level -> "@" + level).toList();
    }
    return switch (before) {
      case "--level" -> LEVELS;
      case "--output", "-o" -> FORMS;
      case "--prefix" -> keys(typed);
      default -> ofPlace(name, words);
    };
  }

  private Collection<String> ofCommands(String typed) {
    int colon = typed.indexOf(':');
    if (colon < 0) {
      return shell.names();
    }
    String name = typed.substring(0, colon + 1);
    return shell.lab().knownIds().stream().map(id -> name + id).toList();
  }

  private List<String> ofOptions(String name, String typed) {
    if (typed.startsWith("--level=")) {
      return LEVELS.stream().map(level -> "--level=" + level).toList();
    }
    if (typed.startsWith("--output=")) {
      return FORMS.stream().map(form -> "--output=" + form).toList();
    }
    return shell.data().options(name);
  }

  private Collection<String> ofPlace(String name, List<String> words) {
    int place = words.size() - 1;
    String typed = words.getLast();
    List<String> ids = shell.lab().knownIds().stream().map(String::valueOf).toList();
    return switch (name) {
      case "level" -> place == 1 ? LEVELS : List.of();
      case "output" -> place == 1 ? FORMS : List.of();
      case "receipt" -> List.of("on", "off");
      case "session" -> List.of("new");
      case "help" -> shell.names();
      case "slowdisk", "clock" -> place == 1 ? ids : List.of();
      case "fulldisk" -> place == 1 ? ids : List.of("on", "off");
      case "consistency" -> place == 1 ? ids : LEVELS;
      case "connect" ->
          Stream.concat(ids.stream(), shell.standing().servers().stream().map(Object::toString))
              .toList();
      case "expect", "sleep" -> List.of();
      default -> {
        if (!WITH_KEYS.contains(name)) {
          yield shell.lab().names().contains(name) ? ids : List.of();
        }
        boolean isKey = place == 1 || WITH_MANY_KEYS.contains(name);
        yield isKey ? keys(typed) : List.of();
      }
    };
  }

  /** Keys that begin with what is typed, as words. */
  private List<String> keys(String typed) {
    Handle handle = shell.standing().handle();
    byte[] prefix = ScriptText.bytes(LineSyntax.meant(ScriptText.of(typed.getBytes(UTF_8))));
    if (handle == null) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    Command<ScanPage> page = Command.scan(before(prefix), KEYS_PAGE);
    SlaReply<ScanPage> reply = handle.within(KEYS_MAX).under(KEYS_SLA).run(page);
    if (reply.outcome() instanceof Outcome.Ok<ScanPage> ok) {
      for (Value key : ok.value().keys()) {
        if (startsWith(key.bytes(), prefix)) {
          found.add(Word.quoted(key.bytes(), typed.startsWith("\"")));
        }
      }
    }
    return found;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** A key just before all that begin with a prefix; null if those are the first. */
  private static byte @Nullable [] before(byte[] prefix) {
    int last = prefix.length - 1;
    if (last < 0) {
      return null;
    }
    if (prefix[last] == 0) {
      return last == 0 ? null : Arrays.copyOf(prefix, last);
    }
    byte[] before = Arrays.copyOf(prefix, prefix.length + 8);
    before[last]--;
    Arrays.fill(before, prefix.length, before.length, (byte) 0xff);
    return before;
  }
}
