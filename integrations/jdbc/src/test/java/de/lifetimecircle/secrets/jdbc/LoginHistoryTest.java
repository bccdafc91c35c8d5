package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which logins were accepted, by the time at which they began. */
final class LoginHistoryTest {
  private static final DatabaseLogin OLD = login("old");
  private static final DatabaseLogin NEW = login("new");

  private long now;
  private final LoginHistory history = new LoginHistory(() -> now, Duration.ofSeconds(15));

  private static DatabaseLogin login(String password) {
    return new DatabaseLogin("jdbc:fake:", "anna", password);
  }

  /** It began before the password changed, and its answer came after that of the newer one. */
  @Test
  void aLoginThatANewerOneOvertookChangesNothing() {
    history.accepted(OLD, 1);
    assertThat(history.accepted(NEW, 20)).isTrue();
    assertThat(history.accepted(OLD, 10)).isFalse();
    assertThat(history.lastGood()).isEqualTo(NEW);
    now = 40;
    history.refused(OLD, LoginRefusal.REFUSED);
    assertThat(history.outage()).isEmpty();
    assertThat(history.accepted(OLD, 30)).as("began before its refusal").isFalse();
  }

  @Test
  void aFormerLoginIsOneThatAnotherReplaced() {
    history.accepted(OLD, 1);
    assertThat(history.isFormer(OLD)).isFalse();
    history.accepted(NEW, 2);
    assertThat(history.isFormer(OLD)).isTrue();
    history.accepted(OLD, 3); // the rotation was undone
    assertThat(history.isFormer(OLD)).isFalse();
    assertThat(history.isFormer(NEW)).isTrue();
    history.retain(Set.of(OLD));
    assertThat(history.isFormer(NEW)).isFalse();
  }

  /** Each holds a password. */
  @Test
  void remembersFewFormerLogins() {
    for (int i = 0; i < 100; i++) {
      history.accepted(login("password" + i), i);
    }
    assertThat(history.isFormer(login("password98"))).isTrue();
    assertThat(history.isFormer(login("password95"))).isTrue();
    assertThat(history.isFormer(login("password94"))).isFalse();
  }

  @Test
  void aLockedAccountRestsAlsoForOtherCallsAndPasswords() {
    history.refused(OLD, LoginRefusal.LOCKED);
    assertThat(history.mayTry(NEW, LoginVersion.Place.CURRENT)).isFalse();
    assertThat(history.isNew(NEW, LoginVersion.Place.NEWER)).isFalse();
    now = Duration.ofSeconds(15).toNanos();
    assertThat(history.mayTry(NEW, LoginVersion.Place.CURRENT)).isTrue();
    history.refused(OLD, LoginRefusal.LOCKED);
    history.accepted(NEW, now + 1);
    assertThat(history.mayTry(NEW, LoginVersion.Place.CURRENT)).isTrue();
  }

  /** As where two users take turns, one of whom is locked in the middle of a rotation. */
  @Test
  void aLockedAccountDoesNotStopAnotherUser() {
    DatabaseLogin other = new DatabaseLogin("jdbc:fake:", "berta", "password");
    history.refused(OLD, LoginRefusal.LOCKED);
    assertThat(history.isLocked("anna")).isTrue();
    assertThat(history.isLocked("berta")).isFalse();
    for (LoginVersion.Place place : LoginVersion.Place.values()) {
      assertThat(history.mayTry(other, place)).as("%s", place).isTrue();
      assertThat(history.isNew(other, place)).as("%s", place).isTrue();
    }
    history.accepted(other, 1);
    assertThat(history.isLocked("anna")).as("berta's login says nothing of anna").isTrue();
  }
}
