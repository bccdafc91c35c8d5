package org.example.shop;

import de.lifetimecircle.secrets.SecretProvider;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
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
public final class ShopResource {
  @Inject AgroalDataSource database;

  @Inject SecretProvider secrets;

  @ConfigProperty(name = "shop.api-key")
  Provider<String> apiKey;

  @ConfigProperty(name = "shop.token")
  Provider<String> token;

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
    return apiKey.get() + " " + token.get() + " " + secrets.get("shop/API_KEY").asString();
  }

  /** On an event loop of Vert.x, where nothing may wait. */
  @GET
  @Path("loop")
  @NonBlocking
  public Uni<String> loop() {
    return Uni.createFrom().item(Thread.currentThread().getName() + " " + apiKey.get());
  }
}
