package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.aws.AwsConfig.Keys;
import de.lifetimecircle.secrets.aws.AwsConfig.Login;
import de.lifetimecircle.secrets.aws.AwsConfig.Role;
import de.lifetimecircle.secrets.aws.AwsConfig.Source;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads where the credentials come from; used once. */
final class AwsLoginReader {
  private final StoreConfig config;
  private final ConfigProblems problems;

  AwsLoginReader(StoreConfig config, ConfigProblems problems) {
    this.config = config;
    this.problems = problems;
  }

  Login read() {
    Optional<Keys> keys = keys();
    Optional<Path> token = tokenFile();
    Optional<Role> role = role();
    Optional<String> profile = config.get(AwsKeys.PROFILE);
    requireOneSource();
    if (token.isPresent() && role.isEmpty()) {
      problems.add("aws.role-arn: not set (expected: the role that the web identity token is for)");
    }
    if (token.isPresent() && config.get(AwsKeys.EXTERNAL_ID).isPresent()) {
      problems.add(
          "aws.external-id: set beside aws.web-identity-token-file (expected: one of them)");
    }
    Source source =
        keys.isPresent()
            ? Source.KEYS
            : token.isPresent()
                ? Source.WEB_IDENTITY
                : profile.isPresent() ? Source.PROFILE : Source.CHAIN;
    return new Login(source, profile, keys, role, token);
  }

  private void requireOneSource() {
    List<String> set = new ArrayList<>();
    for (String key :
        List.of(AwsKeys.ACCESS_KEY_ID, AwsKeys.PROFILE, AwsKeys.WEB_IDENTITY_TOKEN_FILE)) {
      if (config.get(key).isPresent()) {
        set.add("aws." + key);
      }
    }
    if (set.size() > 1) {
      problems.add(String.join(", ", set) + ": set together (expected: one of them)");
    }
  }

  private Optional<Keys> keys() {
    Optional<String> id = config.get(AwsKeys.ACCESS_KEY_ID);
    Optional<String> secret = config.get(AwsKeys.SECRET_ACCESS_KEY);
    Optional<String> session = config.get(AwsKeys.SESSION_TOKEN);
    if (id.isPresent() != secret.isPresent()) {
      problems.add(
          "aws.access-key-id, aws.secret-access-key: one without the other (expected: both or"
              + " neither)");
    }
    if (session.isPresent() && id.isEmpty()) {
      problems.add("aws.session-token: set without aws.access-key-id (expected: with both keys)");
    }
    if (id.isPresent() && !id.get().matches("\\w{16,128}")) {
      problems.add("aws.access-key-id: redacted (expected: 16 to 128 letters and digits)");
    }
    if (secret.isPresent() && secret.get().isBlank()) {
      problems.add("aws.secret-access-key: empty (expected: the secret access key)");
    }
    return id.isPresent() && secret.isPresent()
        ? Optional.of(new Keys(id.get(), secret.get(), session))
        : Optional.empty();
  }

  private Optional<Role> role() {
    Optional<String> arn = config.get(AwsKeys.ROLE_ARN);
    Optional<String> externalId = config.get(AwsKeys.EXTERNAL_ID);
    Optional<String> session = config.get(AwsKeys.ROLE_SESSION_NAME);
    expect(
        AwsKeys.ROLE_ARN, "arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}", "a role's ARN");
    expect(AwsKeys.ROLE_SESSION_NAME, "[\\w+=,.@-]{2,64}", "2 to 64 letters, digits and +=,.@_-");
    expect(AwsKeys.EXTERNAL_ID, "[\\w+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and +=,.@:/_-");
    if (arn.isEmpty()) {
      for (String key : List.of(AwsKeys.EXTERNAL_ID, AwsKeys.ROLE_SESSION_NAME)) {
        if (config.get(key).isPresent()) {
          problems.add("aws." + key + ": set without aws.role-arn (expected: with it)");
        }
      }
    }
    return arn.map(
        text -> new Role(text, session.orElse(AwsCredentialSources.SESSION), externalId));
  }

  private void expect(String key, String pattern, String words) {
    Optional<String> value = config.get(key);
    if (value.isPresent() && !value.get().matches(pattern)) {
      problems.add("aws." + key + ": " + value.get() + " (expected: " + words + ")");
    }
  }

  private Optional<Path> tokenFile() {
    Optional<String> text = config.get(AwsKeys.WEB_IDENTITY_TOKEN_FILE);
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      problems.add("aws.web-identity-token-file: not a path (expected: a path)");
      return Optional.empty();
    }
  }
}
