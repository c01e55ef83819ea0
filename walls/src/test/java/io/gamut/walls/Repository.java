package io.gamut.walls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The files of this checkout, but for what is built, and for what belongs to tools. */
final class Repository {
  private static final Path ROOT =
      Path.of(System.getProperty("gamut.root", "..")).toAbsolutePath().normalize();

  /** Git's own is a file where a checkout is a worktree of another. */
  private static final Set<String> FOREIGN = Set.of("target", "data", ".git", ".idea", ".vscode");

  private Repository() {}

  /** A file with its path from the root, with slashes. */
  record Source(Path path, String name, String text) {
    boolean isJava() {
      return name.endsWith(".java");
    }

    boolean isTest() {
      return name.contains("/src/test/");
    }

    /** The numbers of the lines that match, as {@code name:number}. */
    List<String> linesWith(Pattern pattern) {
      List<String> found = new ArrayList<>();
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(name + ":" + (i + 1));
        }
      }
      return found;
    }
  }

  static Path root() {
    return ROOT;
  }

  static List<Source> java() {
    return files(name -> name.endsWith(".java"));
  }

  /** All files of text, in the order of their names. */
  static List<Source> texts() {
    return files(name -> !name.matches(".*\\.(png|jpg|ico|woff2?|jar|bin|class)"));
  }

  private static List<Source> files(Predicate<String> isMeant) {
    List<Source> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(
                Path directory, BasicFileAttributes attributes) {
              return FOREIGN.contains(directory.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              String name = ROOT.relativize(file).toString().replace('\\', '/');
              if (attributes.isRegularFile() && !FOREIGN.contains(name) && isMeant.test(name)) {
                found.add(new Source(file, name, read(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort((one, other) -> one.name.compareTo(other.name));
    return found;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
