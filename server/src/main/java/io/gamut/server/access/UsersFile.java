package io.gamut.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of users. It is replaced as a whole, so that a server that reads it meanwhile finds the
 * old one or the new one.
 */
public record UsersFile(Path path) {
  private static final long BYTES_MAX = 4 << 20;

  /** What changes when the file does. */
  record Stamp(FileTime modified, long bytes, @Nullable Object key) {}

  Stamp stamp() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (FileSystemException e) {
      throw unreadable(e);
    }
  }

  /** Throws {@link IOException} with all that is wrong. */
  public UserTable read() throws IOException {
    try {
      return UserTable.parse(path.toString(), lines());
    } catch (IllegalArgumentException e) {
      throw new IOException("the users cannot be read: " + e.getMessage(), e);
    }
  }

  private List<String> lines() throws IOException {
    try {
      if (Files.size(path) > BYTES_MAX) {
        throw new IOException(path + " is no file of users: it has more than " + BYTES_MAX + " B");
      }
      // Names and hashes are ASCII, and comments are anybody's.
      return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
    } catch (FileSystemException e) {
      throw unreadable(e);
    }
  }

  private IOException unreadable(FileSystemException cause) {
    String reason =
        cause instanceof NoSuchFileException ? "there is no such file" : cause.toString();
    return new IOException("cannot read the users in " + path + ": " + reason, cause);
  }

  /** Whether people may read it who neither own it nor are of its group, where that is known. */
  boolean isReadableByOthers() throws IOException {
    return isPosix()
        && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
  }

  private boolean isPosix() throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }

  /** Adds a user, or gives one that there is a new password and new rights. */
  public void put(User user, PasswordHash password) throws IOException {
    List<String> lines = Files.exists(path) ? new ArrayList<>(checkedLines()) : new ArrayList<>();
    String line = new UserTable.Entry(user, password).line();
    int place = place(lines, user.name());
    if (place < 0) {
      lines.add(line);
    } else {
      lines.set(place, line);
    }
    replace(lines);
  }

  /** Removes a user; whether there was one. */
  public boolean remove(String name) throws IOException {
    List<String> lines = new ArrayList<>(checkedLines());
    int place = place(lines, name);
    if (place < 0) {
      return false;
    }
    lines.remove(place);
    replace(lines);
    return true;
  }

  private List<String> checkedLines() throws IOException {
    var _ = read();
    return lines();
  }

  private static int place(List<String> lines, String name) {
    for (int i = 0; i < lines.size(); i++) {
      if (name.equals(UserTable.nameIn(lines.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  private void replace(List<String> lines) throws IOException {
    // Where it is linked to, it stays linked to.
    Path real = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path directory = Optional.ofNullable(real.getParent()).orElse(real);
    // Made for its owner alone.
    Path fresh = Files.createTempFile(directory, "users", ".new");
    try {
      Files.write(fresh, lines, StandardCharsets.ISO_8859_1);
      Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
