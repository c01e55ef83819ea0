package io.gamut.server;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.Overlay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server asks the others whether they can do without what is on its disk.
 *
 * <p>They can while one of them leads: then a majority of the voters takes part, and it has all
 * that is committed. Where nobody leads, the asking server waits, and its disk stays as it is: its
 * damaged journal may be the best that is left. So a fault that hits all servers alike, or a
 * majority of them, sets nothing aside.
 *
 * <p>Nothing of the cluster is changed by asking. A member of an earlier release lets anybody in
 * who asks.
 */
final class TakingBack {
  private static final Logger LOGGER = LoggerFactory.getLogger(TakingBack.class);

  /** What tells such a request from that of a newcomer, which is empty. */
  private static final byte[] REQUEST = "back".getBytes(StandardCharsets.US_ASCII);

  private static final long ASKING_SECONDS = 3;
  private static final long SILENT_SECONDS = 30;

  private TakingBack() {}

  static byte[] request() {
    return REQUEST.clone();
  }

  /**
   * What a member has against a request to be let in, for now.
   *
   * @param ledger as this member knows it
   */
  static Optional<String> objection(Ledger ledger, NodeId asking, byte[] request) {
    Participant leader = ledger.leader();
    boolean isLed = leader != null && !leader.node().equals(asking);
    return isLed || !Arrays.equals(request, REQUEST)
        ? Optional.empty()
        : Optional.of("nobody is known to lead the ledger without server " + asking);
  }

  /**
   * Asks one after the other until one says that this server can be taken back; as long as it
   * takes.
   *
   * @param overlay of a server without a cluster
   * @param contacts where members may be, at least one
   * @throws IOException when all refuse for good, or the one that answers is of another cluster
   */
  static Joined ask(Overlay overlay, List<Endpoint> contacts, ClusterId cluster)
      throws IOException, InterruptedException {
    long saidNanos = System.nanoTime();
    while (true) {
      int refusals = 0;
      for (Endpoint contact : contacts) {
        try {
          Joined joined = overlay.join(contact, request()).get(ASKING_SECONDS, TimeUnit.SECONDS);
          return requireOf(cluster, joined, contact);
        } catch (TimeoutException _) {
          // It is down, or says that it is too early: the next one is asked.
        } catch (ExecutionException e) {
          if (++refusals == contacts.size()) {
            throw new IOException("no member takes this server back: " + e.getMessage(), e);
          }
        }
      }
      if (System.nanoTime() - saidNanos > TimeUnit.SECONDS.toNanos(SILENT_SECONDS)) {
        saidNanos = System.nanoTime();
        LOGGER.warn(
            "Nothing is set aside yet: none of {} says that a majority goes on without this server",
            contacts);
      }
    }
  }

  private static Joined requireOf(ClusterId cluster, Joined joined, Endpoint contact)
      throws IOException {
    if (!joined.cluster().equals(cluster)) {
      throw new IOException(
          "%s is of the cluster %s, and cannot give back what this server of the cluster %s has lost"
              .formatted(contact, joined.cluster(), cluster));
    }
    return joined;
  }
}
