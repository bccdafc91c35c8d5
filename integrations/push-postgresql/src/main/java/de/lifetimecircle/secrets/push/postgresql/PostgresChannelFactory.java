package de.lifetimecircle.secrets.push.postgresql;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Answers to {@code push=postgresql} with a channel of PostgreSQL. Stateless. */
@AutoService(RotationChannelFactory.class)
public final class PostgresChannelFactory implements RotationChannelFactory {
  private static final String URL = "url";
  private static final String URL_FROM = "url-from";
  private static final String CHANNEL = "channel";
  private static final String USUAL_CHANNEL = "secrets_rotations";

  /** Quoted where it is used, so that its case stays; the server cuts longer ones. */
  private static final Pattern CHANNEL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

  @Override
  public String word() {
    return "postgresql";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.secret(URL, "The database: postgresql://USER:PASSWORD@HOST:PORT/DATABASE."),
        ConfigKey.of(URL_FROM, "The name of a secret that holds this URL; instead of it."),
        ConfigKey.of(CHANNEL, "The channel of NOTIFY.").withStandard(USUAL_CHANNEL));
  }

  @Override
  public RotationChannel open(StoreConfig settings, Function<String, String> secrets) {
    ConfigProblems problems = new ConfigProblems();
    Optional<String> url = settings.get(URL);
    Optional<String> from = settings.get(URL_FROM);
    String channel = settings.get(CHANNEL).orElse(USUAL_CHANNEL);
    if (url.isPresent() == from.isPresent()) {
      problems.add("postgresql.url: set it or postgresql.url-from (expected: one of the two)");
    }
    if (url.isPresent() && DatabaseUrl.parse(url.get()).isEmpty()) {
      problems.add("postgresql.url: redacted (expected: " + DatabaseUrl.FORM + ")");
    }
    if (!CHANNEL_NAME.matcher(channel).matches()) {
      problems.add(
          "postgresql.channel: " + channel + " (expected: up to 63 letters, digits and _)");
    }
    problems.throwIfAny();
    Supplier<String> current = () -> from.map(secrets).or(() -> url).orElse("");
    return new PostgresChannel(current, channel);
  }
}
