package io.gamut.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.MemberTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the members are is found outside the journal, and never misread. */
final class KnownMembersTest {
  private static final MemberTable TABLE =
      new MemberTable(
          List.of(
              new Member(new NodeId(0), "127.0.0.1:7479", Standing.ACTIVE, 5),
              new Member(new NodeId(1), "127.0.0.1:7480", Standing.LEFT, 6),
              new Member(new NodeId(2), "127.0.0.1:7481", Standing.ACTIVE, 7)));

  @TempDir private Path directory = Path.of("");

  @Test
  void theLatestTableIsThereOnceItIsClosed() throws IOException {
    assertThat(KnownMembers.load(directory)).isEqualTo(MemberTable.EMPTY);
    try (KnownMembers known = new KnownMembers(directory)) {
      known.onMembers(new MemberTable(TABLE.members().subList(0, 1)));
      known.onMembers(TABLE);
    }
    assertThat(KnownMembers.load(directory)).isEqualTo(TABLE);
    assertThat(KnownMembers.addressesOfOthers(directory, new NodeId(2)))
        .containsExactly(new Endpoint("127.0.0.1", 7479));
  }

  @Test
  void damageAnywhereMakesItNobodysTable() throws IOException {
    KnownMembers.save(directory, TABLE);
    Path file = directory.resolve("members");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 4;
      Files.write(file, bytes);
      assertThat(KnownMembers.load(directory)).as("byte %s", i).isEqualTo(MemberTable.EMPTY);
      bytes[i] ^= 4;
    }
  }
}
