package io.gamut.server;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.storage.journal.JournalId;
import io.gamut.storage.volume.DurableFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/**
 * Who a data directory belongs to: which node of which cluster. Written once, before anything else.
 *
 * @param secret the key of the cluster's session tokens
 * @param incarnation of the disk, drawn at random: with an empty one it is somebody else to the
 *     ledger
 * @param bootstraps whether it begins the ledger, alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Identity(
    NodeId node,
    ClusterId cluster,
    byte[] secret,
    JournalId journal,
    long incarnation,
    boolean bootstraps) {
  private static final String FILE = "identity.properties";
  private static final String FORMAT = "2";

  /** Of releases without a ledger: no incarnation, and nobody who had begun one. */
  private static final String FORMAT_WITHOUT_LEDGER = "1";

  private static final int SECRET_BYTES = 32;

  /** The identity of the first node of a new cluster. */
  static Identity bootstrap(NodeId node, SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    ClusterId cluster = new ClusterId(random.nextLong(), random.nextLong());
    return drawn(node, cluster, secret, true, random);
  }

  static Identity joining(NodeId node, ClusterId cluster, byte[] secret, SecureRandom random) {
    return drawn(node, cluster, secret, false, random);
  }

  private static Identity drawn(
      NodeId node, ClusterId cluster, byte[] secret, boolean bootstraps, SecureRandom random) {
    JournalId journal = new JournalId(random.nextLong(), random.nextLong());
    return new Identity(node, cluster, secret, journal, random.nextLong(), bootstraps);
  }

  /** The same node on the same disk, which is somebody else to the ledger from now on. */
  Identity reborn(SecureRandom random) {
    return new Identity(node, cluster, secret, journal, random.nextLong(), false);
  }

  /** Who this is to the ledger. */
  Participant participant() {
    return new Participant(node, incarnation);
  }

  /** Reads a directory's identity; empty when it has none yet. */
  static Optional<Identity> load(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    String format = properties.getProperty("format", "none");
    if (!format.equals(FORMAT) && !format.equals(FORMAT_WITHOUT_LEDGER)) {
      throw new IOException(
          "cannot read " + file + ": its format is " + format + ", this release knows " + FORMAT);
    }
    try {
      ClusterId journal = ClusterId.parse(properties.getProperty("journal", ""));
      return Optional.of(
          new Identity(
              new NodeId(Integer.parseInt(properties.getProperty("node", ""))),
              ClusterId.parse(properties.getProperty("cluster", "")),
              HexFormat.of().parseHex(properties.getProperty("secret", "")),
              new JournalId(journal.high(), journal.low()),
              incarnation(format, properties, journal),
              Boolean.parseBoolean(properties.getProperty("bootstraps", "false"))));
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot read " + file + ": it is damaged (" + e.getMessage() + ")", e);
    }
  }

  /** One without it has a random number of another use, as good as any. */
  private static long incarnation(String format, Properties properties, ClusterId journal) {
    return format.equals(FORMAT_WITHOUT_LEDGER)
        ? journal.low()
        : HexFormat.fromHexDigitsToLong(properties.getProperty("incarnation", ""));
  }

  /** Writes it so that a crash leaves either nothing or all of it. */
  void save(Path directory) throws IOException {
    String text =
        "format=%s%nnode=%s%ncluster=%s%nsecret=%s%njournal=%s%nincarnation=%s%nbootstraps=%s%n"
            .formatted(
                FORMAT,
                node,
                cluster,
                HexFormat.of().formatHex(secret),
                new ClusterId(journal.high(), journal.low()),
                HexFormat.of().toHexDigits(incarnation),
                bootstraps);
    DurableFile.write(directory, FILE, text.getBytes(StandardCharsets.UTF_8));
  }
}
