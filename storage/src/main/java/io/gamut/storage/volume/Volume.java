package io.gamut.storage.volume;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory of files that belongs to its opener alone until {@link #close()}.
 *
 * <h2>What survives a crash</h2>
 *
 * A crash is the death of the machine: power, kernel, or a disk pulled out. The death of this
 * process alone loses nothing that a call here has returned from.
 *
 * <ul>
 *   <li>Of a file's <b>bytes</b>, those survive that were written before a {@link
 *       VolumeFile#sync()} began which returned normally. A write after it may survive wholly, not
 *       at all, or in any subset of its {@value #SECTOR_BYTES}-byte sectors, in any order among all
 *       writes since that sync. A sector itself is old or new, never a mixture.
 *   <li>Of a file's <b>length</b>, the same: an unsynced change of it may survive or not. What lies
 *       in bytes that an unsynced change of length uncovers is undefined.
 *   <li>Of the <b>directory</b>, what was created, renamed or deleted before a {@link
 *       #syncDirectory()} began which returned normally. A later change may survive or not, in any
 *       order among changes to different files. A rename is atomic: one name or the other. A file
 *       that was synced before it was renamed has its bytes under whichever name survives.
 *   <li>After a sync that <b>failed</b>, nothing written since the last good one may be trusted,
 *       not even after a later sync that returns normally; only writing the bytes again helps
 *       (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * Different files may be used by different threads at the same time, and so may the methods of the
 * volume, if the implementation says so; {@link DirectoryVolume} does, {@link SimulatedVolume} is
 * for one thread.
 *
 * <p>Errors are {@link IOException}s whose message names what was tried, the path, and what to do;
 * a full disk is a {@link VolumeFullException}.
 */
public interface Volume extends Closeable {
  /** The unit in which an unsynced write may be torn. */
  int SECTOR_BYTES = 512;

  /**
   * Creates a file of this length filled with zeros, its space really taken, so that later writes
   * within it neither run out of space nor change metadata that a sync would have to wait for.
   *
   * <p>Neither bytes nor name are durable before {@link VolumeFile#sync()} and {@link
   * #syncDirectory()}. When it throws, no file of this name is left, as far as could be done.
   *
   * @throws VolumeFullException when there is no room for it
   * @throws java.nio.file.FileAlreadyExistsException when the name is taken
   */
  VolumeFile create(String name, long lengthBytes) throws IOException;

  /**
   * Opens an existing file for reading and writing.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of this name
   */
  VolumeFile open(String name) throws IOException;

  /** The names of all files, sorted; files that the volume keeps for itself are left out. */
  List<String> list() throws IOException;

  /**
   * Gives a file another name, atomically; a file open under the old name stays open.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of the old name
   * @throws java.nio.file.FileAlreadyExistsException when the new name is taken
   */
  void rename(String from, String to) throws IOException;

  /**
   * Deletes a file.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of this name
   */
  void delete(String name) throws IOException;

  /** Makes every creation, renaming and deletion so far durable. */
  void syncDirectory() throws IOException;

  /**
   * Gives the directory free for another opener; syncs nothing. Files still open stay the caller's.
   */
  @Override
  void close() throws IOException;
}
