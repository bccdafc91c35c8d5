package org.example.pools;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * A service that reads from a database all the time, and replaces its two connections each
 * 250 ms. A process with more connections does so less often, so that each process logs in equally
 * often: pools that share a data source log in one after the other, and on a busy machine 24 logins
 * a second are too many.
 *
 * <p>Prints {@code ready}, and then for each line on its input one line: connections asked for,
 * failed ones and the slowest in ms, each since the last line, and the text of the first failure of
 * all. Ends with its input.
 */
public final class PoolService {
  static final SecretProvider SECRETS = SecretProvider.open();
  static final String NAME = "prod/DATABASE_URL";
  static final int CONNECTIONS = 2;
  private static final int READERS = 2;

  /** The size of a HikariCP pool that nobody sets. */
  private static final int HIKARIS_OWN = 10;
  private static final Duration RENEWAL = Duration.ofMillis(250);
  static final Duration STARTING = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Figures figures = new Figures();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(16);

  private PoolService() {}

  /**
   * Starts it.
   *
   * @param arguments the kind of pool, the address to connect from, the time that the pool waits for
   *     a connection, and the budget of the data source
   */
  public static void main(String[] arguments) throws Exception {
    String kind = arguments[0];
    String address = arguments[1];
    Duration timeout = Duration.parse(arguments[2]);
    Duration budget = Duration.parse(arguments[3]);
    SECRETS.require(NAME);
    PoolService service = new PoolService();
    List<Pool> pools = pools(kind, address, timeout, budget);
    int connections = kind.equals("shortest") ? HIKARIS_OWN + CONNECTIONS : pools.size() * CONNECTIONS;
    for (Pool pool : pools) {
      service.use(pool, RENEWAL.multipliedBy(connections / CONNECTIONS));
    }
    System.out.println("ready");
    service.report();
    System.exit(0);
  }

  private static List<Pool> pools(String kind, String address, Duration timeout, Duration budget)
      throws SQLException {
    return switch (kind) {
      case "hikari" -> List.of(Recipes.hikari(database(address, budget), timeout));
      case "pools" -> {
        // One data source for all pools, so that they share what the database refused.
        SecretsDataSource database = database(address, budget);
        SharedDatabase.shared = database;
        yield List.of(
            Recipes.agroal(database, timeout),
            Recipes.tomcat(database, timeout),
            Recipes.dbcp2(database, timeout));
      }
      case "fixed" -> Others.fixed(System.getenv("FIXED_URL"), address, timeout);
      case "shortest" -> List.of(Recipes.shortest(), Recipes.shortestAgroal(timeout));
      case "wrong" -> List.of(new Pool(database(address, budget), () -> {}));
      case "setpassword" -> List.of(Others.setPassword(SECRETS, address, timeout));
      case "provider" -> List.of(Others.credentialsProvider(SECRETS, address, timeout));
      case "awsjdbc" -> List.of(Others.awsJdbc(address, timeout));
      default -> throw new IllegalArgumentException("no pool of kind " + kind);
    };
  }

  private static SecretsDataSource database(String address, Duration budget) {
    return SecretsDataSource.builder(SECRETS)
        .secret(NAME)
        .waitUpTo(budget)
        .property("localSocketAddress", address)
        .build();
  }

  private void use(Pool pool, Duration renewal) throws SQLException {
    connectFirst(pool.dataSource());
    for (int i = 0; i < READERS; i++) {
      repeat(() -> read(pool.dataSource()), PAUSE);
    }
    repeat(pool.evict(), renewal);
  }

  /** A process that starts on a busy machine may need longer than the pool waits. */
  private static void connectFirst(DataSource pool) throws SQLException {
    long end = System.nanoTime() + STARTING.toNanos();
    while (true) {
      try {
        pool.getConnection().close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
      }
    }
  }

  private void repeat(Runnable work, Duration pause) {
    var unused = threads.scheduleWithFixedDelay(work, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void read(DataSource pool) {
    long begun = System.nanoTime();
    try (Connection connection = pool.getConnection()) {
      figures.connected(System.nanoTime() - begun);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      }
    } catch (SQLException | RuntimeException e) {
      figures.failed(System.nanoTime() - begun, e);
    }
  }

  private void report() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.out.println(figures.line());
    }
    threads.shutdownNow();
  }

  /** The figures of the readers. */
  private static final class Figures {
    private long asked;
    private long failed;
    private long slowest;
    private String first = "-";

    synchronized void connected(long nanos) {
      asked++;
      slowest = Math.max(slowest, nanos);
    }

    synchronized void failed(long nanos, Exception failure) {
      connected(nanos);
      failed++;
      if (first.equals("-")) {
        first = String.valueOf(failure).replaceAll("\\s+", " ");
      }
    }

    synchronized String line() {
      String line =
          String.format(Locale.ROOT, "%d %d %d %s", asked, failed, slowest / 1_000_000, first);
      asked = 0;
      failed = 0;
      slowest = 0;
      return line;
    }
  }
}
