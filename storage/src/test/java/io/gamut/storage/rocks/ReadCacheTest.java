package io.gamut.storage.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Content.Value;
import io.gamut.core.Key;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A reader is made slow by doing, while it reads, what the writer does. */
final class ReadCacheTest {
  private static final Key KEY = Key.of("k");
  private static final RocksOptions OPTIONS = new RocksOptions(1 << 20, 0, 16, 1 << 20, 100);

  private final ReadCache<Content> cache = new ReadCache<>(OPTIONS, content -> content);
  private final Map<Key, Content> tables = new HashMap<>();
  private int reads;

  private static Content value(int bytes) {
    return Value.of(new byte[bytes]);
  }

  private @Nullable Content get() {
    return cache.get(KEY, this::read);
  }

  private @Nullable Content read(Key key) {
    reads++;
    return tables.get(key);
  }

  private void write(@Nullable Content value) {
    if (value == null) {
      tables.remove(KEY);
    } else {
      tables.put(KEY, value);
    }
    cache.onWritten(KEY, value);
  }

  /** Reads the tables, but gets what it read only after the writer has written. */
  private @Nullable Content getWhileIsWritten(@Nullable Content value) {
    return cache.get(
        KEY,
        key -> {
          Content before = tables.get(key);
          write(value);
          return before;
        });
  }

  @Test
  void whatWasReadOrWrittenIsReadOnce() {
    tables.put(KEY, value(1));
    assertThat(get()).isEqualTo(value(1));
    assertThat(get()).isEqualTo(value(1));
    assertThat(reads).isEqualTo(1);
    write(value(2));
    assertThat(get()).isEqualTo(value(2));
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void whatIsTooLargeIsReadEveryTimeAndTakesTheSmallOneAway() {
    write(value(1));
    write(value(101));
    assertThat(get()).isEqualTo(value(101));
    assertThat(get()).isEqualTo(value(101));
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void aRemovedKeyIsGone() {
    write(value(1));
    write(null);
    assertThat(get()).isNull();
  }

  @Test
  void aSlowReaderDoesNotBringARemovedKeyBack() {
    tables.put(KEY, value(1));
    assertThat(getWhileIsWritten(null)).isEqualTo(value(1));
    assertThat(get()).isNull();
  }

  @Test
  void aSlowReaderDoesNotHideALargeValue() {
    tables.put(KEY, value(1));
    assertThat(getWhileIsWritten(value(101))).isEqualTo(value(1));
    assertThat(get()).isEqualTo(value(101));
  }

  @Test
  void aSlowReaderDoesNotReplaceWhatIsNewer() {
    tables.put(KEY, value(1));
    assertThat(getWhileIsWritten(value(2))).isEqualTo(value(1));
    assertThat(get()).isEqualTo(value(2));
  }
}
