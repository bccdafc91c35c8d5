package org.example.recipes;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The recipe of RabbitMQ on its real server: a new connection, and one that recovers. */
final class RabbitProof {
  private static final String NAME = "shop/RABBITMQ";

  private final SecretProvider secrets;
  private final BiConsumer<String, String> put;

  RabbitProof(SecretProvider secrets, BiConsumer<String, String> put) {
    this.secrets = secrets;
    this.put = put;
  }

  private void rotate(RabbitServer server, String password) throws IOException {
    server.password("shop", password);
    put.accept(NAME, "{\"username\":\"shop\",\"password\":\"" + password + "\"}");
  }

  /** Returns what does not hold; empty if all does. */
  String run(RabbitServer server) throws Exception {
    rotate(server, "first");
    ConnectionFactory factory = RabbitRecipe.factory(secrets, "127.0.0.1");
    factory.setPort(server.port());
    factory.setNetworkRecoveryInterval(200);
    AtomicInteger recovered = new AtomicInteger();
    try (Connection open = factory.newConnection()) {
      ((Recoverable) open).addRecoveryListener(counting(recovered));
      rotate(server, "second");
      try (Connection fresh = factory.newConnection()) {
        if (!open.isOpen() || !fresh.isOpen()) {
          return "rabbit: a connection is lost";
        }
      }
      if (connects(server, "first")) {
        return "rabbit: the server still takes the old password";
      }
      RecipesProof.await("the list of connections", () -> server.closeConnections() > 0);
      RecipesProof.await("rabbit's recovery", () -> recovered.get() > 0);
      open.createChannel().close();
    }
    return "";
  }

  private static boolean connects(RabbitServer server, String password)
      throws IOException, TimeoutException {
    ConnectionFactory plain = new ConnectionFactory();
    plain.setHost("127.0.0.1");
    plain.setPort(server.port());
    plain.setUsername("shop");
    plain.setPassword(password);
    try (Connection connection = plain.newConnection()) {
      return connection.isOpen();
    } catch (AuthenticationFailureException e) {
      return false;
    }
  }

  private static RecoveryListener counting(AtomicInteger recovered) {
    return new RecoveryListener() {
      @Override
      public void handleRecovery(Recoverable recoverable) {
        recovered.incrementAndGet();
      }

      @Override
      public void handleRecoveryStarted(Recoverable recoverable) {}
    };
  }
}
