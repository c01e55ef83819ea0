package io.gamut.overlay.net;

import io.gamut.overlay.OverlayListener;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the owner's listener, survives what it throws, and falls silent on closing. */
final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  private final OverlayListener listener;
  private boolean silent;

  Notices(OverlayListener listener) {
    this.listener = listener;
  }

  void tell(Consumer<OverlayListener> notice) {
    if (silent) {
      return;
    }
    try {
      notice.accept(listener);
    } catch (RuntimeException e) {
      LOG.error("the overlay's listener threw, which is a bug in it; going on without", e);
    }
  }

  void fallSilent() {
    silent = true;
  }
}
