package de.lifetimecircle.secrets.vault.config;

import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings, as the documentation and the messages name them. */
public final class SettingKeys {
  public static final TypedKey<Optional<String>> ADDRESS =
      TypedKey.text("address", "URL of the server; default $VAULT_ADDR, then $BAO_ADDR.")
          .or("VAULT_ADDR", "BAO_ADDR");
  static final TypedKey<String> PLAIN_HTTP =
      TypedKey.choice(
          "plain-http",
          "Set to allow for an http address that is not loopback; default refuse.",
          "refuse",
          "allow");
  public static final TypedKey<Optional<String>> NAMESPACE =
      TypedKey.of(
              "namespace",
              "Namespace of mount and login; default $VAULT_NAMESPACE.",
              text -> Optional.of(withoutSlashes(text)).filter(path -> path.matches("[!-~]+")),
              "a path in ASCII")
          .or("VAULT_NAMESPACE", "BAO_NAMESPACE");
  public static final TypedKey<Optional<String>> MOUNT =
      path("mount", "Path where the KV engine is mounted; default secret.");
  public static final TypedKey<String> KV_VERSION =
      TypedKey.choice("kv-version", "Version of the KV engine, %s.", "2", "1");
  static final TypedKey<Optional<String>> FIELD =
      TypedKey.text("field", "Field of a secret that holds the value; default value.");
  static final TypedKey<Optional<String>> FIELD_SEPARATOR =
      TypedKey.text(
          "field-separator",
          "Character in a name behind which it selects a field, as # in db#password; default"
              + " none.",
          "[#:;,|@!]",
          "one of # : ; , | @ !");
  public static final TypedKey<String> AUTH =
      TypedKey.choice(
          "auth",
          "How to log in: %s.",
          "token",
          "approle",
          "userpass",
          "jwt",
          "kubernetes",
          "cert",
          "aws");
  static final TypedKey<Optional<String>> AUTH_MOUNT =
      path("auth-mount", "Path where the login method is mounted; default its name.");
  public static final TypedKey<Optional<String>> TOKEN =
      TypedKey.secret(
          "token", "Token; default $VAULT_TOKEN, then $BAO_TOKEN, then the file ~/.vault-token.");
  static final TypedKey<Optional<Path>> TOKEN_FILE =
      TypedKey.file("token-file", "File with the token; read again whenever it changes.");
  public static final TypedKey<Optional<String>> ROLE_ID =
      TypedKey.text("role-id", "Role id of an AppRole.");
  public static final TypedKey<Optional<String>> SECRET_ID =
      TypedKey.secret("secret-id", "Secret id of an AppRole.");
  static final TypedKey<Optional<Path>> SECRET_ID_FILE =
      TypedKey.file("secret-id-file", "File with the secret id, read at each login.");
  static final TypedKey<Optional<String>> WRAPPED_SECRET_ID =
      TypedKey.secret(
          "wrapped-secret-id", "Wrapping token of the secret id; unwrapped once, at first use.");
  static final TypedKey<Optional<Path>> WRAPPED_SECRET_ID_FILE =
      TypedKey.file(
          "wrapped-secret-id-file",
          "File with the wrapping token of the secret id; read again at each login.");
  static final TypedKey<Optional<String>> USERNAME =
      TypedKey.of(
              "username",
              "User of the userpass login.",
              user -> Optional.of(user).filter(name -> Names.isValid(name) && !name.contains("/")),
              "the name of a user, in visible characters")
          .hidden("not the name of a user");
  static final TypedKey<Optional<String>> PASSWORD =
      TypedKey.secret("password", "Password of the userpass login.");
  static final TypedKey<Optional<Path>> PASSWORD_FILE =
      TypedKey.file("password-file", "File with the password, read at each login.");
  static final TypedKey<Optional<String>> ROLE =
      TypedKey.text("role", "Role of the jwt, kubernetes, cert or aws login.");
  static final TypedKey<Optional<Path>> JWT_FILE =
      TypedKey.file(
          "jwt-file",
          "File with the JWT, read at each login; default for kubernetes the pod's token.");
  static final TypedKey<Optional<String>> AWS_REGION =
      TypedKey.text(
          "aws-region",
          "Region that the AWS login is signed for, which must be that of the server's"
              + " sts_endpoint; auto for $AWS_REGION; default the global STS (us-east-1).");
  static final TypedKey<Optional<String>> AWS_SERVER_ID =
      TypedKey.text("aws-server-id", "Value of X-Vault-AWS-IAM-Server-ID, where it is required.");
  public static final TypedKey<Optional<Path>> CA_FILE =
      TypedKey.file(
              "ca-file",
              "PEM file with the authorities to trust; default $VAULT_CACERT, else Java's.")
          .or("VAULT_CACERT", "BAO_CACERT");
  static final TypedKey<Optional<Path>> CLIENT_CERT_FILE =
      TypedKey.file(
              "client-cert-file",
              "PEM file with the client's certificate; default $VAULT_CLIENT_CERT.")
          .or("VAULT_CLIENT_CERT", "BAO_CLIENT_CERT");
  static final TypedKey<Optional<Path>> CLIENT_KEY_FILE =
      TypedKey.file(
              "client-key-file", "PEM file with its key (PKCS #8); default $VAULT_CLIENT_KEY.")
          .or("VAULT_CLIENT_KEY", "BAO_CLIENT_KEY");
  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Most connections at once, %s.", 16, 1, 1000);

