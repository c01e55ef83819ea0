package io.gamut.server.snapshot;

import io.gamut.core.InvalidDataException;

/**
 * One of the files that a snapshot consists of.
 *
 * @param name within the snapshot's directory
 * @param bytes its size
 */
record SnapshotFile(String name, long bytes) {
  static final int NAME_LENGTH_MAX = 100;

  SnapshotFile {
    if (!isPlain(name)) {
      throw new InvalidDataException("a snapshot has no file of the name '" + name + "'");
    }
    if (bytes < 0) {
      throw new InvalidDataException("file " + name + " cannot have " + bytes + " bytes");
    }
  }

  /** A name that can lead nowhere but into the directory, on any file system. */
  private static boolean isPlain(String name) {
    boolean isPlain = !name.isEmpty() && name.length() <= NAME_LENGTH_MAX && name.charAt(0) != '.';
    for (int i = 0; i < name.length() && isPlain; i++) {
      char each = name.charAt(i);
      boolean isLetter = (each >= 'A' && each <= 'Z') || (each >= 'a' && each <= 'z');
      boolean isDigit = each >= '0' && each <= '9';
      isPlain = isLetter || isDigit || each == '.' || each == '-' || each == '_';
    }
    return isPlain;
  }
}
