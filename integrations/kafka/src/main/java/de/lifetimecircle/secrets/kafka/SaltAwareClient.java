package de.lifetimecircle.secrets.kafka;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/**
 * A client of SCRAM that tells its login the salt in the broker's first message, and how the login
 * ended. Used by one thread.
 */
final class SaltAwareClient implements SaslClient {
  /** The server's first message of RFC 5802: {@code r=NONCE,s=SALT,i=ITERATIONS}. */
  private static final Pattern FIRST = Pattern.compile("r=[^,]*,s=([^,]+),i=[0-9]+.*");

  private final SaslClient client;
  private final ScramLogin login;

  SaltAwareClient(SaslClient client, ScramLogin login) {
    this.client = client;
    this.login = login;
  }

  @Override
  public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
    Matcher first = FIRST.matcher(new String(challenge, StandardCharsets.UTF_8));
    if (first.matches()) {
      login.salted(first.group(1));
    }
    byte[] answer = client.evaluateChallenge(challenge);
    if (client.isComplete()) {
      login.accepted();
    }
    return answer;
  }

  @Override
  public void dispose() throws SaslException {
    login.ended();
    client.dispose();
  }

  @Override
  public String getMechanismName() {
    return client.getMechanismName();
  }

  @Override
  public boolean hasInitialResponse() {
    return client.hasInitialResponse();
  }

  @Override
  public boolean isComplete() {
    return client.isComplete();
  }

  @Override
  public byte[] unwrap(byte[] incoming, int offset, int length) throws SaslException {
    return client.unwrap(incoming, offset, length);
  }

  @Override
  public byte[] wrap(byte[] outgoing, int offset, int length) throws SaslException {
    return client.wrap(outgoing, offset, length);
  }

  @Override
  public Object getNegotiatedProperty(String property) {
    return client.getNegotiatedProperty(property);
  }
}
