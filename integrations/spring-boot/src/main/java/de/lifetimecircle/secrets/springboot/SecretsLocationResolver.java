package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.List;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;

/**
 * Resolves {@code spring.config.import=secrets:}. Asks no backend: the source that follows from it
 * opens at the first read.
 */
final class SecretsLocationResolver implements ConfigDataLocationResolver<SecretsResource> {
  private static final String LOCATION = "secrets:";

  /** Boot makes one resolver for each start, so all imports of it share this. */
  private final PropertyReads reads = new PropertyReads(PropertyReads.OnOutage.ANSWER_NOTHING);

  @Override
  public boolean isResolvable(
      ConfigDataLocationResolverContext context, ConfigDataLocation location) {
    return location.hasPrefix(LOCATION);
  }

  @Override
  public List<SecretsResource> resolve(
      ConfigDataLocationResolverContext context, ConfigDataLocation location) {
    SupportedBoot.require(SpringBootVersion.getVersion());
    String rest = location.getNonPrefixedValue(LOCATION);
    if (!rest.isEmpty()) {
      throw SecretException.of(Kind.CONFIGURATION, "import the configuration")
          .problems(
              List.of(
                  "spring.config.import: secrets:"
                      + rest
                      + " (expected: secrets: alone; a property names its secret, as in"
                      + " ${secret.DB_PASSWORD})"))
          .build();
    }
    if (!location.isOptional()) { // in whichever file: one strict import makes all of them strict
      reads.failInOutage();
    }
    return List.of(new SecretsResource(location.isOptional(), reads));
  }
}