  /** Which settings go with which login, in the order of the documentation. */
  static final Map<String, List<TypedKey<?>>> OF_LOGIN = new LinkedHashMap<>();

  static {
    OF_LOGIN.put("token", List.of(TOKEN, TOKEN_FILE));
    OF_LOGIN.put(
        "approle",
        List.of(
            AUTH_MOUNT,
            ROLE_ID,
            SECRET_ID,
            SECRET_ID_FILE,
            WRAPPED_SECRET_ID,
            WRAPPED_SECRET_ID_FILE));
    OF_LOGIN.put("userpass", List.of(AUTH_MOUNT, USERNAME, PASSWORD, PASSWORD_FILE));
    OF_LOGIN.put("jwt", List.of(AUTH_MOUNT, ROLE, JWT_FILE));
    OF_LOGIN.put("kubernetes", List.of(AUTH_MOUNT, ROLE, JWT_FILE));
    OF_LOGIN.put("cert", List.of(AUTH_MOUNT, ROLE));
    OF_LOGIN.put("aws", List.of(AUTH_MOUNT, ROLE, AWS_REGION, AWS_SERVER_ID));
  }

  public static final List<ConfigKey> ALL =
      Stream.of(
              List.of(ADDRESS, PLAIN_HTTP, NAMESPACE, MOUNT, KV_VERSION, FIELD, FIELD_SEPARATOR),
              List.of(AUTH, AUTH_MOUNT),
              loginKeys(),
              List.of(CA_FILE, CLIENT_CERT_FILE, CLIENT_KEY_FILE),
              List.of(ProxySettings.key(), MAX_CONNECTIONS))
          .flatMap(List::stream)
          .distinct()
          .map(TypedKey::key)
          .toList();

  private SettingKeys() {}

  /** The settings that only some logins use. */
  static List<TypedKey<?>> loginKeys() {
    return OF_LOGIN.values().stream().<TypedKey<?>>flatMap(List::stream).distinct().toList();
  }

  /** A path of the server; slashes round it do not count. */
  private static TypedKey<Optional<String>> path(String name, String description) {
    return TypedKey.of(
        name,
        description,
        text -> Optional.of(withoutSlashes(text)).filter(Names::isValid),
        "a path as secret or team/kv");
  }

  static String withoutSlashes(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
