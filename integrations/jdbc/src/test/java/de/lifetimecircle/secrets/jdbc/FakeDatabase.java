package de.lifetimecircle.secrets.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A driver whose database accepts the passwords that a test sets, and which remembers logins. */
final class FakeDatabase implements Driver {
  final Map<String, String> passwords = new ConcurrentHashMap<>();
  final List<String> accepted = new CopyOnWriteArrayList<>();
  final List<String> refused = new CopyOnWriteArrayList<>();
  final List<String> urls = new CopyOnWriteArrayList<>();
  final List<Properties> properties = new CopyOnWriteArrayList<>();
  volatile Function<String, SQLException> refusal =
      password -> new SQLException("password authentication failed", "28P01");
  volatile @Nullable RuntimeException broken;
  volatile @Nullable SQLException down;
  volatile Runnable before = () -> {};

  FakeDatabase accepting(String user, String password) {
    passwords.put(user, password);
    return this;
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    urls.add(url);
    properties.add(info);
    before.run();
    if (broken != null) {
      throw broken;
    }
    if (down != null) {
      throw down;
    }
    String password = info.getProperty("password");
    if (!password.equals(passwords.get(info.getProperty("user")))) {
      refused.add(password);
      throw refusal.apply(password);
    }
    accepted.add(password);
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> method.getName().equals("isClosed") ? false : null);
  }

  @Override
  public boolean acceptsURL(String url) {
    return !url.startsWith("jdbc:other:");
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }
}
