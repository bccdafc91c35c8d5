package org.example.pools;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import de.lifetimecircle.secrets.SecretProvider;
import io.agroal.api.AgroalDataSource;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The ways to follow a rotation that HikariCP and AWS offer, for comparison. */
final class Others {
  private Others() {}

  private record Login(String url, String user, String password) {
    static Login of(String text) {
      URI uri = URI.create(text);
      String[] parts = uri.getUserInfo().split(":", 2);
      String url = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
      return new Login(url, parts[0], parts[1]);
    }
  }

  private static HikariConfig config(String url, String address, Duration timeout) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.addDataSourceProperty("localSocketAddress", address);
    config.setConnectionTimeout(timeout.toMillis());
    config.setInitializationFailTimeout(PoolService.STARTING.toMillis());
    config.setMaximumPoolSize(PoolService.CONNECTIONS);
    return config;
  }

  /** Sets the password and evicts, as soon as the provider reports the rotation. */
  static Pool setPassword(SecretProvider secrets, String address, Duration timeout) {
    Login first = Login.of(secrets.get(PoolService.NAME).asString());
    HikariConfig config = config(first.url(), address, timeout);
    config.setUsername(first.user());
    config.setPassword(first.password());
    HikariDataSource pool = new HikariDataSource(config);
    var unused =
        secrets.onChange(
            PoolService.NAME,
            event -> {
              Login login = Login.of(secrets.get(PoolService.NAME).asString());
              pool.getHikariConfigMXBean().setPassword(login.password());
              pool.getHikariPoolMXBean().softEvictConnections();
            });
    return new Pool(pool, pool.getHikariPoolMXBean()::softEvictConnections);
  }

  /** Asks for the current version, no older than 1 s, before each login. */
  static Pool credentialsProvider(SecretProvider secrets, String address, Duration timeout) {
    HikariConfig config =
        config(Login.of(secrets.get(PoolService.NAME).asString()).url(), address, timeout);
    HikariCredentialsProvider provider =
        () -> {
          Login login =
              Login.of(secrets.get(PoolService.NAME, Duration.ofSeconds(1)).asString());
          return Credentials.of(login.user(), login.password());
        };
    config.setCredentialsProvider(provider);
    HikariDataSource pool = new HikariDataSource(config);
    return new Pool(pool, pool.getHikariPoolMXBean()::softEvictConnections);
  }

  /** The driver of AWS, which reads the secret itself; URL and name come from the environment. */
  static Pool awsJdbc(String address, Duration timeout) {
    HikariConfig config = config(System.getenv("AWS_JDBC_URL"), address, timeout);
    config.setDriverClassName("com.amazonaws.secretsmanager.sql.AWSSecretsManagerPostgreSQLDriver");
    config.setUsername(System.getenv("AWS_JDBC_SECRET"));
    HikariDataSource pool = new HikariDataSource(config);
    return new Pool(pool, pool.getHikariPoolMXBean()::softEvictConnections);
  }

  /** Agroal without SecretsDataSource, and with a password that does not change. */
  static List<Pool> fixed(String text, String address, Duration timeout) throws SQLException {
    Login login = Login.of(text);
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(login.url());
    database.setUser(login.user());
    database.setPassword(login.password());
    database.setLocalSocketAddress(address);
    SharedDatabase.shared = database;
    AgroalDataSource pool = Recipes.agroalOverShared(timeout);
    return List.of(new Pool(pool, () -> pool.flush(AgroalDataSource.FlushMode.GRACEFUL)));
  }
}
