package io.gamut.storage.rocks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a store's files hold is not what was written. Another opening would find the same. */
public final class StoreCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message names the directory
   */
  public StoreCorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
