package de.lifetimecircle.secrets.auditlog;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ReaderAudit;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Optional;
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
    ClassLoader loader = store.getClass().getClassLoader();
    Class<?>[] abilities = abilities(store.getClass(), loader).toArray(Class<?>[]::new);
    return (SecretStore) Proxy.newProxyInstance(loader, abilities, new AuditedStore(store, log));
  }

  @Override
  public Optional<ReaderAudit> readers(String scheme, StoreConfig settings) {
    AuditFile file = AuditFile.open(settings.get("log").orElse(""));
    AuditLog log = new AuditLog(file, CallOrigin.of(settings), scheme, settings.clock());
    return Optional.of(
        (operation, reader, facts, outcome) -> log.writeFor(reader, operation, facts, outcome));
  }

  /**
   * Returns every interface that the store implements and that a proxy can implement too, so that
   * the wrapper has exactly the same abilities: those of the SPI, and those that the provider adds.
   */
  private static Set<Class<?>> abilities(Class<?> type, ClassLoader loader) {
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Class<?> ability : c.getInterfaces()) {
        if (isOpen(ability, loader)) {
          found.add(ability);
        }
        found.addAll(abilities(ability, loader));
      }
    }
    return found;
  }

  /** Whether code outside of the provider can have the interface at all. */
  private static boolean isOpen(Class<?> ability, ClassLoader loader) {
    try {
      return Modifier.isPublic(ability.getModifiers())
          && !ability.isSealed()
          && ability.getModule().isExported(ability.getPackageName(), FileAudit.class.getModule())
          && ability.equals(Class.forName(ability.getName(), false, loader));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
