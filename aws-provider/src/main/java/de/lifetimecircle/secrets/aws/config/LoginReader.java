package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Settings.Login;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.config.Settings.Source;
import de.lifetimecircle.secrets.remote.AwsSignature.Keys;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads where the credentials come from; used once. */
record LoginReader(StoreSettings settings) {
  Login read() {
    Optional<Keys> keys = keys();
    Optional<Path> token = settings.read(SettingKeys.WEB_IDENTITY_TOKEN_FILE);
    Optional<Role> role = role();
    Optional<String> profile = settings.read(SettingKeys.PROFILE);
    requireOneSource();
    if (token.isPresent() && !settings.isSet(SettingKeys.ROLE_ARN)) {
      settings.wrong(
          SettingKeys.ROLE_ARN, "not set (expected: the role that the web identity token is for)");
    }
    if (token.isPresent() && settings.isSet(SettingKeys.EXTERNAL_ID)) {
      settings.wrong(
          SettingKeys.EXTERNAL_ID,
          "set beside aws.web-identity-token-file (expected: one of them)");
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
    List<TypedKey<?>> set =
        Stream.<TypedKey<?>>of(
                SettingKeys.ACCESS_KEY_ID, SettingKeys.PROFILE, SettingKeys.WEB_IDENTITY_TOKEN_FILE)
            .filter(settings::isSet)
            .toList();
    if (set.size() > 1) {
      String names = set.stream().map(key -> "aws." + key.name()).collect(Collectors.joining(", "));
      settings.problems().add(names + ": set together (expected: one of them)");
    }
  }

  private Optional<Keys> keys() {
    Optional<String> id = settings.read(SettingKeys.ACCESS_KEY_ID);
    Optional<String> secret = settings.read(SettingKeys.SECRET_ACCESS_KEY);
    Optional<String> session = settings.read(SettingKeys.SESSION_TOKEN);
    if (settings.isSet(SettingKeys.ACCESS_KEY_ID)
        != settings.isSet(SettingKeys.SECRET_ACCESS_KEY)) {
      settings
          .problems()
          .add(
              "aws.access-key-id, aws.secret-access-key: one without the other (expected: both or"
                  + " neither)");
    }
    if (session.isPresent() && id.isEmpty()) {
      settings.wrong(
          SettingKeys.SESSION_TOKEN, "set without aws.access-key-id (expected: with both keys)");
    }
    if (id.filter(text -> !text.matches("\\w{16,128}")).isPresent()) {
      settings.wrong(
          SettingKeys.ACCESS_KEY_ID, "redacted (expected: 16 to 128 letters and digits)");
    }
    return id.flatMap(own -> secret.map(key -> new Keys(own, key, session)));
  }

  private Optional<Role> role() {
    Optional<String> arn = settings.read(SettingKeys.ROLE_ARN);
    Optional<String> externalId = settings.read(SettingKeys.EXTERNAL_ID);
    Optional<String> session = settings.read(SettingKeys.ROLE_SESSION_NAME);
    if (!settings.isSet(SettingKeys.ROLE_ARN)) {
      for (TypedKey<?> key : List.of(SettingKeys.EXTERNAL_ID, SettingKeys.ROLE_SESSION_NAME)) {
        if (settings.isSet(key)) {
          settings.wrong(key, "set without aws.role-arn (expected: with it)");
        }
      }
    }
    return arn.map(text -> new Role(text, session.orElse(Role.SESSION), externalId));
  }
}
