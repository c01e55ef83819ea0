package io.gamut.server.access;

import io.gamut.server.access.Verdict.Busy;
import io.gamut.server.access.Verdict.Denied;
import io.gamut.server.access.Verdict.Granted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the users of a file, and follows the file.
 *
 * <p><b>Time.</b> A password costs tens of milliseconds, so it is hashed by threads of its own,
 * never by an event loop. One that was right before is known again by its HMAC under a key of this
 * process: connecting again, and HTTP's password with every request, cost microseconds. Wrong ones
 * are not remembered, they cost each time.
 *
 * <p><b>Bounds.</b> At most {@value #WAITING_MAX} passwords wait to be hashed; one more is told
 * that, so guesses can keep new clients waiting, but no memory and no event loop. Who is known does
 * not wait behind guesses.
 *
 * <p><b>The file</b> is looked at when somebody comes and the last look was a second ago. One that
 * has become wrong is said to be in the log, and the users before it go on. What is known belongs
 * to one reading of the file: who was removed, or has a new password, is forgotten with it.
 *
 * <p>For any thread. Its threads end when there is nothing to do.
 */
final class Authenticator {
  private static final Logger LOGGER = LoggerFactory.getLogger(Authenticator.class);
  private static final int HASHING_THREADS = 2;
  private static final int WAITING_MAX = 128;
  private static final int LOOKING_MAX = 4_096;
  private static final int KNOWN_MAX = 1_024;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String HMAC = "HmacSHA256";

  private final UsersFile file;
  private final SecretKeySpec key = newKey();
  private final Executor hashing = threads("gamut-password", HASHING_THREADS, WAITING_MAX);
  private final Executor looking = threads("gamut-users", 1, LOOKING_MAX);
  private volatile Reading reading;
  private volatile long lookedNanos = System.nanoTime();

  /**
   * What one reading of the file has brought.
   *
   * @param stamp of the file when it was looked at last; null if it could not be
   * @param known who has shown the right password, by {@link #digest}
   */
  private record Reading(
      UserTable table, UsersFile.@Nullable Stamp stamp, Map<ByteBuffer, User> known) {
    static Reading of(UserTable table, UsersFile.Stamp stamp) {
      return new Reading(table, stamp, Collections.synchronizedMap(new LeastRecentlyUsed()));
    }

    Reading seen(UsersFile.@Nullable Stamp latest) {
      return new Reading(table, latest, known);
    }
  }

  /** Forgets who has not come for the longest time. */
  private static final class LeastRecentlyUsed extends LinkedHashMap<ByteBuffer, User> {
    private static final long serialVersionUID = 1L;

    LeastRecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, User> eldest) {
      return size() > KNOWN_MAX;
    }
  }

  /** Throws {@link IOException} with all that is wrong with the file. */
  Authenticator(UsersFile file) throws IOException {
    this.file = file;
    UsersFile.Stamp stamp = file.stamp();
    reading = Reading.of(file.read(), stamp);
    if (file.isReadableByOthers()) {
      LOGGER.warn(
          "Everybody on this machine may read {}: chmod o-r keeps the password hashes in it from"
              + " being tried out",
          file.path());
    }
  }

  private static SecretKeySpec newKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new SecretKeySpec(bytes, HMAC);
  }

  private static Executor threads(String name, int count, int waitingMax) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waitingMax),
            Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** The verdict comes at once, or later on another thread. */
  void check(String name, byte[] password, Consumer<Verdict> then) {
    if (isFresh()) {
      checkFresh(name, password, then);
    } else {
      submit(
          looking,
          then,
          () -> {
            look();
            checkFresh(name, password, then);
          });
    }
  }

  private boolean isFresh() {
    return System.nanoTime() - lookedNanos < FRESH_NANOS;
  }

  private static void submit(Executor threads, Consumer<Verdict> then, Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException _) {
      then.accept(new Busy());
    }
  }

  private void checkFresh(String name, byte[] password, Consumer<Verdict> then) {
    Reading now = reading;
    ByteBuffer digest = digest(name, password);
    User known = now.known.get(digest);
    if (known != null) {
      then.accept(new Granted(known));
    } else {
      submit(hashing, then, () -> hash(now, name, password, digest, then));
    }
  }

  private static void hash(
      Reading now, String name, byte[] password, ByteBuffer digest, Consumer<Verdict> then) {
    User user = now.table.find(name, password);
    if (user == null) {
      then.accept(new Denied());
    } else {
      now.known.put(digest, user);
      then.accept(new Granted(user));
    }
  }

  private ByteBuffer digest(String name, byte[] password) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, nameBytes.length));
      mac.update(nameBytes);
      return ByteBuffer.wrap(mac.doFinal(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }

  // The file

  /** Looks whether the file is another one, and reads it then. On the thread that looks. */
  private void look() {
    if (isFresh()) {
      return;
    }
    UsersFile.Stamp stamp = null;
    try {
      stamp = file.stamp();
      if (!stamp.equals(reading.stamp)) {
        reading = Reading.of(file.read(), stamp);
        LOGGER.info("The users in {} were read again: {}", file.path(), reading.table.all().size());
      }
    } catch (IOException e) {
      if (stamp != null || reading.stamp != null) {
        LOGGER.error("The users stay as they were: {}", e.getMessage());
      }
      reading = reading.seen(stamp);
    }
    lookedNanos = System.nanoTime();
  }
}
