package io.gamut.trial.cluster;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** What servers are asked and told to do to themselves. For any thread. */
public final class Control {
  private final Cluster cluster;

  /** Commands the servers of a cluster. */
  public Control(Cluster cluster) {
    this.cluster = cluster;
  }

  /** What a server says of itself. */
  public Status status(int place) throws IOException {
    try (GamutConnection connection = cluster.connect(place)) {
      return Status.of(connection.call("GAMUT", "STATUS"));
    } catch (InvalidDataException e) {
      throw new IOException("server " + cluster.id(place) + ": " + e.getMessage(), e);
    }
  }

  /** The place of the server that leads as far as servers say that can be reached. */
  public OptionalInt leader() {
    OptionalInt leader = OptionalInt.empty();
    long term = -1;
    for (int place = 0; place < cluster.count(); place++) {
      try {
        Status status = status(place);
        if (status.leader() == cluster.id(place) && status.term() > term) {
          term = status.term();
          leader = OptionalInt.of(place);
        }
      } catch (IOException _) {
        // One that cannot be asked leads nobody that can be.
      }
    }
    return leader;
  }

  /** Tells one server to do something. Throws if it refuses. */
  public void tell(int place, String... words) throws IOException {
    try (GamutConnection connection = cluster.connect(place)) {
      if (connection.call(words) instanceof RespValue.Failure failure) {
        throw new IOException(
            "server %d, %s: %s"
                .formatted(cluster.id(place), String.join(" ", words), failure.message()));
      }
    }
  }

  /** Something that a server is to do at its end of the link with another one. */
  public record End(int place, int neighbour, List<String> words) {
    /** The same at both ends. */
    public static List<End> both(Link link, String... words) {
      return List.of(
          new End(link.one(), link.other(), List.of(words)),
          new End(link.other(), link.one(), List.of(words)));
    }
  }

  /** A link, by the places of its ends. */
  public record Link(int one, int other) {}

  /**
   * Tells all ends at once, since one that is mended waits for the other one. The verb is the first
   * word, and the others stand behind the neighbour.
   *
   * @return what went wrong, for people; empty if nothing did
   */
  public List<String> link(Collection<End> ends) {
    List<String> faults = new ArrayList<>();
    List<GamutConnection> asked = new ArrayList<>();
    List<End> sent = new ArrayList<>();
    for (End end : ends) {
      try {
        GamutConnection connection = cluster.connect(end.place);
        asked.add(connection);
        sent.add(end);
        List<String> words = new ArrayList<>(List.of("GAMUT", "LINK", end.words.getFirst()));
        words.add("" + cluster.id(end.neighbour));
        words.addAll(end.words.subList(1, end.words.size()));
        connection.send(words.toArray(String[]::new));
        connection.flush();
      } catch (ConnectionException e) {
        faults.add("server " + cluster.id(end.place) + ": " + e.getMessage());
      }
    }
    for (int i = 0; i < asked.size(); i++) {
      try (GamutConnection connection = asked.get(i)) {
        if (connection.receive() instanceof RespValue.Failure failure) {
          faults.add("server " + cluster.id(sent.get(i).place) + ": " + failure.message());
        }
      } catch (ConnectionException e) {
        faults.add("server " + cluster.id(sent.get(i).place) + ": " + e.getMessage());
      }
    }
    return faults;
  }
}
