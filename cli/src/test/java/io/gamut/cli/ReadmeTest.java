package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gamut.client.GamutClient;
import io.gamut.client.Value;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What README.md and docs/shell.md show is typed as it stands there, against what {@code gamut up}
 * starts, and must print what stands below it. Only ports are others.
 */
@Timeout(300)
final class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("gamut.root", "."));
  private static final List<String> TOOLS = List.of("redis-cli", "curl", "bash");

  /** {@code 127.0.0.1:7379 causal> get k}. */
  private static final Pattern PROMPT = Pattern.compile("(\\S+ \\S+)> ?(.*)");

  @TempDir private static Path directory = Path.of("");

  private static @Nullable UpProcess up;

  /** A fenced block: its language, and its lines. */
  record Block(String file, String language, List<String> lines) {
    boolean isOf(String begin) {
      return !lines.isEmpty() && lines.getFirst().startsWith(begin);
    }

    boolean isTranscript() {
      return !lines.isEmpty() && PROMPT.matcher(lines.getFirst()).matches();
    }

    @Override
    public String toString() {
      return file + ": " + (lines.isEmpty() ? "" : lines.getFirst());
    }
  }

  private static List<Block> blocks(String file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> inside = new ArrayList<>();
    String language = null;
    for (String line : Files.readAllLines(ROOT.resolve(file))) {
      if (!line.startsWith("```")) {
        inside.add(line);
      } else if (language == null) {
        language = line.substring(3);
        inside.clear();
      } else {
        blocks.add(new Block(file, language, List.copyOf(inside)));
        language = null;
      }
    }
    return blocks;
  }

  static List<Block> commands() throws IOException {
    return Stream.of(blocks("README.md"), blocks("docs/shell.md"))
        .flatMap(List::stream)
        .filter(block -> block.isOf("$ "))
        .toList();
  }

  static List<Block> transcripts() throws IOException {
    return blocks("docs/shell.md").stream().filter(Block::isTranscript).toList();
  }

  @BeforeAll
  static void start() throws Exception {
    up = UpProcess.start(directory);
    Path bin = Files.createDirectories(directory.resolve("bin"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    executable(
        bin.resolve("gamut"),
        "exec '%s' -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp '%s' io.gamut.cli.Gamut \"$@\""
            .formatted(java, System.getProperty("java.class.path")));
    Path redis = tool("redis-cli");
    if (redis != null) {
      // As at a terminal: not raw.
      executable(bin.resolve("redis-cli"), "exec '%s' --no-raw \"$@\"".formatted(redis));
    }
    if (tool("nc") == null) {
      executable(bin.resolve("nc"), "exec 3<>/dev/tcp/$1/$2\ncat >&3\ncat <&3");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (up != null) {
      up.stop();
    }
  }

  private static UpProcess up() {
    return Objects.requireNonNull(up);
  }

  private static @Nullable Path tool(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** Runs a line of the command line, as in a checkout; what it prints on standard output. */
  private static String run(String line, String in, boolean withMessages) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line.replace("./gamut", "gamut"))
            .directory(ROOT.toFile())
            .redirectErrorStream(withMessages);
    if (!withMessages) {
      builder.redirectError(directory.resolve("messages").toFile());
    }
    builder.environment().put("GAMUT_SERVER", "127.0.0.1:" + up().port(7379));
    builder.environment().merge("PATH", "", (path, _) -> directory.resolve("bin") + ":" + path);
    Process process = builder.start();
    CompletableFuture<String> printed =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    process.getOutputStream().write(in.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return printed.get(2, TimeUnit.MINUTES).replace("\r", "").stripTrailing();
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A line, and what is printed below it. */
  record Example(String line, String printed) {}

  private static List<Example> examples(Block block, Pattern prompt, int group) {
    List<Example> examples = new ArrayList<>();
    for (String line : block.lines()) {
      Matcher typed = prompt.matcher(line);
      if (typed.matches()) {
        examples.add(new Example(typed.group(group), ""));
      } else {
        Example last = examples.removeLast();
        String before = last.printed.isEmpty() ? "" : last.printed + "\n";
        examples.add(new Example(last.line, before + line));
      }
    }
    return examples;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandPrintsWhatStandsBelowIt(Block block) throws Exception {
    String all = String.join("\n", block.lines());
    for (String tool : TOOLS) {
      assumeTrue(tool(tool) != null || !all.contains(tool), tool + " is not installed");
    }
    for (Example example : examples(block, Pattern.compile("\\$ (.*)"), 1)) {
      // A search for faults takes as long as it is told to.
      String line = up().substitute(example.line).replace("--seeds 2000", "--seeds 20");
      assertThat(run(line, "", false))
          .as("%s%n%s", line, Files.readString(directory.resolve("messages")))
          .isEqualTo(up().substitute(example.printed));
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void aShellSaysWhatStandsBelowItsLines(Block block) throws Exception {
    assumeTrue(tool("bash") != null, "bash is not installed");
    boolean isLab = block.lines().getFirst().startsWith("lab:");
    List<Example> examples = examples(block, PROMPT, 2);
    String lines = examples.stream().map(Example::line).collect(Collectors.joining("\n"));
    String printed =
        run("gamut shell" + (isLab ? " --lab --embedded" : ""), up().substitute(lines), true)
            .replaceAll("(?m)^gamut shell: line \\d+: ", "");
    String expected =
        examples.stream()
            .map(Example::printed)
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("\n"));
    assertThat(printed).isEqualTo(up().substitute(expected));
  }

  @Test
  void theJavaExampleCompilesAndRuns() throws Exception {
    List<String> lines =
        blocks("README.md").stream()
            .filter(block -> block.language().equals("java"))
            .findFirst()
            .orElseThrow()
            .lines();
    String imports = lines.stream().filter(ReadmeTest::isImport).collect(Collectors.joining("\n"));
    String body = lines.stream().filter(line -> !isImport(line)).collect(Collectors.joining("\n"));
    String source =
        "%s%npublic final class Example { public static void main(String[] args) {%n%s%n} }"
            .formatted(imports, up().substitute(body));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    var file =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return source;
          }
        };
    assertThat(compiler.getTask(null, null, null, options, null, List.of(file)).call())
        .as(source)
        .isTrue();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Method main = loader.loadClass("Example").getMethod("main", String[].class);
      main.invoke(null, (Object) new String[0]);
    }
    try (GamutClient client = GamutClient.of("127.0.0.1:" + up().port(7379))) {
      // It may have been written at another server: once it is committed, all see it.
      Optional<Value> green = Optional.of(Value.of("green"));
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!client.get("colour").equals(green) && System.nanoTime() < limit) {
        Thread.onSpinWait();
      }
      assertThat(client.get("colour")).isEqualTo(green);
    }
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  @Test
  void thereAreExamplesToRun() throws Exception {
    assertThat(commands()).hasSizeGreaterThan(5);
    assertThat(transcripts()).hasSizeGreaterThan(3);
  }
}
