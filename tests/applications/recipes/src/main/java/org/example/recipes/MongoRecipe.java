package org.example.recipes;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** MongoDB: the driver keeps its login, so a rotation makes a new client; the old one ends later. */
final class MongoRecipe implements AutoCloseable {
  private final AtomicReference<MongoClient> client;
  private final SecretListener.Registration registration;

  MongoRecipe(SecretProvider secrets) {
    client = new AtomicReference<>(connect(secrets.get("shop/MONGODB_URL")));
    registration = secrets.onChange("shop/MONGODB_URL", event -> {
      MongoClient old = client.getAndSet(connect(secrets.get("shop/MONGODB_URL")));
      java.util.concurrent.CompletableFuture
          .delayedExecutor(30, TimeUnit.SECONDS).execute(old::close);
    });
  }

  private static MongoClient connect(Secret url) {
    return MongoClients.create(url.asString());
  }

  /** Ask for it for each operation, and do not keep it. */
  MongoClient client() {
    return client.get();
  }

  @Override
  public void close() {
    registration.close();
    client.get().close();
  }
}
