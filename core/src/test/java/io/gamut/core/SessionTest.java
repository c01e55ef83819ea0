package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SessionTest {
  private static final Origin[] ORIGINS = {new Origin(1, 1), new Origin(2, 2), new Origin(3, 3)};

  private static final List<Consistency> LEVELS = List.of(Consistency.values());

  private final Random random = new Random(11);

  /** A session that was read from its token finds it from what it holds. */
  @Test
  void everythingIsWhatItsPartsAre() {
    for (int run = 0; run < 200; run++) {
      Session session = new Session();
      for (int step = 0; step < 40; step++) {
        change(session);
        assertThat(session.everything()).isEqualTo(again(session).everything());
      }
    }
  }

  private void change(Session session) {
    Consistency level = LEVELS.get(random.nextInt(LEVELS.size()));
    LedgerPosition position = new LedgerPosition(random.nextInt(1, 50));
    switch (random.nextInt(12)) {
      case 0 -> session.observe(position);
      case 1 -> session.observeAll(version(), position, level);
      case 2 -> session.forget(new Ends(Map.of(origin(), random.nextLong(10))));
      case 3 -> {
        Session other = new Session();
        other.observe(key(), version(), mark(position), level);
        session.merge(other);
      }
      default -> session.observe(key(), version(), mark(position), level);
    }
  }

  private Key key() {
    return Key.of("key" + random.nextInt(4));
  }

  private Origin origin() {
    return ORIGINS[random.nextInt(ORIGINS.length)];
  }

  private Version version() {
    return new Version(random.nextLong(1, 100), origin());
  }

  private Mark mark(LedgerPosition position) {
    return random.nextBoolean() ? position : new Dot(origin(), random.nextInt(1, 20));
  }

  private static Session again(Session session) {
    BinaryWriter out = new BinaryWriter();
    session.write(out);
    return Session.read(new BinaryReader(out.toByteArray()));
  }
}
