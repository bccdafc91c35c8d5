package de.lifetimecircle.secrets.jdbc;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/** Keeps passwords out of the exceptions that a driver throws. Stateless. */
final class DriverFailure {
  private static final int MOST = 256;

  private DriverFailure() {}

  /**
   * The failure as callers may see it: itself, or, if the password is in one of its texts, another
   * one with the same SQLState and vendor code.
   */
  static SQLException screened(Exception failure, DatabaseLogin login) {
    if (failure instanceof SQLException sql && !shows(sql, login.password())) {
      return sql;
    }
    String what = failure.getClass().getName();
    if (failure instanceof SQLException sql) {
      return new SQLException(
          "Cannot connect to the database: the driver failed with "
              + what
              + "; its message is withheld, because it contains the password.",
          sql.getSQLState(),
          sql.getErrorCode());
    }
    if (shows(failure, login.password())) {
      return new SQLException(
          "Cannot connect to the database: the driver failed with "
              + what
              + "; its message is withheld, because it contains the password.");
    }
    return new SQLException("Cannot connect to the database: the driver failed.", failure);
  }

  /**
   * Whether an exception that belongs to this one shows the password; also if there are too many.
   */
  private static boolean shows(Throwable failure, String password) {
    if (password.isEmpty()) {
      return false;
    }
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    while (!open.isEmpty()) {
      Throwable next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      String text = next.toString() + '\n' + next.getMessage();
      if (seen.size() > MOST || text.contains(password) || text.contains(encoded)) {
        return true;
      }
      if (next.getCause() != null) {
        open.add(next.getCause());
      }
      open.addAll(Arrays.asList(next.getSuppressed()));
      if (next instanceof SQLException sql && sql.getNextException() != null) {
        open.add(sql.getNextException());
      }
    }
    return false;
  }
}
