package org.example.reactive;

import de.lifetimecircle.secrets.SecretProvider;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Shows to the test what the application sees; each answer is given on an event loop. */
@Path("/")
public final class ReactiveResource {
  @Inject Pool database;

  @Inject SecretProvider secrets;

  @ConfigProperty(name = "shop.api-key")
  Provider<String> apiKey;

  @ConfigProperty(name = "shop.token")
  Provider<String> token;

  @GET
  @Path("user")
  public Uni<String> user() {
    return database
        .query("SELECT current_user")
        .execute()
        .map(rows -> rows.iterator().next().getString(0));
  }

  @GET
  @Path("values")
  public Uni<String> values() {
    return Uni.createFrom()
        .completionStage(() -> secrets.getAsync("shop/API_KEY"))
        .map(key -> apiKey.get() + " " + token.get() + " " + key.asString());
  }
}
