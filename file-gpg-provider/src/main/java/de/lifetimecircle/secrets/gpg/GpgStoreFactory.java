package de.lifetimecircle.secrets.gpg;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.FileSystems;
import java.util.List;
import java.util.Set;

/**
 * Opens a store of OpenPGP files in a folder; the store that is used when nothing is configured.
 *
 * <p>Without any setting it keeps its files in the user's data folder and a private key in the
 * user's configuration folder, both made by the first write. That key has no passphrase: it
 * protects a copied store, not the host. Safe for use by several threads; does no I/O.
 */
@AutoService(SecretStoreFactory.class)
public final class GpgStoreFactory implements SecretStoreFactory {
  /** For {@link java.util.ServiceLoader}. */
  public GpgStoreFactory() {}

  @Override
  public String scheme() {
    return GpgErrors.SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return GpgConfig.KEYS;
  }

  @Override
  public SecretStore open(StoreConfig config) {
    requireUnix(
        FileSystems.getDefault().supportedFileAttributeViews(), System.getProperty("os.name"));
    return new GpgStore(GpgConfig.of(config), CrashHook.NONE);
  }

  /** Refuses a system whose files have no owner and mode that this store could check. */
  static void requireUnix(Set<String> views, String system) {
    if (!views.contains("unix")) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "open the store of files")
          .scheme(GpgErrors.SCHEME)
          .reason("it needs the owners and modes of Unix files, which " + system + " does not have")
          .advice("Run it on Linux, for example in WSL 2, or use the aws, azure or vault backend")
          .build();
    }
  }
}
