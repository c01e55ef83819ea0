package io.gamut.storage.volume;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A volume that is a directory of the operating system. Any number of threads may use it.
 *
 * <p>Space is taken by writing zeros, not by setting a length: a sparse file would find the disk
 * full at some later write, and each of its syncs would wait for the file system to record new
 * blocks as well.
 *
 * <p>An interrupt closes a {@link FileChannel} under the thread that uses it. Threads that come
 * here must not be interrupted; one that was gets an error that says so.
 */
public final class DirectoryVolume implements Volume {
  /** Holds the lock, and for whoever finds it taken the number of the process that took it. */
  static final String LOCK_NAME = ".lock";

  private static final int FILL_BYTES = 1 << 20;

  private final Path directory;
  private final FileChannel lock;

  private DirectoryVolume(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Opens a directory, which is created if need be, and locks it.
   *
   * @throws VolumeLockedException when another process, or another volume of this process, has it
   */
  public static DirectoryVolume open(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      createDurably(absolute);
      return new DirectoryVolume(absolute, lock(absolute));
    } catch (VolumeLockedException e) {
      throw e;
    } catch (IOException e) {
      throw DiskErrors.explained("could not open the directory", absolute, e);
    }
  }

  /** Creates what is missing on the way down, and syncs the parent of each directory created. */
  private static void createDurably(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDurably(parent);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      DurableFile.syncDirectory(parent);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path path = directory.resolve(LOCK_NAME);
    FileChannel channel = FileChannel.open(path, CREATE, READ, WRITE);
    try {
      if (channel.tryLock() == null) {
        throw locked(directory, "process " + holder(path));
      }
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw locked(directory, "this very process");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static String holder(Path path) throws IOException {
    String pid = Files.readString(path, StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "(unknown)" : pid;
  }

  private static VolumeLockedException locked(Path directory, String holder) {
    return new VolumeLockedException(
        "could not lock the directory "
            + directory
            + ": "
            + holder
            + " has it open. Stop that one first, or choose another directory: two at once would"
            + " destroy each other's data.");
  }

  @Override
  public VolumeFile create(String name, long lengthBytes) throws IOException {
    Path path = resolve(name);
    FileChannel channel = openChannel("could not create", path, CREATE_NEW, READ, WRITE);
    DirectoryFile file = new DirectoryFile(path, channel);
    try {
      fill(file, lengthBytes);
      return file;
    } catch (IOException | RuntimeException e) {
      discard(file, path, e);
      throw e;
    }
  }

  private static void fill(DirectoryFile file, long lengthBytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(FILL_BYTES, lengthBytes));
    for (long position = 0; position < lengthBytes; position += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), lengthBytes - position));
      file.write(position, zeros);
    }
  }

  private static void discard(DirectoryFile file, Path path, Exception cause) {
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public VolumeFile open(String name) throws IOException {
    Path path = resolve(name);
    return new DirectoryFile(path, openChannel("could not open", path, READ, WRITE));
  }

  private static FileChannel openChannel(
      String tried, Path path, java.nio.file.OpenOption... options) throws IOException {
    try {
      return FileChannel.open(path, options);
    } catch (IOException e) {
      throw DiskErrors.explained(tried, path, e);
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.equals(LOCK_NAME))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw DiskErrors.explained("could not list", directory, e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = resolve(from);
    Path target = resolve(to);
    try {
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw DiskErrors.explained("could not rename to " + to, source, e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = resolve(name);
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw DiskErrors.explained("could not delete", path, e);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    try {
      DurableFile.syncDirectory(directory);
    } catch (IOException e) {
      throw DiskErrors.explained("could not sync the directory", directory, e);
    }
  }

  private Path resolve(String name) {
    Path path = directory.resolve(name).normalize();
    if (!directory.equals(path.getParent()) || name.equals(LOCK_NAME)) {
      throw new IllegalArgumentException(
          "a file of a volume has a plain name, without directories, not '" + name + "'");
    }
    return path;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
