package org.example.pools;

import de.lifetimecircle.secrets.jdbc.SecretsDataSource;

/** The class that docs/jdbc.md gives Agroal, since it takes a class and no object. */
public final class LtcDatabase extends SecretsDataSource {
  /** For Agroal. */
  public LtcDatabase() {
    super(builder(PoolService.SECRETS).secret("prod/DATABASE_URL"));
  }
}
