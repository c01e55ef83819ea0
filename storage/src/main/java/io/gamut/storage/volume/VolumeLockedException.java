package io.gamut.storage.volume;

import java.io.IOException;

/** The directory is in use: by another process, or by another volume of this one. */
public final class VolumeLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  public VolumeLockedException(String message) {
    super(message);
  }
}
