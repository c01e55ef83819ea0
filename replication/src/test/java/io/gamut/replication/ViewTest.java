package io.gamut.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.store.UpdateStore;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What other threads see of a replica that goes on meanwhile. */
final class ViewTest {
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(1, 2);
  private static final Version VERSION = new Version(5, ORIGIN);
  private static final Content.Value VALUE = Content.Value.of(new byte[] {1});
  private static final Pair WEAK = new Pair(KEY, VALUE, VERSION, new Dot(ORIGIN, 1));
  private static final Pair COMMITTED = new Pair(KEY, VALUE, VERSION, new LedgerPosition(3));

  private boolean isAbsorbed;

  /** Holds the update until it is absorbed. */
  private final UpdateStore tentative =
      (UpdateStore)
          Proxy.newProxyInstance(
              ViewTest.class.getClassLoader(),
              new Class<?>[] {UpdateStore.class},
              (_, method, _) ->
                  switch (method.getName()) {
                    case "scan" -> isAbsorbed ? List.of() : List.of(WEAK);
                    case "lookup" -> isAbsorbed ? null : WEAK;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  /** Holds it once it is absorbed: which happens after each look at it. */
  private final CommittedView committed =
      new CommittedView() {
        @Override
        public long position() {
          return 3;
        }

        @Override
        public Version base() {
          return Version.NONE;
        }

        @Override
        public @Nullable Pair lookup(Key key) {
          Pair seen = isAbsorbed ? COMMITTED : null;
          isAbsorbed = true;
          return seen;
        }

        @Override
        public List<Pair> scan(@Nullable Key after, int limit) {
          List<Pair> seen = isAbsorbed ? List.of(COMMITTED) : List.of();
          isAbsorbed = true;
          return seen;
        }
      };

  @Test
  void whatIsAbsorbedInTheMiddleOfALookIsSeen() {
    assertThat(new View(tentative, committed).lookup(KEY)).isEqualTo(WEAK);
    assertThat(new View(tentative, committed).lookup(KEY)).isEqualTo(COMMITTED);
  }

  @Test
  void whatIsAbsorbedInTheMiddleOfAListingIsListed() {
    assertThat(new View(tentative, committed).scan(null, 10)).containsExactly(WEAK);
    assertThat(new View(tentative, committed).scan(null, 10)).containsExactly(COMMITTED);
  }
}
