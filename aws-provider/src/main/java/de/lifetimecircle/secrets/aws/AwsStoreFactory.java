package de.lifetimecircle.secrets.aws;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.aws.config.SettingKeys;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.List;

/**
 * Opens a store in AWS Secrets Manager. The region and the credentials come from the settings, the
 * environment or the AWS profile, as the AWS tools have it.
 *
 * <p>Safe for use by several threads; sends nothing over the network.
 */
@AutoService(SecretStoreFactory.class)
public final class AwsStoreFactory implements SecretStoreFactory {
  /** For {@link java.util.ServiceLoader}. */
  public AwsStoreFactory() {}

  @Override
  public String scheme() {
    return ErrorCodes.SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return SettingKeys.ALL;
  }

  /** Of aws.amazon.com/secrets-manager/pricing, as public pages quote it; read 2026-11-24. */
  @Override
  public double dollarsPer10000Requests() {
    return 0.05;
  }

  @Override
  public SecretStore open(StoreConfig config) {
    return new AwsStore(Settings.of(config));
  }
}
