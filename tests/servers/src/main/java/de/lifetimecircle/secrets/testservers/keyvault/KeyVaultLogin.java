package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The directory of the test server: its token endpoint (client credentials, as Entra ID's version
 * 2), and the documents that tell clients where it is. Safe for use by several threads.
 */
final class KeyVaultLogin {
  private static final String SUFFIX = "/.default";
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /**
   * The resources that tokens are issued for; the vault refuses a token for any resource but
   * itself.
   */
  private static final Set<String> RESOURCES =
      Set.of(
          KeyVaultTokens.AUDIENCE, "https://management.azure.com", "https://graph.microsoft.com");

  /** Scopes of a user's login, which Microsoft's library for Java sends with every one. */
  private static final Set<String> SIGN_IN = Set.of("openid", "profile", "offline_access");

  private final String tenant;
  private final InstantSource clock;
  private final KeyVaultClients clients;
  private final KeyVaultTokens tokens;
  private final KeyVaultFaults faults;
  private final KeyVaultManagedIdentity machine;
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();

  KeyVaultLogin(
      String tenant,
      InstantSource clock,
      KeyVaultClients clients,
      KeyVaultTokens tokens,
      KeyVaultFaults faults,
      KeyVaultManagedIdentity machine) {
    this.machine = machine;
    this.tenant = tenant;
    this.clock = clock;
    this.clients = clients;
    this.tokens = tokens;
    this.faults = faults;
  }

  int logins() {
    return logins.get();
  }

  int attempts() {
    return attempts.get();
  }

  void resetCounts() {
    logins.set(0);
    attempts.set(0);
  }

  /** Answers a request for the directory; empty for any other request. */
  Optional<KeyVaultFaults.Strike> answer(KeyVaultCall call) {
    String rest = String.join("/", call.path().subList(1, call.path().size()));
    return switch (rest) {
      case "oauth2/v2.0/token" -> Optional.of(login(call));
      case "v2.0/.well-known/openid-configuration" -> document(call, configuration(call));
      case "discovery/v2.0/keys" -> document(call, tokens.keySet());
      case "discovery/instance" -> document(call, instances(call));
      default -> machine.answer(call).map(this::counted);
    };
  }

  private KeyVaultFaults.Strike counted(KeyVaultReply reply) {
    attempts.incrementAndGet();
    Optional<KeyVaultFaults.Strike> strike = faults.nextLoginStrike();
    if (strike.isEmpty() && reply.status() == 200) {
      logins.incrementAndGet();
    }
    return strike.orElseGet(() -> new KeyVaultFaults.Strike(reply));
  }

  private Optional<KeyVaultFaults.Strike> document(KeyVaultCall call, Map<String, Object> body) {
    String asked = call.part(0);
    KeyVaultReply reply =
        asked.equals(tenant) || asked.equals("common")
            ? KeyVaultReply.json(200, body)
            : noTenant(asked).reply(call, clock.instant());
    return Optional.of(new KeyVaultFaults.Strike(reply));
  }

  private static KeyVaultLoginError noTenant(String asked) {
    return KeyVaultLoginError.request(
        "invalid_request",
        90002,
        "Tenant '"
            + asked
            + "' not found. Check to make sure you have the correct tenant ID and are signing into"
            + " the correct cloud. Check with your subscription administrator, this may happen if"
            + " there are no active subscriptions for the tenant.");
  }

  private KeyVaultFaults.Strike login(KeyVaultCall call) {
    attempts.incrementAndGet();
    Optional<KeyVaultFaults.Strike> strike = faults.nextLoginStrike();
    if (strike.isPresent()) {
      return strike.get();
    }
    Map<String, String> form = call.form();
    Optional<KeyVaultLoginError> error = check(call, form);
    if (error.isPresent()) {
      return new KeyVaultFaults.Strike(error.get().reply(call, clock.instant()));
    }
    logins.incrementAndGet();
    String audience = resource(field(form, "scope"));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("token_type", "Bearer");
    body.put("expires_in", tokens.lifetimeSeconds());
    body.put("ext_expires_in", tokens.lifetimeSeconds());
    body.put(
        "access_token", tokens.issue(field(form, "client_id"), audience, field(form, "claims")));
    return new KeyVaultFaults.Strike(KeyVaultReply.json(200, body));
  }

  private static String field(Map<String, String> form, String name) {
    return form.getOrDefault(name, "");
  }

