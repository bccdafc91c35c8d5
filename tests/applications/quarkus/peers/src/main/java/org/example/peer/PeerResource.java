package org.example.peer;

import io.agroal.api.AgroalDataSource;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Shows to the test what the application sees. */
@Path("/")
public final class PeerResource {
  @Inject AgroalDataSource database;

  @ConfigProperty(name = "shop.api-key")
  Provider<String> apiKey;

  @GET
  @Path("user")
  public String user() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT current_user")) {
      row.next();
      return row.getString(1);
    }
  }

  @GET
  @Path("values")
  public String values() {
    return apiKey.get();
  }
}
