package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** SQL Server, Oracle and Db2 by exceptions with the codes of their drivers; no server runs. */
final class LoginRefusalTest {

  @ParameterizedTest
  @CsvSource({
    // PostgreSQL
    "28P01, 0, REFUSED",
    "28000, 0, REFUSED",
    "3D000, 0, NONE",
    "53300, 0, NONE",
    "57P03, 0, NONE",
    "08001, 0, NONE",
    // MySQL and MariaDB: wrong password, locked, too many connections, host blocked
    "28000, 1045, REFUSED",
    "HY000, 3118, LOCKED",
    "HY000, 4151, LOCKED",
    "HY000, 3955, LOCKED",
    "HY000, 4150, LOCKED",
    "HY000, 1862, REFUSED",
    "08004, 1040, NONE",
    "HY000, 1129, NONE",
    // SQL Server: wrong password, locked, expired, unknown database
    "S0001, 18456, REFUSED",
    "S0001, 18486, LOCKED",
    "S0001, 18487, REFUSED",
    "S0001, 4060, NONE",
    "08001, 18456, REFUSED",
    "08001, 18486, LOCKED",
    // H2
    "28000, 28000, REFUSED",
    // Oracle: wrong password, locked, no listener
    "72000, 1017, REFUSED",
    "99999, 28000, LOCKED",
    "72000, 28000, LOCKED",
    "08006, 17002, NONE",
    // Db2
    "08001, -4214, REFUSED",
    "08001, -4499, NONE",
    // Vendor codes of one database in another one
    "42000, 1045, NONE",
    "42000, 1017, NONE",
    "42000, 18456, NONE",
    "42000, 28000, NONE",
  })
  void readsStateAndCode(String state, int code, LoginRefusal expected) {
    assertThat(LoginRefusal.of(new SQLException("text", state, code))).isEqualTo(expected);
  }

  /** PgBouncer's text for passwords in clear and MD5, and for SCRAM. */
  @ParameterizedTest
  @CsvSource({
    "FATAL: password authentication failed, REFUSED",
    "FATAL: SASL authentication failed, REFUSED",
    "FATAL: no more connections allowed (max_client_conn), NONE",
    "FATAL: server login has been failing, NONE",
  })
  void knowsARefusalOfPgBouncerByItsText(String text, LoginRefusal expected) {
    assertThat(LoginRefusal.of(new SQLException(text, "08P01"))).isEqualTo(expected);
  }

  @Test
  void withoutStateItIsNoRefusal() {
    assertThat(LoginRefusal.of(new SQLException("Access denied", null, 1045)))
        .isEqualTo(LoginRefusal.NONE);
  }

  static Stream<Throwable> nested() {
    SQLException refused = new SQLException("refused", "28P01");
    SQLException next = new SQLException("first", "08001");
    next.setNextException(refused);
    SQLException nextOfCause = new SQLException("outer", "08001", new RuntimeException(next));
    return Stream.of(
        new SQLException("outer", "08001", refused),
        new SQLException("outer", null, new RuntimeException("between", refused)),
        new RuntimeException("outer", refused),
        next,
        nextOfCause);
  }

  @ParameterizedTest
  @MethodSource("nested")
  void looksThroughCausesAndNextExceptions(Throwable failure) {
    assertThat(LoginRefusal.of(failure)).isEqualTo(LoginRefusal.REFUSED);
  }

  @Test
  void endsInACircle() {
    SQLException one = new SQLException("one", "08001");
    SQLException other = new SQLException("other", "08001", one);
    one.initCause(other);
    assertThat(LoginRefusal.of(one)).isEqualTo(LoginRefusal.NONE);
  }

  @Test
  void lockedWinsOverRefused() {
    SQLException refused = new SQLException("refused", "28000");
    refused.setNextException(new SQLException("locked", "99999", 28000));
    assertThat(LoginRefusal.of(refused)).isEqualTo(LoginRefusal.LOCKED);
  }
}
