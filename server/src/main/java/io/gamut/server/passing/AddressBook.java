package io.gamut.server.passing;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.replication.remote.ClientAddresses;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where clients reach the servers that can be reached, as they have said. It is kept nowhere: each
 * says so again and again.
 *
 * <p>Thread rules: {@link #all} from any thread, the rest on one event loop.
 */
public final class AddressBook {
  /** Between two announcements. */
  public static final int ANNOUNCED_MILLIS = 2_000;

  private final TreeMap<NodeId, ClientAddresses> known = new TreeMap<>();
  private volatile Map<NodeId, ClientAddresses> all = Map.of();

  /** A server has said where its clients reach it. What is no address is not believed. */
  public void put(NodeId node, ClientAddresses addresses) {
    boolean areAddresses =
        isAddress(addresses.resp())
            && (addresses.http().isEmpty() || isAddress(addresses.http()))
            && (addresses.memcached().isEmpty() || isAddress(addresses.memcached()));
    if (areAddresses && !addresses.equals(known.put(node, addresses))) {
      publish();
    }
  }

  private static boolean isAddress(String text) {
    try {
      var _ = Endpoint.parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** A node can be reached no more. */
  public void remove(NodeId node) {
    if (known.remove(node) != null) {
      publish();
    }
  }

  private void publish() {
    all = Collections.unmodifiableMap(new TreeMap<>(known));
  }

  /** By server, ascending. */
  public Map<NodeId, ClientAddresses> all() {
    return all;
  }
}
