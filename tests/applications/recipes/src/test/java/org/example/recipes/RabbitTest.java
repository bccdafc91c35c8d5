package org.example.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of RabbitMQ: a new connection, and one that recovers. */
class RabbitTest {
  @AutoClose private final Secrets secrets = new Secrets();

  private void put(String password) {
    secrets.put("shop/RABBITMQ", "{\"username\":\"shop\",\"password\":\"" + password + "\"}");
  }

  @Test
  void theFactoryFollows() {
    put("first");
    ConnectionFactory factory = RabbitRecipe.factory(secrets.provider, "localhost");
    assertThat(factory.getPassword()).isEqualTo("first");
    put("second");
    assertThat(factory.getPassword()).isEqualTo("second");
    Figures.add("RabbitMQ without its server");
  }

  @Test
  @Tag("full")
  void connectionsFollowOnTheServer(@TempDir Path folder) throws Exception {
    try (RabbitServer server = RabbitServer.start(folder)) {
      rotate(server, "first");
      ConnectionFactory factory = RabbitRecipe.factory(secrets.provider, "127.0.0.1");
      factory.setPort(server.port());
      factory.setNetworkRecoveryInterval(200);
      AtomicInteger recovered = new AtomicInteger();
      try (Connection open = factory.newConnection()) {
        ((Recoverable) open).addRecoveryListener(counting(recovered));
        rotate(server, "second");
        try (Connection fresh = factory.newConnection()) {
          assertThat(fresh.isOpen()).isTrue();
          assertThat(open.isOpen()).isTrue();
        }
        ConnectionFactory old = new ConnectionFactory();
        old.setHost("127.0.0.1");
        old.setPort(server.port());
        old.setUsername("shop");
        old.setPassword("first");
        assertThatThrownBy(old::newConnection).isInstanceOf(AuthenticationFailureException.class);
        Waiting.until("the list of connections", () -> server.closeConnections() > 0);
        Waiting.until("the recovery", () -> recovered.get() > 0);
        open.createChannel().close();
      }
    }
    Figures.add("RabbitMQ");
  }

  private void rotate(RabbitServer server, String password) throws IOException {
    server.password("shop", password);
    put(password);
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
