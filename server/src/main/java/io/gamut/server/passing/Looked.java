package io.gamut.server.passing;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Sight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all replicas hold of a key.
 *
 * @param server that answers the reads of whoever asks: this one, or a gateway's; null for none
 * @param isPassedOn whether it is a gateway that was asked, which has servers answer
 * @param replicas in the order of their ids
 * @param members of which those that have left once wrote, too
 */
public record Looked(
    @Nullable NodeId server, boolean isPassedOn, List<Seen> replicas, MemberTable members) {
  public Looked {
    replicas = List.copyOf(replicas);
  }

  /** What a server holds; null if that is not known. */
  public @Nullable Sight at(@Nullable NodeId node) {
    Seen seen = seen(node);
    return seen == null ? null : seen.sight();
  }

  /** What became of asking a server; null if nobody did. */
  public @Nullable Seen seen(@Nullable NodeId node) {
    return replicas.stream().filter(seen -> seen.node().equals(node)).findFirst().orElse(null);
  }

  /** The server on whose disk an origin was drawn; null for none: the ledger's, or a gateway's. */
  public @Nullable NodeId writer(Origin origin) {
    if (origin.equals(Version.LEDGER)) {
      return null;
    }
    for (Member member : members.members()) {
      if (member.incarnation() != Member.ANY_DISK && origin.isOf(member.incarnation())) {
        return member.node();
      }
    }
    return null;
  }

  /** The name of an origin for people. */
  public String name(Origin origin) {
    NodeId writer = writer(origin);
    return writer == null ? "origin " + origin.brief() : "server " + writer;
  }
}
