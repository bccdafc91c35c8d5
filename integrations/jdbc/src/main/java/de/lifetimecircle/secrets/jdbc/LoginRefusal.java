package de.lifetimecircle.secrets.jdbc;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the exception of a driver is a refused login.
 *
 * <p>By SQLState and vendor code, because the text depends on the language of the server. Class 28
 * is the SQL standard's "invalid authorization": PostgreSQL's 28P01 and 28000, MySQL's and
 * MariaDB's 1045. Others have vendor codes in another class. PgBouncer has one state for all
 * failures, 08P01, and its texts have one language.
 */
enum LoginRefusal {
  /** The login was not refused: the server is away, full, or something else. */
  NONE,
  /** The database does not accept this user with this password. */
  REFUSED,
  /** The account is locked, so that another password cannot help. */
  LOCKED;

  /** Exceptions of drivers that nest more than this are not read to their end. */
  private static final int MOST = 64;

  /** Reads an exception, its causes and its next exceptions. */
  static LoginRefusal of(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    LoginRefusal found = NONE;
    while (!open.isEmpty() && seen.size() < MOST) {
      Throwable next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      if (next.getCause() != null) {
        open.add(next.getCause());
      }
      if (next instanceof SQLException sql) {
        LoginRefusal one = ofState(sql.getSQLState(), sql.getErrorCode());
        if (isRefusalOfPgBouncer(sql)) {
          one = REFUSED;
        }
        found = one.compareTo(found) > 0 ? one : found;
        if (sql.getNextException() != null) {
          open.add(sql.getNextException());
        }
      }
    }
    return found;
  }

  private static LoginRefusal ofState(@Nullable String state, int code) {
    if (state == null) {
      return NONE;
    }
    boolean isAuthorization = state.startsWith("28");
    // Oracle's state for ORA-01000 and up, and its state for all without one of their own.
    boolean isOracle = state.equals("72000") || state.equals("99999");
    // With xopenStates, its driver has 08001.
    boolean isSqlServer = state.startsWith("S0") || state.equals("08001") || isAuthorization;
    boolean isMySql = state.equals("HY000");
    // MySQL, also after too many wrong passwords, then MariaDB the same.
    boolean isLockedInMySql = code == 3118 || code == 3955 || code == 4151 || code == 4150;
    if ((code == 28000 && isOracle) // H2 has this code for a wrong password, with the state 28000
        || (code == 18486 && isSqlServer)
        || (isLockedInMySql && isMySql)) {
      return LOCKED;
    }
    boolean isRefused =
        isAuthorization
            || (code == 1017 && isOracle)
            // Wrong, expired, and to be changed at the first login.
            || ((code == 18456 || code == 18487 || code == 18488) && isSqlServer)
            // Expired.
            || (code == 1862 && isMySql)
            // Db2's "security processing failed".
            || (code == -4214 && state.startsWith("08"));
    return isRefused ? REFUSED : NONE;
  }

  private static boolean isRefusalOfPgBouncer(SQLException failure) {
    String text = failure.getMessage();
    return "08P01".equals(failure.getSQLState())
        && text != null
        && text.contains("authentication failed");
  }
}
