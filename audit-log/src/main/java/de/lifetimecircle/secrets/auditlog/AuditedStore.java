package de.lifetimecircle.secrets.auditlog;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes every call on to a store, and logs those that ask for a secret, its metadata or a change.
 * It writes the line before it returns the answer.
 *
 * <p>It is a proxy, not a class: a store's abilities are the interfaces that it implements, so its
 * wrapper must implement exactly the same. Safe for use by several threads.
 */
final class AuditedStore implements InvocationHandler {
  /** The word of the log for each method of the SPI that is written down. */
  private static final Map<String, String> OPERATIONS =
      Map.ofEntries(
          Map.entry("fetch", "read"),
          Map.entry("fetchVersion", "read"),
          Map.entry("fetchUnless", "read"),
          Map.entry("fetchAll", "read"),
          Map.entry("versions", "versions"),
          Map.entry("describe", "describe"),
          Map.entry("list", "list"),
          Map.entry("put", "put"),
          Map.entry("promote", "promote"),
          Map.entry("retire", "retire"),
          Map.entry("delete", "delete"),
          Map.entry("restore", "restore"),
          Map.entry("purge", "purge"),
          Map.entry("addRecipient", "add-recipient"),
          Map.entry("removeRecipient", "remove-recipient"));

  private final SecretStore store;
  private final AuditLog log;

  AuditedStore(SecretStore store, AuditLog log) {
    this.store = store;
    this.log = log;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    String operation = isOfTheSpi(method) ? OPERATIONS.get(method.getName()) : null;
    try {
      Object answer = method.invoke(store, given);
      if (operation != null && given != null) {
        answered(operation, given, answer);
      } else if (isOfTheProvider(method)) {
        log.write("other", call(method), "ok");
      }
      return answer;
    } catch (InvocationTargetException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (operation != null && given != null) {
        failed(operation, given, cause);
      } else if (isOfTheProvider(method)) {
        log.write("other", call(method), outcome(cause));
      }
      throw cause;
    }
  }

  private static boolean isOfTheSpi(Method method) {
    return method.getDeclaringClass().getPackage() == SecretStore.class.getPackage();
  }

  /** Whether it is an ability that the provider adds to the SPI. */
  private static boolean isOfTheProvider(Method method) {
    ClassLoader loader = method.getDeclaringClass().getClassLoader();
    boolean isOfTheJdk = loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    return !isOfTheSpi(method) && !isOfTheJdk;
  }

  /** Returns the called method without its arguments, because any of them may be a value. */
  private static Map<String, String> call(Method method) {
    String ability = method.getDeclaringClass().getName();
    return Map.of("call", ability + "." + method.getName());
  }

  private void answered(String operation, Object[] given, @Nullable Object answer) {
    if (answer instanceof Optional<?> changed) { // empty if the held value was not read again
      changed.ifPresent(secret -> answered(operation, given, secret));
    } else if (answer instanceof Map<?, ?> answers && given[0] instanceof Collection<?>) {
      answers.forEach((name, each) -> one(operation, name, (BatchStore.Answer) each));
    } else {
      Map<String, String> facts = facts(operation, given);
      String outcome = "ok";
      if (answer instanceof StoredSecret secret) {
        facts.put("version", secret.version());
      } else if (answer instanceof PutResult result) {
        facts.put("version", result.version());
        outcome = result.outcome() == PutResult.Outcome.UNCHANGED ? "unchanged" : "ok";
      } else if (operation.equals("add-recipient")) {
        facts.put("recipient", String.valueOf(answer));
      }
      log.write(operation, facts, outcome);
    }
  }

  private void one(String operation, Object name, BatchStore.Answer answer) {
    Optional<SecretException> error = answer.error();
    Object[] asked = {name};
    if (error.isPresent()) {
      failed(operation, asked, error.get());
    } else {
      answered(operation, asked, answer.orElseThrow());
    }
  }

  private void failed(String operation, Object[] given, Throwable error) {
    String outcome = outcome(error);
    if (given[0] instanceof Collection<?> names) {
      names.forEach(name -> log.write(operation, facts(operation, new Object[] {name}), outcome));
    } else {
      log.write(operation, facts(operation, given), outcome);
    }
  }

  private static String outcome(Throwable error) {
    return error instanceof SecretException known
        ? known.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
        : "internal";
  }

  /** Returns the facts in the arguments; the answered version replaces the requested one. */
  private static Map<String, String> facts(String operation, Object[] given) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (given[0] instanceof PutRequest request) {
      facts.put("name", request.name());
      if (request.stage() == Stage.PENDING) {
        facts.put("stage", "pending");
      }
    } else if (operation.equals("remove-recipient")) {
      facts.put("recipient", String.valueOf(given[0]));
    } else if (!operation.equals("add-recipient")) {
      facts.put("name", String.valueOf(given[0]));
      if (given.length > 1 && given[1] instanceof String version) {
        facts.put("version", version);
      }
    }
    return facts;
  }
}
