package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the settings of the login and refuses those that belong to another one; used once.
 *
 * @param settings reads a setting and collects the mistakes
 * @param config the environment, the time for a call and the clock
 */
record VaultLoginReader(
    StoreSettings settings,
    StoreConfig config,
    PemTls tls,
    ProxySettings proxy,
    Optional<String> namespace) {
  private static final Path POD_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
  private static final VaultCredential NONE = VaultCredential.of("");

  VaultLogin read() {
    Optional<String> chosen = settings.find(VaultKeys.AUTH);
    if (chosen.isEmpty()) {
      return new VaultLogin.GivenToken("token", NONE, false);
    }
    String word = chosen.get();
    List<TypedKey<?>> own = VaultKeys.OF_LOGIN.getOrDefault(word, List.of());
    for (TypedKey<?> key : VaultKeys.loginKeys()) {
      if (!own.contains(key) && settings.isSet(key)) {
        settings.wrong(
            key, "set beside vault.auth=" + word + ", which does not use it (expected: one)");
      }
    }
    String path = "auth/" + settings.read(VaultKeys.AUTH_MOUNT).orElse(word) + "/login";
    return switch (word) {
      case "approle" -> appRole(path);
      case "userpass" -> userPass(path);
      case "jwt" -> new VaultLogin.Post(word, path, jwt(settings.read(VaultKeys.JWT_FILE)));
      case "kubernetes" -> {
        required(VaultKeys.ROLE);
        Path file = settings.read(VaultKeys.JWT_FILE).orElse(POD_TOKEN);
        yield new VaultLogin.Post(word, path, jwt(Optional.of(file)));
      }
      case "cert" -> new VaultLogin.Post(word, path, cert());
      case "aws" -> new VaultLogin.Post(word, path, aws());
      default -> token();
    };
  }

  private VaultLogin token() {
    Optional<VaultCredential> given = one(VaultKeys.TOKEN, VaultKeys.TOKEN_FILE);
    if (settings.isSet(VaultKeys.TOKEN_FILE)) {
      return new VaultLogin.GivenToken("token file", given.orElse(NONE), true);
    }
    Optional<String> home = settings.variable("HOME");
    Optional<VaultCredential> found =
        given
            .or(() -> settings.variable("VAULT_TOKEN").map(VaultCredential::of))
            .or(() -> settings.variable("BAO_TOKEN").map(VaultCredential::of));
    if (found.isEmpty() && home.isPresent()) {
      VaultCredential file = VaultCredential.file(Path.of(home.get(), ".vault-token"));
      return new VaultLogin.GivenToken("token file", file, true);
    }
    if (found.isEmpty()) {
      settings.wrong(
          VaultKeys.TOKEN,
          "not set (expected: vault.token, vault.token-file, VAULT_TOKEN or another vault.auth)");
    }
    return new VaultLogin.GivenToken("token", found.orElse(NONE), false);
  }

  private VaultLogin appRole(String path) {
    String role = required(VaultKeys.ROLE_ID);
    Optional<VaultCredential> wrapped =
        one(VaultKeys.WRAPPED_SECRET_ID, VaultKeys.WRAPPED_SECRET_ID_FILE);
    Optional<VaultCredential> plain = one(VaultKeys.SECRET_ID, VaultKeys.SECRET_ID_FILE);
    if (wrapped.isPresent() && plain.isPresent()) {
      settings.wrong(VaultKeys.WRAPPED_SECRET_ID, "set beside a plain secret id (expected: one)");
    }
    return wrapped.isPresent()
        ? new VaultWrappedLogin(path, namespace.orElse(""), role, wrapped.get())
        : new VaultLogin.Post("approle", path, body(Map.of("role_id", role), "secret_id", plain));
  }

  private VaultLogin userPass(String path) {
    String user = required(VaultKeys.USERNAME);
    Optional<VaultCredential> password = one(VaultKeys.PASSWORD, VaultKeys.PASSWORD_FILE);
    if (password.isEmpty()) {
      settings.wrong(VaultKeys.PASSWORD, "not set (expected: it, or vault.password-file)");
    }
    return new VaultLogin.Post("userpass", path + "/" + user, body(Map.of(), "password", password));
  }

  private Supplier<Map<String, String>> jwt(Optional<Path> file) {
    if (file.isEmpty()) {
      settings.wrong(VaultKeys.JWT_FILE, "not set (expected: a file)");
    }
    return body(named("role"), "jwt", file.map(VaultCredential::file));
  }

  private Supplier<Map<String, String>> cert() {
    if (!tls.hasIdentity()) {
      settings.wrong(
          VaultKeys.CLIENT_CERT_FILE,
          "not set (expected: with vault.client-key-file, for vault.auth=cert)");
    }
    Map<String, String> body = named("name");
    return () -> body;
  }

  /** The body that names the role, if one is set. */
  private Map<String, String> named(String field) {
    return settings.read(VaultKeys.ROLE).map(role -> Map.of(field, role)).orElse(Map.of());
  }

  /** Returns a body with a credential, which is read again at each login. */
  private static Supplier<Map<String, String>> body(
      Map<String, String> fixed, String field, Optional<VaultCredential> credential) {
    return () -> {
      Map<String, String> body = new LinkedHashMap<>(fixed);
      credential.ifPresent(given -> body.put(field, given.read()));
      return body;
    };
  }

  private Supplier<Map<String, String>> aws() {
    // As Vault's own client: a server whose AWS login has no endpoint of its own asks the global
    // STS, which accepts no other region's signature, wherever the service runs.
    Optional<String> region =
        settings
            .read(VaultKeys.AWS_REGION)
            .flatMap(
                word ->
                    word.equals("auto")
                        ? settings
                            .variable("AWS_REGION")
                            .or(() -> settings.variable("AWS_DEFAULT_REGION"))
                        : Optional.of(word));
    if (region.filter(text -> !text.matches("[a-z0-9-]{1,40}")).isPresent()) {
      settings.wrong(VaultKeys.AWS_REGION, "not a region (expected: as eu-central-1, or auto)");
    }
    return new VaultAwsIdentity(
        new VaultAwsKeys(config.environment(), proxy, config.timeout())::find,
        config.clock(),
        region,
        settings.read(VaultKeys.AWS_SERVER_ID),
        settings.read(VaultKeys.ROLE));
  }

  private String required(TypedKey<Optional<String>> key) {
    if (!settings.isSet(key)) {
      settings.wrong(key, "not set (expected: it, for that vault.auth)");
    }
    return settings.read(key).orElse("");
  }

  /** A credential that is set or in a file, never both. */
  private Optional<VaultCredential> one(
      TypedKey<Optional<String>> key, TypedKey<Optional<Path>> fileKey) {
    if (settings.isSet(key) && settings.isSet(fileKey)) {
      settings.wrong(fileKey, "set beside vault." + key.name() + " (expected: one of them)");
    }
    // A password may end with a space; a token or an id never does.
    Optional<VaultCredential> value =
        settings
            .read(key)
            .map(text -> key.equals(VaultKeys.PASSWORD) ? text : text.strip())
            .map(VaultCredential::of);
    Optional<VaultCredential> file = settings.read(fileKey).map(VaultCredential::file);
    return value.or(() -> file);
  }
}
