package org.example.recipes;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.CredentialsProvider;
import de.lifetimecircle.secrets.SecretProvider;

/** RabbitMQ: each connection, also one that recovers, logs in with the current password. */
final class RabbitRecipe {
  private RabbitRecipe() {}

  static ConnectionFactory factory(SecretProvider secrets, String host) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host);
    factory.setCredentialsProvider(new CredentialsProvider() {
      @Override
      public String getUsername() {
        return secrets.get("shop/RABBITMQ").value().json("username");
      }

      @Override
      public String getPassword() {
        return secrets.get("shop/RABBITMQ").value().json("password");
      }
    });
    return factory;
  }
}
