package io.gamut.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the protocol with one fault planted in it, to show that the simulator finds it.
 *
 * <p>The fault is a piece of source text replaced by another. The mutated class is compiled anew
 * and loaded, with the rest of the protocol and the simulator, apart from the real one; so the real
 * code needs no switch for faults.
 *
 * @param name what would be broken
 * @param file under the sources of the replication module, the stores or the ledger
 * @param original stands there exactly once, or the test fails: the fault must be planted anew
 */
record Mutant(String name, String file, String original, String planted) {
  private static final Path ROOT = Path.of(System.getProperty("gamut.root", ".."));
  private static final List<Path> SOURCES =
      List.of(
          ROOT.resolve("replication/src/main/java/io/gamut/replication"),
          ROOT.resolve("storage/src/main/java/io/gamut/storage/update"),
          ROOT.resolve("storage/src/main/java/io/gamut/storage/committed"),
          ROOT.resolve("storage/src/main/java/io/gamut/storage/log"),
          ROOT.resolve("ledger/src/main/java/io/gamut/ledger/raft"),
          ROOT.resolve("ledger/src/main/java/io/gamut/ledger/log"),
          ROOT.resolve("ledger/src/main/java/io/gamut/ledger/message"));

  @Override
  public String toString() {
    return name;
  }

  /** The first violation that one of a simulator's seeds finds; null when none does. */
  @Nullable String hunt(String simulatorName, int seeds, Path directory) throws Exception {
    compile(directory);
    try (MutatedLoader loader = new MutatedLoader(directory)) {
      Class<?> simulator = loader.loadClass(simulatorName);
      Method violation = simulator.getMethod("violation", long.class);
      for (long seed = 0; seed < seeds; seed++) {
        Object found = violation.invoke(null, seed);
        if (found != null) {
          return "seed " + seed + ": " + found;
        }
      }
    }
    return null;
  }

  /** What a scene by hand says of it; null when it is played to its end. */
  @Nullable String play(Enum<?> scene, Path directory) throws Exception {
    compile(directory);
    try (MutatedLoader loader = new MutatedLoader(directory)) {
      Class<?> scenes = loader.loadClass(scene.getDeclaringClass().getName());
      Method play = scenes.getDeclaredMethod("play");
      play.setAccessible(true);
      for (Object each : scenes.getEnumConstants()) {
        if (each.toString().equals(scene.name())) {
          play.invoke(each);
        }
      }
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
    return null;
  }

  private Path find() {
    return SOURCES.stream()
        .map(sources -> sources.resolve(file))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + file));
  }

  private void compile(Path directory) throws IOException {
    String source = Files.readString(find());
    int at = source.indexOf(original);
    if (at < 0 || source.indexOf(original, at + 1) >= 0) {
      throw new AssertionError("'" + original + "' does not stand exactly once in " + file);
    }
    Path mutated = directory.resolve("src").resolve(file);
    Files.createDirectories(mutated.getParent());
    Files.writeString(mutated, source.replace(original, planted));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              directory.toString(),
              "-proc:none",
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(mutated))
              .call();
      if (!compiled) {
        throw new AssertionError("the mutant does not compile: " + messages);
      }
    }
  }

  /** Loads protocol and simulator itself, mutated classes first; leaves all else to the parent. */
  private static final class MutatedLoader extends URLClassLoader {
    MutatedLoader(Path directory) throws IOException {
      super(new URL[] {directory.toUri().toURL()}, Mutant.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
      boolean own =
          className.startsWith("io.gamut.replication.")
              || className.startsWith("io.gamut.ledger.")
              || className.startsWith("io.gamut.simulator.")
              || className.startsWith("io.gamut.storage.update.")
              || className.startsWith("io.gamut.storage.committed.")
              || className.startsWith("io.gamut.storage.log.");
      if (!own) {
        return super.loadClass(className, resolve);
      }
      synchronized (getClassLoadingLock(className)) {
        Class<?> loaded = findLoadedClass(className);
        return loaded != null ? loaded : define(className);
      }
    }

    private Class<?> define(String className) throws ClassNotFoundException {
      String path = className.replace('.', '/') + ".class";
      URL mutated = findResource(path);
      URL resource = mutated != null ? mutated : getParent().getResource(path);
      if (resource == null) {
        throw new ClassNotFoundException(className);
      }
      try (InputStream in = resource.openStream()) {
        byte[] bytes = in.readAllBytes();
        return defineClass(className, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(className, e);
      }
    }
  }
}
