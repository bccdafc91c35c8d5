package org.example.pools;

import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The class that Agroal makes its data source of, since it takes a class and no object. */
public final class LtcDatabase extends SecretsDataSource {
  /** The data source of the other pools in this process. */
  static volatile DataSource shared;

  /** For Agroal. */
  public LtcDatabase() {
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
