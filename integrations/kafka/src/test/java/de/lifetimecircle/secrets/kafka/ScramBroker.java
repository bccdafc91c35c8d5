package de.lifetimecircle.secrets.kafka;

import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/** The broker's half of SCRAM, as Kafka has it, without a network. */
final class ScramBroker {
  static final String MECHANISM = "SCRAM-SHA-256";

  private final String user;
  private ScramCredential credential;
  int refused;

  ScramBroker(String user, String password) {
    this.user = user;
    this.credential = credential(password);
    new ScramLoginModule(); // its class makes Kafka's SASL known to the JDK
  }

  private static ScramCredential credential(String password) {
    try {
      return new ScramFormatter(ScramMechanism.SCRAM_SHA_256).generateCredential(password, 4096);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  void password(String password) {
    credential = credential(password);
  }

  static List<AppConfigurationEntry> jaas(Map<String, String> options) {
    return List.of(
        new AppConfigurationEntry(
            ScramLoginModule.class.getName(), LoginModuleControlFlag.REQUIRED, options));
  }

  private void answer(Callback[] callbacks) {
    boolean isUser = false;
    for (Callback callback : callbacks) {
      if (callback instanceof NameCallback name) {
        isUser = user.equals(name.getDefaultName());
      } else if (callback instanceof ScramCredentialCallback asked && isUser) {
        asked.scramCredential(credential);
      }
    }
  }

  /** Logs a client in; true if both sides accept. */
  boolean accepts(SecretsSaslCallbackHandler handler) throws SaslException {
    String[] one = {MECHANISM};
    SaslClient client = Sasl.createSaslClient(one, null, "kafka", "localhost", Map.of(), handler);
    SaslServer server =
        Sasl.createSaslServer(MECHANISM, "kafka", "localhost", Map.of(), this::answer);
    try {
      byte[] first = server.evaluateResponse(client.evaluateChallenge(new byte[0]));
      byte[] last = server.evaluateResponse(client.evaluateChallenge(first));
      client.evaluateChallenge(last);
      return client.isComplete();
    } catch (SaslException | org.apache.kafka.common.errors.SaslAuthenticationException e) {
      refused++;
      return false;
    } finally {
      client.dispose();
    }
  }
}
