package org.example.pools;

import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Gives Agroal the data source of the other pools in this process, so that they share refusals. */
public final class SharedDatabase extends SecretsDataSource {
  /** The data source of the other pools in this process. */
  static volatile DataSource shared;

  /** For Agroal. */
  public SharedDatabase() {
    super(builder(PoolService.SECRETS).secret("prod/DATABASE_URL"));
  }

  @Override
  public Connection getConnection() throws SQLException {
    return shared.getConnection();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return shared.getConnection();
  }
}
