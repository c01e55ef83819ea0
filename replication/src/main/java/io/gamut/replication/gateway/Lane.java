package io.gamut.replication.gateway;

import io.gamut.core.NodeId;
import io.gamut.replication.strong.StrongInput;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway remembers of one connection of a client: the server that answers it, so that it
 * sees one view and not several in turn, and what of it must stay in order. For its gateway alone.
 */
public final class Lane {
  final ArrayDeque<Held> held = new ArrayDeque<>();
  @Nullable NodeId server;

  /** Requests that no server could be asked yet: those behind them must not overtake them. */
  int idle;

  /** The last of its weak writes that may be found where it was written. */
  long written;

  /** Which server answers it, as long as that can; null before the first answer. */
  public @Nullable NodeId server() {
    return server;
  }

  /** A strong operation that must not go into the ledger before those ahead of it. */
  static final class Held {
    final StrongInput.Execute execute;
    boolean isReady;

    Held(StrongInput.Execute execute) {
      this.execute = execute;
    }
  }
}
