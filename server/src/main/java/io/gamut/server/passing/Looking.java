package io.gamut.server.passing;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import io.gamut.replication.remote.Sight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks all members at once what they hold of a key, and waits a while for those that can be
 * reached. Nobody's session takes part, and nothing changes anywhere.
 *
 * <p>On the event loop.
 */
public final class Looking {
  /** Who has not answered by then counts as silent. */
  public static final int LIMIT_MILLIS = 1_000;

  private static final int UNDER_WAY_MAX = 256;
  private static final int MEMBERS_MAX = 64;

  private final Network network;
  private final Map<Long, Look> underWay = new LinkedHashMap<>();
  private long numbers;

  /** The way to others. */
  public interface Network {
    /** Whether there was a way for it; it may be lost all the same. */
    boolean send(NodeId to, RemoteMessage message);

    /** Runs a task then, or a little later. */
    void after(int millis, Runnable task);

    long nanos();
  }

  /** Members that are being asked. */
  private static final class Look {
    final @Nullable NodeId server;
    final boolean isPassedOn;
    final MemberTable members;
    final long begunNanos;
    final TreeMap<NodeId, Seen> seen = new TreeMap<>();
    final CompletableFuture<Looked> then = new CompletableFuture<>();
    int missing;

    Look(@Nullable NodeId server, boolean isPassedOn, MemberTable members, long begunNanos) {
      this.server = server;
      this.isPassedOn = isPassedOn;
      this.members = members;
      this.begunNanos = begunNanos;
    }

    void end() {
      then.complete(new Looked(server, isPassedOn, new ArrayList<>(seen.values()), members));
    }
  }

  /** A look at this very server. */
  public record Own(NodeId node, Sight sight) {}

  /**
   * @param number which the first question's is beyond; drawn, since what this node had asked in an
   *     earlier life may be answered only now
   */
  public Looking(Network network, long number) {
    this.network = network;
    numbers = number;
  }

  /**
   * Looks at a key everywhere.
   *
   * @param own what is held here; null of a node that holds nothing
   * @param server that answers the reads of whoever asks
   * @return fails with an {@link IllegalStateException} where too many ask
   */
  public CompletableFuture<Looked> look(
      Key key, @Nullable Own own, @Nullable NodeId server, MemberTable members) {
    if (underWay.size() >= UNDER_WAY_MAX) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("more than " + UNDER_WAY_MAX + " looks are under way"));
    }
    long number = ++numbers;
    Look look = new Look(server, own == null, members, network.nanos());
    if (own != null) {
      look.seen.put(own.node, new Seen(own.node, own.sight, 0));
    }
    for (NodeId member : others(own, members)) {
      look.seen.put(member, new Seen(member, null, 0));
      if (network.send(member, new Ask(number, new Question.Look(key)))) {
        look.missing++;
      }
    }
    if (look.missing == 0) {
      look.end();
    } else {
      underWay.put(number, look);
      network.after(LIMIT_MILLIS, () -> end(number));
    }
    return look.then;
  }

  private static List<NodeId> others(@Nullable Own own, MemberTable members) {
    return members.members().stream()
        .filter(Member::isActive)
        .map(Member::node)
        .filter(node -> own == null || !node.equals(own.node))
        .limit(MEMBERS_MAX)
        .toList();
  }

  private void end(long number) {
    Look look = underWay.remove(number);
    if (look != null) {
      look.end();
    }
  }

  /** What a member holds. */
  public void onSight(NodeId from, ToldSight told) {
    Look look = underWay.get(told.number());
    Seen asked = look == null ? null : look.seen.get(from);
    if (look != null && asked != null && asked.sight() == null) {
      long nanos = Math.max(1, network.nanos() - look.begunNanos);
      look.seen.put(from, new Seen(from, told.sight(), nanos));
      look.missing--;
      if (look.missing == 0) {
        end(told.number());
      }
    }
  }
}
