package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.OutsideTheRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A stand-in for Azure Key Vault's secrets on loopback, with a directory of its own that clients
 * log in to, over TLS with certificates of a {@link TestAuthority}.
 *
 * <p>Behaves as recorded sessions of the service show, where a simpler stand-in would be kinder:
 * the challenge, times in whole seconds, versions sorted by their random ids, a delete, a recover
 * and a purge that take their time, 25 on a page, {@code retry-after: 0} on every success. It holds
 * everything in memory, in one vault. Tokens are signed, and checked: signature, times, audience,
 * issuer.
 *
 * <p>Safe for use by several threads. {@link #close} ends its threads, cuts its connections and
 * frees its port.
 *
 * <pre>{@code
 * try (KeyVaultServer server = KeyVaultServer.builder().start()) {
 *   SSLContext tls = server.certificates().client();
 *   // log in at server.authority() as server.clientId() in server.tenantId()
 *   // with server.clientSecret(), read and write at server.uri()
 * }
 * }</pre>
 */
public final class KeyVaultServer implements AutoCloseable {
  private static final String ISSUER = "https://issuer.test";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String tenant;
  private final String clientId;
  private final String clientSecret;
  private final InstantSource clock;
  private final TestAuthority certificates;
  private final KeyVaultFaults faults = new KeyVaultFaults();
  private final KeyVaultClients clients;
  private final KeyVaultTokens tokens;
  private final KeyVaultLogin login;
  private final String identityHeader = newSecret();
  private final KeyVaultState state;
  private final KeyVaultRoutes routes;
  private final KeyVaultGate gate;
  private final KeyVaultHttp http;

  /** The way in which the vault decides about rights; the two differ in the text of a refusal. */
  public enum Rights {
    /** Azure's roles: a refusal has the inner code {@code ForbiddenByRbac}. */
    ROLES,
    /** The vault's own access policies: the inner code is {@code AccessDenied}. */
    ACCESS_POLICIES
  }

  KeyVaultServer(KeyVaultServerBuilder builder) {
    this.tenant = builder.tenant;
    this.clientId = builder.clientId;
    this.clientSecret = newSecret();
    this.clock = builder.clock;
    this.certificates = TestAuthority.create();
    this.clients = new KeyVaultClients(clock);
    this.tokens = new KeyVaultTokens(clock, builder.tokenLifetime, tenant);
    KeyVaultManagedIdentity machine =
        new KeyVaultManagedIdentity(tokens, clock, clientId, identityHeader);
    this.login = new KeyVaultLogin(tenant, clock, clients, tokens, faults, machine);
    this.state = new KeyVaultState(clock, builder.delays());
    this.routes = new KeyVaultRoutes(state, faults);
    KeyVaultGate.Quota quota = new KeyVaultGate.Quota(clock, builder.quota);
    this.gate = new KeyVaultGate(tenant, tokens, faults, builder.rights, quota);
    clients.add(clientId, clientSecret);
    this.http = KeyVaultHttp.start(builder.port, certificates, faults, this::answer);
  }

  private static String newSecret() {
    byte[] secret = new byte[30];
    RANDOM.nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  private KeyVaultFaults.Strike answer(KeyVaultCall call) {
    if (KeyVaultRoutes.takes(call)) {
      return gate.answer(call, routes);
    }
    return login.answer(call).orElseGet(() -> new KeyVaultFaults.Strike(KeyVaultReply.empty(404)));
  }

  /** Settings for a new server. */
  public static KeyVaultServerBuilder builder() {
    return new KeyVaultServerBuilder();
  }

  /** The address of the vault. */
  public URI uri() {
    return URI.create("https://localhost:" + http.port());
  }

  /** The address of the directory, without the tenant. */
  public URI authority() {
    return uri();
  }

  /** The tenant that the vault belongs to, and its client. */
  public String tenantId() {
    return tenant;
  }

  /** The client that may do everything unless a fault says otherwise. */
  public String clientId() {
    return clientId;
  }

  /** The secret that the client logs in with, made at the start. */
  public String clientSecret() {
    return clientSecret;
  }

  /**
   * Returns the header value that a managed identity must send to {@code /msi/token}, which stands
   * for the endpoint of App Service. {@code /metadata/identity/oauth2/token}, as on a virtual
   * machine, needs no such header.
   */
  public String identityHeader() {
    return identityHeader;
  }

  /** The authority whose certificate a client of this server must trust. */
  public TestAuthority certificates() {
    return certificates;
  }

  /** The switches that make it fail. */
  public KeyVaultFaults faults() {
    return faults;
  }

  /** Lets the client log in with an assertion that the key of this certificate has signed. */
  public void trustCertificate(X509Certificate certificate) {
    clients.trust(certificate);
  }

  /** Lets the client log in with a token of this issuer for this subject (workload identity). */
  public void trustIssuer(String issuer, String subject, PublicKey key) {
    clients.trust(issuer, subject, key);
  }

  /**
   * A token such as a cluster puts into a pod's file, of an issuer that this server trusts: the
   * client can log in with it.
   *
   * @param lifetime how long it is good
   */
  public String federatedToken(Duration lifetime) {
    KeyPair pair = KeyVaultTokens.newKey();
    String subject = "system:serviceaccount:test:" + clientId;
    clients.trust(ISSUER, subject, pair.getPublic());
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", subject);
    claims.put("aud", KeyVaultClients.FEDERATION_AUDIENCE);
    claims.put("nbf", now);
    claims.put("exp", now + lifetime.toSeconds());
    return KeyVaultJwt.sign(Map.of("typ", "JWT", "alg", "RS256"), claims, pair.getPrivate());
  }

  /** A token for the vault, as a login gives it, without one. */
  public String token() {
    return tokens.issue(clientId, KeyVaultTokens.AUDIENCE, "");
  }

  /** Makes the vault refuse all tokens so far with a plain challenge; a new login helps. */
  public void revokeTokens() {
    tokens.replaceKey();
  }

  /**
   * Makes the vault refuse the tokens so far with a challenge that carries claims, as continuous
   * access evaluation does; only those whose clients said at the login that they understand one.
   */
  public void revokeTokensWithClaims() {
    tokens.challengeAll();
  }

  /** Holds a text from now on, as if a writer had put it; no request is counted. */
  public void hold(String name, String text) {
    var unused = state.set(name, new KeyVaultDraft(text, "text/plain", Map.of(), true, null, null));
  }

  /**
   * Disables the newest version of a name, as people do in the portal; a name that is deleted, too.
   * Does nothing where there is no such name.
   */
  public void disable(String name) {
    state.enable(name, false);
  }

  /** Enables the newest version of a name again; does nothing where there is no such name. */
  public void enable(String name) {
    state.enable(name, true);
  }

  /** Requests to the vault that brought a token, whatever came of them. */
  public int requests() {
    return gate.requests();
  }

  /** Requests to the vault without a token, which got the challenge. */
  public int challenges() {
    return gate.challenges();
  }

  /** Logins that gave a token. */
  public int logins() {
    return login.logins();
  }

  /** Logins that were tried. */
  public int loginAttempts() {
    return login.attempts();
  }

  /** How often the value of a name was handed out. */
  public int valueReads(String name) {
    return routes.valueReads(name);
  }

  /** Connections since the start or the last reset. */
  public int connections() {
    return http.connections();
  }

  /** Empties the vault, turns all faults off and counts from zero; tokens stay good. */
  public void reset() {
    faults.clear();
    state.clear();
    gate.resetCounts();
    login.resetCounts();
    routes.resetCounts();
    http.resetCounts();
  }

  /** Ends it; does nothing the second time. */
  @Override
  public void close() {
    faults.clear();
    http.close();
  }

  /** Shows the address. */
  @Override
  public String toString() {
    return "KeyVaultServer[" + uri() + "]";
  }

  /**
   * Runs a server until the process is asked to end; {@code --help} tells the options.
   *
   * @param arguments the options
   * @throws InterruptedException if the thread is interrupted while the server runs
   */
  @OutsideTheRules
  public static void main(String[] arguments) throws InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(KeyVaultProgram.HELP);
      return;
    }
    try {
      KeyVaultProgram program = KeyVaultProgram.start(KeyVaultArguments.read(List.of(arguments)));
      Runtime.getRuntime().addShutdownHook(new Thread(program::close, "end"));
      program.announce(System.out);
    } catch (IllegalArgumentException | IOException | UncheckedIOException e) {
      System.err.println("Cannot start the Key Vault test server: " + e.getMessage());
      System.exit(2);
    }
    new CountDownLatch(1).await();
  }
}
