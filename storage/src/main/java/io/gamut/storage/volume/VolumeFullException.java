package io.gamut.storage.volume;

import java.io.IOException;

/** There was no room on the disk (or no quota) for what was to be created or written. */
public final class VolumeFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public VolumeFullException(String message) {
    super(message);
  }

  public VolumeFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
