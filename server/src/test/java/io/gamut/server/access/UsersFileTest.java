package io.gamut.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of users, what is wrong with one, and how a server follows it. */
@Timeout(60)
final class UsersFileTest {
  private static final int FEW = 1_000;

  @TempDir private Path directory;
  private UsersFile file;

  @BeforeEach
  void name() {
    file = new UsersFile(directory.resolve("users"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PasswordHash hash(String password) {
    return PasswordHash.of(bytes(password), FEW);
  }

  private static User user(String name) {
    return new User(name, Optional.empty(), false);
  }

  @Test
  void usersComeBackAsTheyWerePutAndLinesOfOthersStay() throws Exception {
    Files.writeString(file.path(), "# ours\n\n");
    file.put(new User("ann", Optional.of(Consistency.CAUSAL), true), hash("é p"));
    file.put(user("bob"), hash("b"));
    file.put(user("bob"), hash("b2"));
    UserTable table = file.read();
    assertThat(table.all()).hasSize(2);
    assertThat(table.find("ann", bytes("é p")))
        .isEqualTo(new User("ann", Optional.of(Consistency.CAUSAL), true));
    assertThat(table.find("bob", bytes("b2"))).isNotNull();
    assertThat(table.find("bob", bytes("b"))).isNull();
    assertThat(table.find("bob", bytes(""))).isNull();
    assertThat(table.find("bob", new byte[PasswordHash.PASSWORD_BYTES_MAX + 1])).isNull();
    assertThat(table.find("eve", bytes("b2"))).isNull();
    assertThat(file.remove("bob")).isTrue();
    assertThat(file.remove("bob")).isFalse();
    assertThat(Files.readAllLines(file.path())).hasSize(3).startsWith("# ours", "");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(file.isReadableByOthers()).isFalse();
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(file.isReadableByOthers()).isTrue();
  }

  @Test
  void allThatIsWrongIsSaidWithFileAndLine() throws Exception {
    String good = hash("x").toString();
    Files.write(
        file.path(),
        List.of(
            "ann",
            "# a comment",
            "bob " + good + " level=strange",
            "bob " + good,
            "bob " + good + " read-only",
            "c:d " + good,
            "dan pbkdf2-sha256$1$AAAA$AAAA",
            "eve md5$1$AAAA$AAAA",
            "fay " + good + " admin"));
    assertThatThrownBy(() -> AccessConfig.OPEN.withUsers(file.path()).load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("users, line 1: a line has a name and a password hash")
        .hasMessageContaining("users, line 3: 'level=strange' names no level")
        .hasMessageContaining("users, line 5: user 'bob' is there twice")
        .hasMessageContaining("users, line 6: a name has 1 to 64")
        .hasMessageContaining("users, line 7: a password hash has 1000 to")
        .hasMessageContaining("users, line 8: a password hash is pbkdf2-sha256$")
        .hasMessageContaining("users, line 9: a user may be level=<level> and read-only")
        .hasMessageNotContaining("line 2")
        .hasMessageNotContaining("line 4");
    assertThatThrownBy(() -> AccessConfig.OPEN.withUsers(directory.resolve("absent")).load())
        .hasMessageContaining("absent: there is no such file");
  }

  private static Verdict check(Authenticator authenticator, String name, String password)
      throws InterruptedException {
    BlockingQueue<Verdict> verdict = new LinkedBlockingQueue<>();
    authenticator.check(name, bytes(password), verdict::add);
    return verdict.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void aServerFollowsTheFileAndKeepsTheUsersItHasWhenThatIsBad() throws Exception {
    file.put(user("ann"), hash("a"));
    Authenticator authenticator = new Authenticator(file);
    Verdict.Granted ann = new Verdict.Granted(user("ann"));
    assertThat(check(authenticator, "ann", "a")).isEqualTo(ann);
    assertThat(check(authenticator, "ann", "a")).isEqualTo(ann);
    assertThat(check(authenticator, "ann", "b")).isEqualTo(new Verdict.Denied());
    Files.writeString(file.path(), "nonsense");
    awaitAnotherLook();
    assertThat(check(authenticator, "ann", "a")).isEqualTo(ann);
    Files.delete(file.path());
    awaitAnotherLook();
    assertThat(check(authenticator, "ann", "a")).isEqualTo(ann);
    file.put(user("bob"), hash("b"));
    Files.setLastModifiedTime(file.path(), FileTime.fromMillis(1_000_000));
    awaitAnotherLook();
    assertThat(check(authenticator, "ann", "a")).isEqualTo(new Verdict.Denied());
    assertThat(check(authenticator, "bob", "b")).isEqualTo(new Verdict.Granted(user("bob")));
  }

  private static void awaitAnotherLook() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_100);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void tooManyPasswordsAtOnceAreToldSoAndWhoIsKnownIsNotHeldUp() throws Exception {
    file.put(user("ann"), PasswordHash.of(bytes("a"), 200_000));
    Authenticator authenticator = new Authenticator(file);
    assertThat(check(authenticator, "ann", "a")).isInstanceOf(Verdict.Granted.class);
    BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    for (int i = 0; i < 300; i++) {
      authenticator.check("ann", bytes("guess" + i), verdicts::add);
    }
    assertThat(verdicts.poll(20, TimeUnit.SECONDS)).isEqualTo(new Verdict.Busy());
    assertThat(check(authenticator, "ann", "a")).isInstanceOf(Verdict.Granted.class);
    assertThat(verdicts.size()).isLessThan(300);
  }
}
