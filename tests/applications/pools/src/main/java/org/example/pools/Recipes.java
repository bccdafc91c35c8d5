package org.example.pools;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.commons.dbcp2.DataSourceConnectionFactory;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.dbcp2.PoolingDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/** Each pool over a {@code SecretsDataSource}, with the lines that docs/jdbc.md shows. */
final class Recipes {
  private Recipes() {}

  /** As short as it can be; from the address of the machine. */
  static Pool shortest() {
    SecretProvider secrets = SecretProvider.open();
    SecretsDataSource database = SecretsDataSource.builder(secrets).secret("prod/DATABASE_URL").build();
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    HikariDataSource pool = new HikariDataSource(config);
    return new Pool(pool, pool.getHikariPoolMXBean()::softEvictConnections);
  }

  static Pool hikari(SecretsDataSource database, Duration timeout) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setConnectionTimeout(timeout.toMillis());
    config.setInitializationFailTimeout(PoolService.STARTING.toMillis());
    config.setMaximumPoolSize(PoolService.CONNECTIONS);
    HikariDataSource pool = new HikariDataSource(config);
    database.evictAfterRotation(pool.getHikariPoolMXBean()::softEvictConnections);
    return new Pool(pool, pool.getHikariPoolMXBean()::softEvictConnections);
  }

  static AgroalDataSource agroal(Duration timeout) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                c ->
                    c.maxSize(PoolService.CONNECTIONS)
                        .acquisitionTimeout(timeout)
                        .connectionFactoryConfiguration(
                            f -> f.connectionProviderClass(LtcDatabase.class))));
  }

  /** As short as it can be; from the address of the machine. */
  static Pool shortestAgroal(Duration timeout) throws SQLException {
    AgroalDataSource pool = agroal(timeout);
    return new Pool(pool, () -> pool.flush(AgroalDataSource.FlushMode.GRACEFUL));
  }

  /** The same, but over the data source of the other pools in this process. */
  static AgroalDataSource agroalOverShared(Duration timeout) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                c ->
                    c.maxSize(PoolService.CONNECTIONS)
                        .acquisitionTimeout(timeout)
                        .connectionFactoryConfiguration(
                            f -> f.connectionProviderClass(SharedDatabase.class))));
  }

  static Pool agroal(SecretsDataSource database, Duration timeout) throws SQLException {
    AgroalDataSource pool = agroalOverShared(timeout);
    database.evictAfterRotation(() -> pool.flush(AgroalDataSource.FlushMode.GRACEFUL));
    return new Pool(pool, () -> pool.flush(AgroalDataSource.FlushMode.GRACEFUL));
  }

  static Pool tomcat(SecretsDataSource database, Duration timeout) {
    PoolProperties config = new PoolProperties();
    config.setDataSource(database);
    config.setMaxWait((int) timeout.toMillis());
    config.setMaxActive(PoolService.CONNECTIONS);
    config.setInitialSize(1);
    var pool = new org.apache.tomcat.jdbc.pool.DataSource(config);
    database.evictAfterRotation(pool::purgeOnReturn);
    return new Pool(pool, pool::purgeOnReturn);
  }

  static Pool dbcp2(SecretsDataSource database, Duration timeout) {
    var factory = new PoolableConnectionFactory(new DataSourceConnectionFactory(database), null);
    var connections = new GenericObjectPool<PoolableConnection>(factory);
    factory.setPool(connections);
    var pool = new PoolingDataSource<>(connections);
    connections.setMaxTotal(PoolService.CONNECTIONS);
    connections.setMaxWait(timeout);
    database.evictAfterRotation(connections::clear);
    return new Pool(pool, connections::clear);
  }
}
