package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.util.List;

/** The settings, as the documentation and the messages name them. */
final class VaultKeys {
  static final String ADDRESS = "address";
  static final String PLAIN_HTTP = "plain-http";
  static final String NAMESPACE = "namespace";
  static final String MOUNT = "mount";
  static final String FIELD = "field";
  static final String FIELD_SEPARATOR = "field-separator";
  static final String AUTH_MOUNT = "auth-mount";
  static final String TOKEN = "token";
  static final String TOKEN_FILE = "token-file";
  static final String ROLE_ID = "role-id";
  static final String SECRET_ID = "secret-id";
  static final String SECRET_ID_FILE = "secret-id-file";
  static final String WRAPPED_SECRET_ID = "wrapped-secret-id";
  static final String WRAPPED_SECRET_ID_FILE = "wrapped-secret-id-file";
  static final String USERNAME = "username";
  static final String PASSWORD = "password";
  static final String PASSWORD_FILE = "password-file";
  static final String ROLE = "role";
  static final String JWT_FILE = "jwt-file";
  static final String AWS_REGION = "aws-region";
  static final String AWS_SERVER_ID = "aws-server-id";
  static final String CA_FILE = "ca-file";
  static final String CLIENT_CERT_FILE = "client-cert-file";
  static final String CLIENT_KEY_FILE = "client-key-file";

  static final TypedKey<String> KV_VERSION =
      TypedKey.choice("kv-version", "Version of the KV engine, %s.", "2", "1");
  static final TypedKey<String> AUTH =
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
  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Most connections at once, %s.", 16, 1, 1000);

  static final List<ConfigKey> ALL =
      List.of(
          ConfigKey.of(ADDRESS, "URL of the server; default $VAULT_ADDR, then $BAO_ADDR."),
          ConfigKey.of(
              PLAIN_HTTP, "Set to allow for an http address that is not loopback; default refuse."),
          ConfigKey.of(NAMESPACE, "Namespace of mount and login; default $VAULT_NAMESPACE."),
          ConfigKey.of(MOUNT, "Path where the KV engine is mounted; default secret."),
          KV_VERSION.key(),
          ConfigKey.of(FIELD, "Field of a secret that holds the value; default value."),
          ConfigKey.of(
              FIELD_SEPARATOR,
              "Character in a name behind which it selects a field, as # in db#password; default"
                  + " none."),
          AUTH.key(),
          ConfigKey.of(AUTH_MOUNT, "Path where the login method is mounted; default its name."),
          ConfigKey.secret(
              TOKEN, "Token; default $VAULT_TOKEN, then $BAO_TOKEN, then the file ~/.vault-token."),
          ConfigKey.of(TOKEN_FILE, "File with the token; read again whenever it changes."),
          ConfigKey.of(ROLE_ID, "Role id of an AppRole."),
          ConfigKey.secret(SECRET_ID, "Secret id of an AppRole."),
          ConfigKey.of(SECRET_ID_FILE, "File with the secret id, read at each login."),
          ConfigKey.secret(
              WRAPPED_SECRET_ID, "Wrapping token of the secret id; unwrapped once, at first use."),
          ConfigKey.of(
              WRAPPED_SECRET_ID_FILE,
              "File with the wrapping token of the secret id; read again at each login."),
          ConfigKey.of(USERNAME, "User of the userpass login."),
          ConfigKey.secret(PASSWORD, "Password of the userpass login."),
          ConfigKey.of(PASSWORD_FILE, "File with the password, read at each login."),
          ConfigKey.of(ROLE, "Role of the jwt, kubernetes, cert or aws login."),
          ConfigKey.of(
              JWT_FILE,
              "File with the JWT, read at each login; default for kubernetes the pod's token."),
          ConfigKey.of(
              AWS_REGION,
              "Region that the AWS login is signed for, which must be that of the server's"
                  + " sts_endpoint; auto for $AWS_REGION; default the global STS (us-east-1)."),
          ConfigKey.of(AWS_SERVER_ID, "Value of X-Vault-AWS-IAM-Server-ID, where it is required."),
          ConfigKey.of(
              CA_FILE,
              "PEM file with the authorities to trust; default $VAULT_CACERT, else Java's."),
          ConfigKey.of(
              CLIENT_CERT_FILE,
              "PEM file with the client's certificate; default $VAULT_CLIENT_CERT."),
          ConfigKey.of(
              CLIENT_KEY_FILE, "PEM file with its key (PKCS #8); default $VAULT_CLIENT_KEY."),
          ProxySettings.key(),
          MAX_CONNECTIONS.key());

  private VaultKeys() {}
}
