package de.lifetimecircle.secrets.kafka;

import java.security.Provider;
import java.security.Security;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the SCRAM client of Kafka, wrapped so that it shows the broker's salt, for logins by {@link
 * SecretsSaslCallbackHandler}; the factories of others answer all other logins.
 *
 * <p>It is a provider of the JDK's security framework, since Kafka has no place for a client of
 * SASL. Its name is different for each class loader: Connect loads plug-ins apart.
 */
final class SaltAwareSasl extends Provider {
  private static final long serialVersionUID = 1L;
  private static final Set<String> MECHANISMS = Set.of("SCRAM-SHA-256", "SCRAM-SHA-512");
  private static final String NAME =
      "secrets-kafka-" + Integer.toHexString(System.identityHashCode(SaltAwareSasl.class));

  /** How many callback handlers need it. Guarded by the class. */
  private static int users;

  private SaltAwareSasl() {
    super(NAME, "1", "SCRAM that notices another salt");
    MECHANISMS.forEach(mechanism -> putService(new ClientService(this, mechanism)));
  }

  /** Makes the factory known to the JDK, before Kafka's, until {@link #release}. */
  static synchronized void use() {
    if (users++ == 0) {
      Security.insertProviderAt(new SaltAwareSasl(), 1);
    }
  }

  /** Removes it with its last user, or else the JDK would keep the class loader of a plug-in. */
  static synchronized void release() {
    if (--users == 0) {
      Security.removeProvider(NAME);
    }
  }

  private static final class ClientService extends Provider.Service {
    ClientService(Provider provider, String mechanism) {
      super(
          provider,
          "SaslClientFactory",
          mechanism,
          ClientFactory.class.getName(),
          List.of(),
          Map.of());
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new ClientFactory();
    }
  }

  private static final class ClientFactory implements SaslClientFactory {
    @Override
    public @Nullable SaslClient createSaslClient(
        String[] mechanisms,
        @Nullable String authorizationId,
        String protocol,
        @Nullable String serverName,
        @Nullable Map<String, ?> properties,
        @Nullable CallbackHandler handler)
        throws SaslException {
      if (!(handler instanceof SecretsSaslCallbackHandler ours)) {
        return null;
      }
      for (String mechanism : mechanisms) {
        if (!MECHANISMS.contains(mechanism)) {
          continue;
        }
        ScramLogin login = ours.scramLogin();
        String[] one = {mechanism};
        Enumeration<SaslClientFactory> factories = Sasl.getSaslClientFactories();
        while (factories.hasMoreElements()) {
          SaslClientFactory factory = factories.nextElement();
          SaslClient client =
              List.of(factory.getMechanismNames(properties)).contains(mechanism)
                  ? factory.createSaslClient(
                      one, authorizationId, protocol, serverName, properties, login)
                  : null;
          if (client != null) {
            return new SaltAwareClient(client, login);
          }
        }
      }
      return null;
    }

    @Override
    public String[] getMechanismNames(@Nullable Map<String, ?> properties) {
      return MECHANISMS.toArray(new String[0]);
    }
  }
}
