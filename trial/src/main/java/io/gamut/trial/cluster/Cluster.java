package io.gamut.trial.cluster;

import io.gamut.trial.play.Servers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The servers of a trial, each by its place from 0. All are there when it begins. For any thread,
 * but no two at the same server.
 */
public interface Cluster extends Servers {
  /** The id of a server. */
  int id(int place);

  /** What can be done to the processes of servers; empty if that is not possible from here. */
  Optional<Processes> processes();

  /** What can be done to the processes of servers. */
  interface Processes {
    /** Kills one at once, as {@code kill -9}. */
    void kill(int place) throws IOException;

    /** Whether servers are started from here: without it only kill, start, pause and resume. */
    boolean startsServers();

    /** Ends one in order. */
    void stop(int place) throws IOException, InterruptedException;

    /**
     * Starts one that was killed or stopped, with its disk, and returns when it serves; nothing if
     * it runs.
     */
    void start(int place) throws IOException, InterruptedException;

    /** Makes one stand still. */
    void pause(int place) throws IOException;

    /** Lets one go on that stands still. */
    void resume(int place) throws IOException;

    /**
     * Starts a server more, with an empty disk, which has no place: nobody connects to it.
     *
     * @return its id
     */
    int grow() throws IOException, InterruptedException;

    /** What servers did of themselves that nobody asked for: they ended, say. */
    List<String> surprises();

    /** Lets a server leave the cluster that {@link #grow} has started. */
    void shrink(int id) throws IOException, InterruptedException;
  }
}
