package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the settings of the login and refuses those that belong to another one; used once. */
final class VaultLoginReader {
  private static final Path POD_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  /** Which settings go with which login. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "token", List.of(VaultKeys.TOKEN, VaultKeys.TOKEN_FILE),
          "approle",
              List.of(
                  VaultKeys.ROLE_ID,
                  VaultKeys.SECRET_ID,
                  VaultKeys.SECRET_ID_FILE,
                  VaultKeys.WRAPPED_SECRET_ID,
                  VaultKeys.WRAPPED_SECRET_ID_FILE,
                  VaultKeys.AUTH_MOUNT),
          "userpass",
              List.of(
                  VaultKeys.USERNAME,
                  VaultKeys.PASSWORD,
                  VaultKeys.PASSWORD_FILE,
                  VaultKeys.AUTH_MOUNT),
          "jwt", List.of(VaultKeys.ROLE, VaultKeys.JWT_FILE, VaultKeys.AUTH_MOUNT),
          "kubernetes", List.of(VaultKeys.ROLE, VaultKeys.JWT_FILE, VaultKeys.AUTH_MOUNT),
          "cert", List.of(VaultKeys.ROLE, VaultKeys.AUTH_MOUNT),
          "aws",
              List.of(
                  VaultKeys.ROLE,
                  VaultKeys.AWS_REGION,
                  VaultKeys.AWS_SERVER_ID,
                  VaultKeys.AUTH_MOUNT));

  private final VaultConfigReader config;
  private final PemTls tls;
  private final Optional<String> namespace;

  VaultLoginReader(VaultConfigReader config, PemTls tls, Optional<String> namespace) {
    this.config = config;
    this.tls = tls;
    this.namespace = namespace;
  }

  VaultLogin read() {
    Optional<String> chosen = config.find(VaultKeys.AUTH);
    return chosen.isEmpty() ? VaultLogin.token(VaultCredential.of("")) : read(chosen.get());
  }

  private VaultLogin read(String word) {
    List<String> own = KEYS.getOrDefault(word, List.of());
    refuseForeign(word, own);
    String mount = config.pathOf(VaultKeys.AUTH_MOUNT).orElse(word);
    return switch (word) {
      case "approle" -> appRole(mount);
      case "userpass" -> userPass(mount);
      case "jwt" -> jwt(mount, config.file(VaultKeys.JWT_FILE));
      case "kubernetes" -> kubernetes(mount);
      case "cert" -> cert(mount);
      case "aws" -> aws(mount);
      default -> token();
    };
  }

  private void refuseForeign(String word, List<String> own) {
    KEYS.values().stream()
        .flatMap(List::stream)
        .distinct()
        .sorted()
        .filter(key -> !own.contains(key) && config.isSet(key))
        .forEach(
            key ->
                config.wrong(
                    key,
                    "set beside vault.auth=" + word + ", which does not use it (expected: one)"));
  }

  private VaultLogin token() {
    Optional<VaultCredential> given = one(VaultKeys.TOKEN, VaultKeys.TOKEN_FILE);
    if (config.isSet(VaultKeys.TOKEN_FILE)) {
      return VaultLogin.tokenFile(given.orElse(VaultCredential.of("")));
    }
    Optional<VaultLogin> found =
        given
            .or(() -> config.variable("TOKEN").map(VaultCredential::of))
            .map(VaultLogin::token)
            .or(
                () ->
                    config
                        .environment("HOME")
                        .map(
                            home ->
                                VaultLogin.tokenFile(
                                    VaultCredential.file(Path.of(home, ".vault-token")))));
    if (found.isEmpty()) {
      config.wrong(
          VaultKeys.TOKEN,
          "not set (expected: vault.token, vault.token-file, VAULT_TOKEN or another vault.auth)");
    }
    return found.orElseGet(() -> VaultLogin.token(VaultCredential.of("")));
  }

  private VaultLogin appRole(String mount) {
    String role = required(VaultKeys.ROLE_ID);
    Optional<VaultCredential> wrapped =
        one(VaultKeys.WRAPPED_SECRET_ID, VaultKeys.WRAPPED_SECRET_ID_FILE);
    Optional<VaultCredential> plain = one(VaultKeys.SECRET_ID, VaultKeys.SECRET_ID_FILE);
    if (wrapped.isPresent() && plain.isPresent()) {
      config.wrong(VaultKeys.WRAPPED_SECRET_ID, "set beside a plain secret id (expected: one)");
    }
    return wrapped.isPresent()
        ? new VaultWrappedLogin(mount, namespace.orElse(""), role, wrapped.get())
        : VaultLogin.appRole(mount, role, plain);
  }

  private VaultLogin userPass(String mount) {
    String user = required(VaultKeys.USERNAME);
    if (!VaultNames.isValid(user) || user.contains("/")) {
      config.wrong(VaultKeys.USERNAME, "not the name of a user (expected: visible characters)");
    }
    Optional<VaultCredential> password = one(VaultKeys.PASSWORD, VaultKeys.PASSWORD_FILE);
    if (password.isEmpty()) {
      config.wrong(VaultKeys.PASSWORD, "not set (expected: it, or vault.password-file)");
    }
    return VaultLogin.userPass(mount, user, password.orElse(VaultCredential.of("")));
  }

  private VaultLogin jwt(String mount, Optional<Path> file) {
    if (file.isEmpty()) {
      config.wrong(VaultKeys.JWT_FILE, "not set (expected: a file)");
    }
    return VaultLogin.post(
        "jwt",
        "auth/" + mount + "/login",
        VaultLogin.body(
            "jwt", file.map(VaultCredential::file).orElse(VaultCredential.of("")), role()));
  }

  private VaultLogin kubernetes(String mount) {
    required(VaultKeys.ROLE);
    Path file = config.file(VaultKeys.JWT_FILE).orElse(POD_TOKEN);
    return VaultLogin.post(
        "kubernetes",
        "auth/" + mount + "/login",
        VaultLogin.body("jwt", VaultCredential.file(file), role()));
  }

  private VaultLogin cert(String mount) {
    if (!tls.hasIdentity()) {
      config.wrong(
          VaultKeys.CLIENT_CERT_FILE,
          "not set (expected: with vault.client-key-file, for vault.auth=cert)");
    }
    Map<String, String> body = new LinkedHashMap<>();
    config.get(VaultKeys.ROLE).ifPresent(role -> body.put("name", role));
    return VaultLogin.post("cert", "auth/" + mount + "/login", () -> body);
  }

  private VaultLogin aws(String mount) {
    // As Vault's own client: a server whose AWS login has no endpoint of its own asks the global
    // STS,
    // which accepts no other region's signature, wherever the service runs.
    Optional<String> region =
        config
            .get(VaultKeys.AWS_REGION)
            .flatMap(
                word ->
                    word.equals("auto")
                        ? config
                            .environment("AWS_REGION")
                            .or(() -> config.environment("AWS_DEFAULT_REGION"))
                        : Optional.of(word));
    if (region.isPresent() && !region.get().matches("[a-z0-9-]{1,40}")) {
      config.wrong(VaultKeys.AWS_REGION, "not a region (expected: as eu-central-1, or auto)");
    }
    return VaultLogin.post(
        "aws",
        "auth/" + mount + "/login",
        new VaultAwsIdentity(
            new VaultAwsKeys(
                    config.config().environment(),
                    // Its mistakes are reported where the proxy of the server is read.
                    ProxySettings.of(config.config(), VaultErrors.SCHEME, new ConfigProblems()),
                    config.config().timeout())
                ::find,
            config.config().clock(),
            region,
            config.get(VaultKeys.AWS_SERVER_ID),
            config.get(VaultKeys.ROLE)));
  }

  private Map<String, String> role() {
    return config.get(VaultKeys.ROLE).map(role -> Map.of("role", role)).orElse(Map.of());
  }

  private String required(String key) {
    Optional<String> text = config.get(key);
    if (text.isEmpty()) {
      config.wrong(key, "not set (expected: it, for that vault.auth)");
    }
    return text.orElse("");
  }

  /** A credential that is set or in a file, never both. */
  private Optional<VaultCredential> one(String key, String fileKey) {
    if (config.isSet(key) && config.isSet(fileKey)) {
      config.wrong(fileKey, "set beside vault." + key + " (expected: one of them)");
    }
    Optional<String> text = config.get(key);
    // A password may end with a space; a token or an id never does.
    boolean asItIs = key.equals(VaultKeys.PASSWORD) && text.isPresent();
    Optional<VaultCredential> value =
        (asItIs ? config.config().get(key) : text).map(VaultCredential::of);
    Optional<VaultCredential> file = config.file(fileKey).map(VaultCredential::file);
    return value.or(() -> file);
  }
}