  private Optional<KeyVaultLoginError> check(KeyVaultCall call, Map<String, String> form) {
    String asked = call.part(0);
    String clientId = field(form, "client_id");
    if (!call.method().equals("POST")) {
      return Optional.of(
          KeyVaultLoginError.request("invalid_request", 900561, "The endpoint only accepts POST."));
    }
    if (!asked.equals(tenant)) {
      return Optional.of(noTenant(asked));
    }
    if (!field(form, "grant_type").equals("client_credentials")) {
      return Optional.of(
          KeyVaultLoginError.request(
              "unsupported_grant_type", 70003, "The app requested an unsupported grant type."));
    }
    if (!clients.knows(clientId)) {
      return Optional.of(
          KeyVaultLoginError.request(
              "unauthorized_client",
              700016,
              "Application with identifier '"
                  + clientId
                  + "' was not found in the directory '"
                  + tenant
                  + "'."));
    }
    return checkScope(field(form, "scope")).or(() -> checkProof(call, form, clientId));
  }

  /** The one resource among the scopes; empty if there is none, or more than one. */
  private static String resource(String scope) {
    List<String> resources =
        Arrays.stream(scope.split(" ", -1))
            .filter(part -> !part.isEmpty() && !SIGN_IN.contains(part))
            .toList();
    return resources.size() == 1 && resources.get(0).endsWith(SUFFIX)
        ? resources.get(0).substring(0, resources.get(0).length() - SUFFIX.length())
        : "";
  }

  private static Optional<KeyVaultLoginError> checkScope(String scope) {
    String resource = resource(scope);
    if (resource.isEmpty()) {
      return Optional.of(
          KeyVaultLoginError.request(
              "invalid_scope",
              1002012,
              "The provided value for scope "
                  + scope
                  + " is not valid. Client credential flows must have a scope value with /.default"
                  + " suffixed to the resource identifier (application ID URI)."));
    }
    return RESOURCES.contains(resource)
        ? Optional.empty()
        : Optional.of(
            KeyVaultLoginError.request(
                "invalid_resource",
                500011,
                "The resource principal named " + resource + " was not found in the tenant."));
  }

  private Optional<KeyVaultLoginError> checkProof(
      KeyVaultCall call, Map<String, String> form, String clientId) {
    if (faults.rejectsLogins()) {
      return wrongSecret(clientId);
    }
    String assertion = field(form, "client_assertion");
    if (!assertion.isEmpty() && field(form, "client_assertion_type").equals(ASSERTION_TYPE)) {
      String audience = call.base() + "/" + String.join("/", call.path());
      return clients.check(assertion, clientId, audience);
    }
    String secret = field(form, "client_secret");
    if (secret.isEmpty()) {
      return KeyVaultLoginError.client(
          7000218,
          "The request body must contain the following parameter:"
              + " 'client_assertion' or 'client_secret'.");
    }
    return clients.hasSecret(clientId, secret) ? Optional.empty() : wrongSecret(clientId);
  }

  private static Optional<KeyVaultLoginError> wrongSecret(String clientId) {
    return KeyVaultLoginError.client(
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client"
            + " secret value, not the client secret ID, for a secret added to app '"
            + clientId
            + "'.");
  }

  private Map<String, Object> configuration(KeyVaultCall call) {
    String authority = call.base() + "/" + tenant;
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("issuer", authority + "/v2.0");
    body.put("token_endpoint", authority + "/oauth2/v2.0/token");
    body.put("authorization_endpoint", authority + "/oauth2/v2.0/authorize");
    body.put("device_authorization_endpoint", authority + "/oauth2/v2.0/devicecode");
    body.put("jwks_uri", authority + "/discovery/v2.0/keys");
    body.put("response_types_supported", List.of("code", "id_token"));
    body.put("id_token_signing_alg_values_supported", List.of("RS256"));
    body.put(
        "token_endpoint_auth_methods_supported", List.of("client_secret_post", "private_key_jwt"));
    return body;
  }

  private Map<String, Object> instances(KeyVaultCall call) {
    String host = call.base().substring("https://".length());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "tenant_discovery_endpoint",
        call.base() + "/" + tenant + "/v2.0/.well-known/openid-configuration");
    body.put("api-version", "1.1");
    body.put(
        "metadata",
        List.of(
            Map.of("preferred_network", host, "preferred_cache", host, "aliases", List.of(host))));
    return body;
  }
}
