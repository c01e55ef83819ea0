package io.gamut.server;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.Overlay;
import io.gamut.replication.message.MemberTable;
import io.gamut.storage.volume.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about a damaged disk.
 *
 * <p><b>Why the whole disk goes.</b> A server whose journal has a hole cannot know what it has
 * promised: a vote, an acknowledged entry, a fence. Nor can one whose store is damaged be given the
 * missing rows one by one: the journal in front of the store's last checkpoint is gone. So it gives
 * up its place, as one does whose disk was set back (decision 15), and comes back with an empty
 * disk and another identity, to be given everything by the others.
 *
 * <p><b>In this order.</b> Damage is noted ({@link Damage}) where others are known that may have
 * the data; a server that knows nobody only says what it has found. The next start, or a second try
 * of this one, finds the note before it opens anything. It asks the others ({@link TakingBack})
 * and, once they can do without this disk, sets all of it aside ({@link SettingAside}).
 *
 * @param journal the volume of the journal, open and so locked
 */
record Repair(NodeConfig config, Volume journal, SecureRandom random, InstantSource clock) {
  private static final Logger LOGGER = LoggerFactory.getLogger(Repair.class);

  /** Who a server is after its repair, and whom it was told of. */
  record Repaired(Identity identity, MemberTable members) {}

  // When damage is found

  /**
   * Notes what made a running server stop, so that its next start repairs it; nothing where it is
   * alone.
   */
  static void noteWhileRunning(NodeConfig config, Damage damage) {
    try {
      if (!contacts(config).isEmpty()) {
        damage.note(config.data());
      }
    } catch (IOException e) {
      LOGGER.error("Node {} could not note that its disk is damaged", config.id(), e);
    }
  }

  /**
   * Notes what made a start fail, so that another try repairs it.
   *
   * @throws IOException when there is nobody who could give the data back: nothing is changed then
   */
  static void noteAtStart(NodeConfig config, Damage damage, Exception found) throws IOException {
    Path data = config.data();
    if (contacts(config).isEmpty()) {
      throw new IOException(alone(config, damage) + ". Nothing was changed", found);
    }
    SettingAside.requireRoom(data);
    damage.note(data);
  }

  private static String alone(NodeConfig config, Damage damage) {
    return "server %s cannot start, since its disk is damaged: %s. It knows no other member of its cluster, which could give the data back. Put back a copy of %s; or, if there are members, name one to join"
        .formatted(config.id(), damage.what(), config.data());
  }

  /** Where members may be found, by what is known outside of what may be damaged. */
  private static List<Endpoint> contacts(NodeConfig config) throws IOException {
    Set<Endpoint> contacts =
        new LinkedHashSet<>(KnownMembers.addressesOfOthers(config.data(), config.id()));
    config.join().ifPresent(contacts::add);
    return List.copyOf(contacts);
  }

  // At a start, before anything else

  /** Finishes what a crash has cut off. */
  void resume() throws IOException {
    Optional<SettingAside> begun = SettingAside.found(config.data(), SettingAside.Steps.UNWATCHED);
    if (begun.isPresent()) {
      finish(begun.get());
    }
  }

  /**
   * The damage that has to be repaired first, if any was noted.
   *
   * @throws IOException when it cannot be: nothing is changed then
   */
  Optional<Damage> pending() throws IOException {
    Optional<Damage> noted = Damage.noted(config.data());
    if (noted.isPresent()) {
      SettingAside.requireRoom(config.data());
      if (contacts(config).isEmpty()) {
        throw new IOException(
            "%s. Without the file %s it would try to start with what can be read"
                .formatted(alone(config, noted.get()), Damage.file(config.data())));
      }
    }
    return noted;
  }

  /**
   * Asks the others, as long as it takes, and sets everything aside.
   *
   * @param overlay of a server without a cluster; afterwards it is of the old one's
   */
  Repaired run(Identity old, Damage damage, Overlay overlay)
      throws IOException, InterruptedException {
    List<Endpoint> contacts = contacts(config);
    LOGGER.warn(
        "The disk of node {} is damaged: {}. It cannot know what it has acknowledged, and gives up"
            + " its vote. It asks {} whether a majority goes on without it",
        config.id(),
        damage.what(),
        contacts);
    Joined joined = TakingBack.ask(overlay, contacts, old.cluster());
    MemberTable members = Joining.decode(joined.answer()).members();
    KnownMembers.save(config.data(), members);
    SettingAside begun =
        SettingAside.begin(config.data(), damage, clock.instant(), SettingAside.Steps.UNWATCHED);
    return new Repaired(finish(begun), members);
  }

  private Identity finish(SettingAside begun) throws IOException {
    Identity identity = begun.finish(journal, random);
    LOGGER.warn(
        "All that node {} had is in {}, since its disk was damaged: {}. It comes back as a new"
            + " member with an empty disk, and fetches everything from the others. Weak updates of"
            + " its own that had reached nobody are only there. Check the disk before you delete"
            + " that directory",
        config.id(),
        begun.directory(),
        begun.damage().what());
    return identity;
  }
}
