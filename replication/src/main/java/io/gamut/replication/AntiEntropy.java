package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings what eager spreading did not (Demers et al., "Epidemic Algorithms for Replicated Database
 * Maintenance", PODC 1987; the session of version vectors is Bayou's, Petersen et al., SOSP 1997).
 *
 * <p>It is driven by the one who lacks something. Adverts tell what others hold; what is missing
 * for longer than a grace, or is reported <em>fresh</em>, is pulled from a neighbour: one question
 * at a time, answered by at most a batch of exactly what comes after the asker's vector. So nothing
 * is sent twice while messages arrive, the asker sets the pace, and every link of a chain carries
 * each update once.
 */
final class AntiEntropy {
  private static final int TIMEOUT_DOUBLINGS_MAX = 4;

  private final Timing timing;
  private final UpdateStore store;

  private VersionVector wanted = VersionVector.EMPTY;
  private long wantedSinceNanos;
  private boolean urgent;

  private @Nullable NodeId asked;
  private @Nullable NodeId avoided;
  private long pull;
  private long askedAtNanos;
  private int timeouts;

  AntiEntropy(Timing timing, UpdateStore store, Entropy entropy) {
    this.timing = timing;
    this.store = store;
    this.pull = entropy.nextLong();
  }

  /** Somebody holds all this. */
  void onAdvert(VersionVector held, boolean fresh, VersionVector accepted, Now now) {
    if (accepted.covers(held)) {
      return;
    }
    if (wanted.isEmpty()) {
      wanted = held;
      wantedSinceNanos = now.nanos();
    }
    if (fresh) {
      wanted = wanted.join(held);
      urgent = true;
    }
  }

  void onNeighbourDown(NodeId node) {
    if (node.equals(asked)) {
      asked = null;
    }
  }

  /** Asks a neighbour for what has been missing too long, unless a question is still open. */
  void ask(VersionVector accepted, Peers peers, Now now, Effects effects) {
    if (asked != null && now.nanos() - askedAtNanos >= timeoutNanos()) {
      avoided = asked;
      asked = null;
      timeouts = Math.min(timeouts + 1, TIMEOUT_DOUBLINGS_MAX);
    }
    if (!wanted.isEmpty() && accepted.covers(wanted)) {
      wanted = VersionVector.EMPTY;
      urgent = false;
    }
    boolean isDue = urgent || now.nanos() - wantedSinceNanos >= timing.graceNanos();
    if (asked != null || wanted.isEmpty() || !isDue) {
      return;
    }
    NodeId target = target(accepted, peers);
    if (target != null) {
      asked = target;
      askedAtNanos = now.nanos();
      effects.send(target, new Pull(++pull, accepted, timing.pullBytes()));
    }
  }

  private long timeoutNanos() {
    return timing.pullTimeoutNanos() << timeouts;
  }

  /** The neighbour that is known to hold most of what is missing; another one after a silence. */
  private @Nullable NodeId target(VersionVector accepted, Peers peers) {
    NodeId best = null;
    long most = 0;
    for (NodeId node : peers.neighbours()) {
      long more = excess(peers.held(node), accepted);
      if (more > 0 && (best == null || best.equals(avoided) || more > most)) {
        if (!node.equals(avoided) || best == null) {
          best = node;
          most = more;
        }
      }
    }
    return best;
  }

  private static long excess(VersionVector held, VersionVector accepted) {
    long[] sum = {0};
    held.forEach((origin, last) -> sum[0] += Math.max(0, last - accepted.get(origin)));
    return sum[0];
  }

  /**
   * A batch has been taken in. Only the answer to the open question counts here; any other is late.
   *
   * @param isUseful whether it brought anything; if not, asking again at once would bring no more
   */
  void onBatch(NodeId from, Batch batch, boolean isUseful, Now now) {
    if (!from.equals(asked) || batch.pull() != pull) {
      return;
    }
    asked = null;
    avoided = isUseful ? null : from;
    timeouts = 0;
    urgent &= isUseful;
    wantedSinceNanos = now.nanos();
    urgent |= isUseful && batch.more();
  }

  /** Answers a question with what comes after the asker's vector, up to its limit of bytes. */
  Batch answer(Pull question, VersionVector received, VersionVector shown) {
    List<Section> sections = new ArrayList<>();
    List<Update> updates = new ArrayList<>();
    boolean[] gaps = {false};
    int[] budget = {Math.min(question.bytesMax(), timing.pullBytes())};
    boolean[] more = {false};
    received.forEach((origin, last) -> {
      long after = question.accepted().get(origin);
      if (after >= last) {
        return;
      }
      if (budget[0] <= 0) {
        more[0] = true;
        return;
      }
      List<Update> part = store.read(origin, after + 1, last, budget[0]);
      long through = spent(part, budget) ? part.getLast().dot().sequence() : last;
      more[0] |= through < last;
      gaps[0] |= part.size() < through - after;
      sections.add(new Section(origin, after, through));
      updates.addAll(part);
    });
    VersionVector barrier = gaps[0] ? shown : VersionVector.EMPTY;
    return new Batch(question.pull(), sections, updates, barrier, more[0]);
  }

  /** Takes the updates' sizes off the budget; whether that used it up. */
  private static boolean spent(List<Update> part, int[] budget) {
    for (Update update : part) {
      budget[0] -= update.size();
    }
    return budget[0] <= 0;
  }
}
