package io.gamut.replication.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Renewal;
import io.gamut.core.Version;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever two replicas differ in, their chains do. */
final class StateHashTest {
  private static final Key KEY = Key.of("k");
  private static final Version VERSION = new Version(77, new Origin(1, 2));

  private static long next(long hash, Key key, Version version, Content content) {
    return StateHash.next(hash, key, new Row(version, content));
  }

  @Test
  void everyPartOfARowCounts() {
    Content.Value plain = new Content.Value(new byte[] {1}, 3, 1_800_000_000_000L);
    Set<Long> hashes = new HashSet<>();
    hashes.add(next(0, KEY, VERSION, plain));
    hashes.add(next(1L << 40, KEY, VERSION, plain));
    hashes.add(next(0, Key.of("l"), VERSION, plain));
    hashes.add(next(0, KEY, new Version(78, new Origin(1, 2)), plain));
    hashes.add(next(0, KEY, new Version(77, new Origin(2, 2)), plain));
    hashes.add(next(0, KEY, new Version(77, new Origin(1, 3)), plain));
    hashes.add(next(0, KEY, VERSION, Content.Tombstone.TOMBSTONE));
    hashes.add(next(0, KEY, VERSION, new Content.Value(new byte[] {2}, 3, 1_800_000_000_000L)));
    hashes.add(next(0, KEY, VERSION, new Content.Value(new byte[] {1}, 4, 1_800_000_000_000L)));
    hashes.add(next(0, KEY, VERSION, plain.withExpiry(0)));
    hashes.add(next(0, KEY, VERSION, plain.with(Renewal.STALE)));
    hashes.add(next(0, KEY, VERSION, plain.with(Renewal.CLAIMED)));
    assertThat(hashes).hasSize(12);
  }
}
