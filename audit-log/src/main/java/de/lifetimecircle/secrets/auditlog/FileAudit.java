package de.lifetimecircle.secrets.auditlog;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Puts an {@link AuditLog} before a store. Looks at the log's file when a provider is opened, so
 * that a log that cannot be written stops a start and not a service that runs. Stateless.
 */
@AutoService(SecretAudit.class)
public final class FileAudit implements SecretAudit {
  /** For {@link java.util.ServiceLoader}. */
  public FileAudit() {}

  @Override
  public SecretStore around(SecretStore store, String scheme, StoreConfig settings) {
    AuditFile file = AuditFile.open(settings.get("log").orElse(""));
    AuditLog log = new AuditLog(file, CallOrigin.of(settings), scheme, settings.clock());
    Class<?>[] abilities = abilities(store.getClass()).toArray(Class<?>[]::new);
    return (SecretStore)
        Proxy.newProxyInstance(
            SecretStore.class.getClassLoader(), abilities, new AuditedStore(store, log));
  }

  /**
   * Returns every interface of the SPI that the store implements, so that the wrapper has exactly
   * the same abilities.
   */
  private static Set<Class<?>> abilities(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Class<?> ability : c.getInterfaces()) {
        if (ability.getPackage() == SecretStore.class.getPackage()) {
          found.add(ability);
        }
        found.addAll(abilities(ability));
      }
    }
    return found;
  }
}
