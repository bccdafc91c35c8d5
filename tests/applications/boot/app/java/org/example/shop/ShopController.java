package org.example.shop;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.springboot.SecretName;
import de.lifetimecircle.secrets.springboot.SecretRotatedEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the service holds. A test needs that; a real service never shows a secret. */
@RestController
public class ShopController {
  private final String atStart;
  private final SecretHandle handle;
  private final ShopProperties properties;
  private final Environment environment;
  private final ObjectProvider<JdbcTemplate> jdbc;
  private final ObjectProvider<DataSource> pool;
  private final SecretProvider provider;
  private final List<String> rotated = new CopyOnWriteArrayList<>();

  ShopController(
      @Value("${secret.API_KEY:none}") String atStart,
      @SecretName("API_KEY") SecretHandle handle,
      ShopProperties properties,
      Environment environment,
      ObjectProvider<JdbcTemplate> jdbc,
      ObjectProvider<DataSource> pool,
      SecretProvider provider) {
    this.atStart = atStart;
    this.handle = handle;
    this.properties = properties;
    this.environment = environment;
    this.jdbc = jdbc;
    this.pool = pool;
    this.provider = provider;
  }

  @EventListener
  void on(SecretRotatedEvent event) {
    rotated.add(event.name());
  }

  @GetMapping("/values")
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("value", atStart);
    values.put("properties", properties.getApiKey());
    values.put("environment", String.valueOf(environment.getProperty("shop.api-key")));
    values.put("handle", handle.get().asString());
    values.put("pid", ProcessHandle.current().pid());
    return values;
  }

  /** A query on a connection of the pool. */
  @GetMapping("/query")
  Map<String, Object> query() {
    return jdbc.getObject().queryForMap("select current_user as who, pg_backend_pid() as session");
  }

  /** Which pool it is, and whether a new connection can log in. */
  @GetMapping("/pool")
  Map<String, Object> pool() throws SQLException {
    HikariDataSource hikari = pool.getObject().unwrap(HikariDataSource.class);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("before", jdbc.getObject().queryForObject("select current_user", String.class));
    hikari.getHikariPoolMXBean().softEvictConnections();
    answer.put("pool", System.identityHashCode(hikari.getHikariPoolMXBean()));
    answer.put("user", jdbc.getObject().queryForObject("select current_user", String.class));
    return answer;
  }

  /** The rotations that were told to beans. */
  @GetMapping("/rotated")
  Map<String, Object> rotated() {
    return Map.of("rotated", List.copyOf(rotated));
  }

  /** The snapshot of the provider; ages in milliseconds. */
  @GetMapping("/stats")
  Map<String, Object> stats() {
    SecretStats stats = provider.stats();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("loads", stats.loads());
    figures.put("refreshes", stats.refreshes());
    figures.put("backendCalls", stats.backendCalls());
    figures.put("cost", Double.toString(stats.estimatedCost()));
    figures.put("names", stats.names());
    figures.put("bytes", stats.bytes());
    figures.put("stale", stats.stale());
    figures.put("rotations", stats.rotations());
    figures.put("evicted", stats.evicted());
    figures.put("callbackFailures", stats.foreignFailures());
    figures.put("failures", stats.failures());
    figures.put("maxStale", stats.maxStale().toSeconds());
    figures.put("oldest", stats.oldest().orElse(Duration.ZERO).toMillis());
    figures.put("oldestStale", stats.oldestStale().orElse(Duration.ZERO).toMillis());
    figures.put("oldestVersion", stats.oldestVersion().orElse(Duration.ZERO).toMillis());
    return figures;
  }
}
