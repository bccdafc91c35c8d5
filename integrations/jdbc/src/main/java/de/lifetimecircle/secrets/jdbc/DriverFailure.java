package de.lifetimecircle.secrets.jdbc;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Keeps passwords out of the exceptions that a driver throws. Stateless. */
final class DriverFailure {
  private static final int MOST = 256;

  private DriverFailure() {}

  /**
   * The failure as callers may see it: itself, or, if a password is in one of its texts, another
   * one with the same SQLState and vendor code.
   */
  static SQLException screened(Exception failure, DatabaseLogin login) {
    boolean shows = shows(failure, passwords(login));
    if (failure instanceof SQLException sql && !shows) {
      return sql;
    }
    if (!shows) {
      return new SQLException("Cannot connect to the database: the driver failed.", failure);
    }
    String text =
        "Cannot connect to the database: the driver failed with "
            + failure.getClass().getName()
            + "; its message is withheld, because it contains a password.";
    return failure instanceof SQLException sql
        ? new SQLException(text, sql.getSQLState(), sql.getErrorCode())
        : new SQLException(text);
  }

  /** The passwords of a login, as they are and as a URL has them. */
  private static List<String> passwords(DatabaseLogin login) {
    List<String> passwords = new ArrayList<>(login.otherPasswords().values());
    passwords.add(login.password());
    passwords.removeIf(String::isEmpty);
    List<String> all = new ArrayList<>(passwords);
    for (String password : passwords) {
      all.add(URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return all;
  }

  /**
   * Whether an exception that belongs to this one shows a password; also if there are too many
   * exceptions.
   */
  private static boolean shows(Throwable failure, List<String> passwords) {
    if (passwords.isEmpty()) {
      return false;
    }
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    while (!open.isEmpty()) {
      Throwable next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      String text = next.toString() + '\n' + next.getMessage();
      if (seen.size() > MOST || passwords.stream().anyMatch(text::contains)) {
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
