package io.gamut.server;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.storage.volume.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of the member table outside the journal, for a start at which the journal cannot be read,
 * or holds nothing yet. It says where the others may be found, and nothing else is taken from it.
 *
 * <p>Thread rules: {@link #onMembers} on one thread, which it does not let wait for the disk.
 */
final class KnownMembers implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(KnownMembers.class);
  private static final String FILE = "members";
  private static final int FORMAT = 1;
  private static final int TABLE_BYTES_MAX = 1 << 20;

  private final Path data;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gamut-members").factory());
  private final AtomicReference<@Nullable MemberTable> toKeep = new AtomicReference<>();
  private MemberTable latest = MemberTable.EMPTY;

  KnownMembers(Path data) {
    this.data = data;
  }

  /** Keeps a table, some time soon; where several come before that, the last one. */
  void onMembers(MemberTable members) {
    if (members.equals(latest)) {
      return;
    }
    latest = members;
    if (toKeep.getAndSet(members) == null) {
      writer.execute(this::keep);
    }
  }

  private void keep() {
    MemberTable members = toKeep.getAndSet(null);
    if (members != null) {
      try {
        save(data, members);
      } catch (IOException e) {
        LOGGER.warn("Could not keep who the members are; it is tried again with the next", e);
      }
    }
  }

  /** Waits until everything is kept. */
  @Override
  public void close() {
    writer.close();
  }

  /** Keeps a table, durably. */
  static void save(Path data, MemberTable members) throws IOException {
    BinaryWriter table = new BinaryWriter();
    members.write(table);
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeBytes(table.toByteArray());
    out.writeLong(checksum(table.toByteArray()));
    DurableFile.write(data, FILE, out.toByteArray());
  }

  private static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  /** What was kept; nobody if nothing was, or if it cannot be read. */
  static MemberTable load(Path data) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(data.resolve(FILE));
    } catch (NoSuchFileException _) {
      return MemberTable.EMPTY;
    }
    try {
      return decode(bytes);
    } catch (InvalidDataException e) {
      LOGGER.warn("{} cannot be read, and is not used: {}", data.resolve(FILE), e.getMessage());
      return MemberTable.EMPTY;
    }
  }

  private static MemberTable decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("its format is " + format);
    }
    byte[] table = in.readBytes(TABLE_BYTES_MAX);
    if (in.readLong() != checksum(table)) {
      throw new InvalidDataException("its checksum is wrong");
    }
    return MemberTable.read(new BinaryReader(table));
  }

  /** Where the others are that belonged to the cluster when it was last heard of. */
  static List<Endpoint> addressesOfOthers(Path data, NodeId self) throws IOException {
    List<Endpoint> addresses = new ArrayList<>();
    for (Member member : load(data).members()) {
      if (member.isActive() && !member.node().equals(self)) {
        addresses.add(Endpoint.parse(member.address()));
      }
    }
    return addresses;
  }
}
