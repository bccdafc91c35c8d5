package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class DriverFailureTest {

  /** The places in which an exception can carry a password. */
  private static final List<Function<String, Exception>> PLACES =
      List.of(
          text -> new SQLException(text, "28P01", 7),
          text -> new SQLException("outer", "28P01", 7, new IllegalStateException(text)),
          text -> {
            SQLException outer = new SQLException("outer", "28P01", 7);
            outer.setNextException(new SQLException(text));
            return outer;
          },
          text -> {
            SQLException outer = new SQLException("outer", "28P01", 7);
            outer.addSuppressed(new SQLException(text));
            return outer;
          },
          IllegalArgumentException::new,
          text -> new IllegalArgumentException("outer", new SQLException(text)));

  @Test
  void withholdsEveryExceptionThatShowsThePassword() {
    try (LeakProbe probe = LeakProbe.start()) {
      String password = probe.canary("password") + "/ü";
      String encoded = password.replace("/ü", "%2F%C3%BC");
      DatabaseLogin login = new DatabaseLogin("jdbc:x:", "anna", password);
      for (Function<String, Exception> place : PLACES) {
        for (String shown : List.of(password, "x" + encoded)) {
          Exception failure = place.apply("cannot use " + shown);
          SQLException screened = DriverFailure.screened(failure, login);
          probe.look("exception", screened);
          assertThat((Throwable) screened).isNotSameAs(failure);
          assertThat(screened.getErrorCode()).isEqualTo(failure instanceof SQLException ? 7 : 0);
        }
      }
      probe.assertClean();
    }
  }

  @Test
  void withholdsAnotherPasswordOfTheLogin() {
    DatabaseLogin login =
        new DatabaseLogin("jdbc:x:", "anna", "password", Map.of("sslpassword", "canary/x"));
    for (String shown : List.of("canary/x", "canary%2Fx")) {
      SQLException failure = new SQLException("cannot read the key with " + shown, "08006", 7);
      assertThat((Throwable) DriverFailure.screened(failure, login))
          .hasMessageContaining("its message is withheld")
          .hasMessageNotContaining("canary")
          .hasNoCause();
    }
  }

  @Test
  void passesOnWhatIsClean() {
    DatabaseLogin login = new DatabaseLogin("jdbc:x:", "anna", "canary");
    SQLException failure = new SQLException("no route", "08001", new RuntimeException("why"));
    assertThat((Throwable) DriverFailure.screened(failure, login)).isSameAs(failure);
    RuntimeException broken = new IllegalStateException("broken");
    assertThat((Throwable) DriverFailure.screened(broken, login)).hasCause(broken);
  }

  @Test
  void anEmptyPasswordHidesNothing() {
    SQLException failure = new SQLException("no route", "08001");
    assertThat(
            (Throwable) DriverFailure.screened(failure, new DatabaseLogin("jdbc:x:", "anna", "")))
        .isSameAs(failure);
    assertThat(
            (Throwable)
                DriverFailure.screened(
                    failure, new DatabaseLogin("jdbc:x:", "anna", "", Map.of("sslpassword", ""))))
        .isSameAs(failure);
  }
}
