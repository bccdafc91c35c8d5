package de.lifetimecircle.secrets.vault.config;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.vault.login.AwsIdentity;
import de.lifetimecircle.secrets.vault.login.AwsKeys;
import de.lifetimecircle.secrets.vault.login.Credential;
import de.lifetimecircle.secrets.vault.login.Login;
import de.lifetimecircle.secrets.vault.login.WrappedLogin;
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
record LoginReader(
    StoreSettings settings,
    StoreConfig config,
    PemTls tls,
    ProxySettings proxy,
    Optional<String> namespace) {
  private static final Path POD_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
  private static final Credential NONE = Credential.of("");

  Login read() {
    Optional<String> chosen = settings.find(SettingKeys.AUTH);
    if (chosen.isEmpty()) {
      return new Login.GivenToken("token", NONE, false);
    }
    String word = chosen.get();
    List<TypedKey<?>> own = SettingKeys.OF_LOGIN.getOrDefault(word, List.of());
    for (TypedKey<?> key : SettingKeys.loginKeys()) {
      if (!own.contains(key) && settings.isSet(key)) {
        settings.wrong(
            key, "set beside vault.auth=" + word + ", which does not use it (expected: one)");
      }
    }
    String path = "auth/" + settings.read(SettingKeys.AUTH_MOUNT).orElse(word) + "/login";
    return switch (word) {
      case "approle" -> appRole(path);
      case "userpass" -> userPass(path);
      case "jwt" -> new Login.Post(word, path, jwt(settings.read(SettingKeys.JWT_FILE)));
      case "kubernetes" -> {
        required(SettingKeys.ROLE);
        Path file = settings.read(SettingKeys.JWT_FILE).orElse(POD_TOKEN);
        yield new Login.Post(word, path, jwt(Optional.of(file)));
      }
      case "cert" -> new Login.Post(word, path, cert());
      case "aws" -> new Login.Post(word, path, aws());
      default -> token();
    };
  }

  private Login token() {
    Optional<Credential> given = one(SettingKeys.TOKEN, SettingKeys.TOKEN_FILE);
    if (settings.isSet(SettingKeys.TOKEN_FILE)) {
      return new Login.GivenToken("token file", given.orElse(NONE), true);
    }
    Optional<String> home = settings.variable("HOME");
    Optional<Credential> found =
        given
            .or(() -> settings.variable("VAULT_TOKEN").map(Credential::of))
            .or(() -> settings.variable("BAO_TOKEN").map(Credential::of));
    if (found.isEmpty() && home.isPresent()) {
      Credential file = Credential.file(Path.of(home.get(), ".vault-token"));
      return new Login.GivenToken("token file", file, true);
    }
    if (found.isEmpty()) {
      settings.wrong(
          SettingKeys.TOKEN,
          "not set (expected: vault.token, vault.token-file, VAULT_TOKEN or another vault.auth)");
    }
    return new Login.GivenToken("token", found.orElse(NONE), false);
  }

  private Login appRole(String path) {
    String role = required(SettingKeys.ROLE_ID);
    Optional<Credential> wrapped =
        one(SettingKeys.WRAPPED_SECRET_ID, SettingKeys.WRAPPED_SECRET_ID_FILE);
    Optional<Credential> plain = one(SettingKeys.SECRET_ID, SettingKeys.SECRET_ID_FILE);
    if (wrapped.isPresent() && plain.isPresent()) {
      settings.wrong(SettingKeys.WRAPPED_SECRET_ID, "set beside a plain secret id (expected: one)");
    }
    return wrapped.isPresent()
        ? new WrappedLogin(path, namespace.orElse(""), role, wrapped.get())
        : new Login.Post("approle", path, body(Map.of("role_id", role), "secret_id", plain));
  }

  private Login userPass(String path) {
    String user = required(SettingKeys.USERNAME);
    Optional<Credential> password = one(SettingKeys.PASSWORD, SettingKeys.PASSWORD_FILE);
    if (password.isEmpty()) {
      settings.wrong(SettingKeys.PASSWORD, "not set (expected: it, or vault.password-file)");
    }
    return new Login.Post("userpass", path + "/" + user, body(Map.of(), "password", password));
  }

  private Supplier<Map<String, String>> jwt(Optional<Path> file) {
    if (file.isEmpty()) {
      settings.wrong(SettingKeys.JWT_FILE, "not set (expected: a file)");
    }
    return body(named("role"), "jwt", file.map(Credential::file));
  }

  private Supplier<Map<String, String>> cert() {
    if (!tls.hasIdentity()) {
      settings.wrong(
          SettingKeys.CLIENT_CERT_FILE,
          "not set (expected: with vault.client-key-file, for vault.auth=cert)");
    }
    Map<String, String> body = named("name");
    return () -> body;
  }

  /** The body that names the role, if one is set. */
  private Map<String, String> named(String field) {
    return settings.read(SettingKeys.ROLE).map(role -> Map.of(field, role)).orElse(Map.of());
  }

  /** Returns a body with a credential, which is read again at each login. */
  private static Supplier<Map<String, String>> body(
      Map<String, String> fixed, String field, Optional<Credential> credential) {
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
            .read(SettingKeys.AWS_REGION)
            .flatMap(
                word ->
                    word.equals("auto")
                        ? settings
                            .variable("AWS_REGION")
                            .or(() -> settings.variable("AWS_DEFAULT_REGION"))
                        : Optional.of(word));
    if (region.filter(text -> !text.matches("[a-z0-9-]{1,40}")).isPresent()) {
      settings.wrong(SettingKeys.AWS_REGION, "not a region (expected: as eu-central-1, or auto)");
    }
    return new AwsIdentity(
        new AwsKeys(config.environment(), proxy, config.timeout())::find,
        config.clock(),
        region,
        settings.read(SettingKeys.AWS_SERVER_ID),
        settings.read(SettingKeys.ROLE));
  }

  private String required(TypedKey<Optional<String>> key) {
    if (!settings.isSet(key)) {
      settings.wrong(key, "not set (expected: it, for that vault.auth)");
    }
    return settings.read(key).orElse("");
  }

  /** A credential that is set or in a file, never both. */
  private Optional<Credential> one(
      TypedKey<Optional<String>> key, TypedKey<Optional<Path>> fileKey) {
    if (settings.isSet(key) && settings.isSet(fileKey)) {
      settings.wrong(fileKey, "set beside vault." + key.name() + " (expected: one of them)");
    }
    // A password may end with a space; a token or an id never does.
    Optional<Credential> value =
        settings
            .read(key)
            .map(text -> key.equals(SettingKeys.PASSWORD) ? text : text.strip())
            .map(Credential::of);
    Optional<Credential> file = settings.read(fileKey).map(Credential::file);
    return value.or(() -> file);
  }
}
