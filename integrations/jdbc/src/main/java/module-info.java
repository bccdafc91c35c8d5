/** A DataSource whose passwords follow a rotation, for any connection pool. */
module de.lifetimecircle.secrets.jdbc {
  requires transitive de.lifetimecircle.secrets;
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports de.lifetimecircle.secrets.jdbc;

  uses java.sql.Driver;
}
