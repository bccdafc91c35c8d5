package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Settings.Keys;
import de.lifetimecircle.secrets.aws.config.Settings.Login;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.config.Settings.Source;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads where the credentials come from; used once. */
final class LoginReader {
  private final StoreConfig config;
  private final ConfigProblems problems;

  LoginReader(StoreConfig config, ConfigProblems problems) {
    this.config = config;
    this.problems = problems;
  }

  Login read() {
    Optional<Keys> keys = keys();
    Optional<Path> token = tokenFile();
    Optional<Role> role = role();
    Optional<String> profile = config.get(SettingKeys.PROFILE);
    requireOneSource();
    if (token.isPresent() && role.isEmpty()) {
      problems.add("aws.role-arn: not set (expected: the role that the web identity token is for)");
    }
    if (token.isPresent() && config.get(SettingKeys.EXTERNAL_ID).isPresent()) {
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
        List.of(
            SettingKeys.ACCESS_KEY_ID, SettingKeys.PROFILE, SettingKeys.WEB_IDENTITY_TOKEN_FILE)) {
      if (config.get(key).isPresent()) {
        set.add("aws." + key);
      }
    }
    if (set.size() > 1) {
      problems.add(String.join(", ", set) + ": set together (expected: one of them)");
    }
  }

  private Optional<Keys> keys() {
    Optional<String> id = config.get(SettingKeys.ACCESS_KEY_ID);
    Optional<String> secret = config.get(SettingKeys.SECRET_ACCESS_KEY);
    Optional<String> session = config.get(SettingKeys.SESSION_TOKEN);
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
    Optional<String> arn = config.get(SettingKeys.ROLE_ARN);
    Optional<String> externalId = config.get(SettingKeys.EXTERNAL_ID);
    Optional<String> session = config.get(SettingKeys.ROLE_SESSION_NAME);
    expect(
        SettingKeys.ROLE_ARN,
        "arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}",
        "a role's ARN");
    expect(
        SettingKeys.ROLE_SESSION_NAME, "[\\w+=,.@-]{2,64}", "2 to 64 letters, digits and +=,.@_-");
    expect(
        SettingKeys.EXTERNAL_ID,
        "[\\w+=,.@:/-]{2,1224}",
        "2 to 1224 letters, digits and +=,.@:/_-");
    if (arn.isEmpty()) {
      for (String key : List.of(SettingKeys.EXTERNAL_ID, SettingKeys.ROLE_SESSION_NAME)) {
        if (config.get(key).isPresent()) {
          problems.add("aws." + key + ": set without aws.role-arn (expected: with it)");
        }
      }
    }
    return arn.map(text -> new Role(text, session.orElse(Role.SESSION), externalId));
  }

  private void expect(String key, String pattern, String words) {
    Optional<String> value = config.get(key);
    if (value.isPresent() && !value.get().matches(pattern)) {
      problems.add("aws." + key + ": " + value.get() + " (expected: " + words + ")");
    }
  }

  private Optional<Path> tokenFile() {
    Optional<String> text = config.get(SettingKeys.WEB_IDENTITY_TOKEN_FILE);
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      problems.add("aws.web-identity-token-file: not a path (expected: a path)");
      return Optional.empty();
    }
  }
}
