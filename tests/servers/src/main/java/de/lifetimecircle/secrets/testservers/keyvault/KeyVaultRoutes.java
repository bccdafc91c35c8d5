package de.lifetimecircle.secrets.testservers.keyvault;

import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.BACKUP;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.DELETE;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.GET;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.LIST;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.PURGE;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.RECOVER;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.RESTORE;
import static de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation.SET;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the test vault: the operation of each request, and its answer. Safe for use by
 * several threads.
 */
final class KeyVaultRoutes {
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z-]{1,127}");
  private static final Pattern API_VERSION =
      Pattern.compile("7\\.[0-6](-preview(\\.\\d)?)?|2025-07-01");

  private final KeyVaultState state;
  private final KeyVaultAnswers answers;
  private final Map<String, Integer> valueReads = new ConcurrentHashMap<>();

  KeyVaultRoutes(KeyVaultState state, KeyVaultFaults faults) {
    this.state = state;
    this.answers = new KeyVaultAnswers(faults);
  }

  /** How often the value of a name was read. */
  int valueReads(String name) {
    return valueReads.getOrDefault(name.toLowerCase(Locale.ROOT), 0);
  }

  void resetCounts() {
    valueReads.clear();
  }

  /**
   * Handles a request.
   *
   * @param right receives the right that the request needs and the name, and refuses if the right
   *     is missing
   * @throws KeyVaultRefusal when the vault answers with an error
   */
  KeyVaultReply answer(KeyVaultCall call, BiConsumer<KeyVaultOperation, String> right) {
    checkApiVersion(call.query().get("api-version"));
    boolean deleted = call.part(0).equals("deletedsecrets");
    String name = call.part(1);
    if (name.isEmpty()) {
      allow(call, "GET");
      right.accept(LIST, "");
      return deleted ? answers.deletedPage(call, state) : answers.activePage(call, state);
    }
    if (!NAME.matcher(name).matches()) {
      throw KeyVaultRefusal.badParameter("The request URI contains an invalid name: " + name);
    }
    return deleted ? deleted(call, name, right) : active(call, name, right);
  }

  static boolean takes(KeyVaultCall call) {
    return call.part(0).equals("secrets") || call.part(0).equals("deletedsecrets");
  }

  private static void checkApiVersion(@Nullable String version) {
    if (version == null) {
      throw KeyVaultRefusal.badParameter("The api-version query parameter is missing.");
    }
    if (!API_VERSION.matcher(version).matches()) {
      throw KeyVaultRefusal.badParameter(
          "The specified version ("
              + version
              + ") is not recognized. Consider using the latest supported version (2025-07-01).");
    }
  }

  private static void allow(KeyVaultCall call, String method) {
    if (!call.method().equals(method)) {
      throw KeyVaultRefusal.noRoute(call.method());
    }
  }

  private KeyVaultReply active(
      KeyVaultCall call, String name, BiConsumer<KeyVaultOperation, String> right) {
    String version = call.part(2);
    if (version.equals("versions")) {
      allow(call, "GET");
      right.accept(LIST, name);
      return answers.versionPage(call, state, state.spelling(name));
    }
    return switch (call.method()) {
      case "GET" -> {
        right.accept(GET, name);
        yield answers.value(call, state.spelling(name), read(name, version));
      }
      case "PATCH" -> {
        right.accept(SET, name);
        KeyVaultVersion changed = state.change(name, version, KeyVaultDraft.read(call.body()));
        yield answers.described(call, state.spelling(name), changed);
      }
      case "POST" -> copy(call, name, right);
      case "PUT" -> {
        allowWhole(call);
        right.accept(SET, name);
        KeyVaultVersion set = state.set(name, KeyVaultDraft.read(call.body()));
        yield answers.value(call, state.spelling(name), set);
      }
      case "DELETE" -> {
        allowWhole(call);
        right.accept(DELETE, name);
        yield answers.deleted(call, state.delete(name));
      }
      default -> throw KeyVaultRefusal.noRoute(call.method());
    };
  }

  private KeyVaultReply copy(
      KeyVaultCall call, String name, BiConsumer<KeyVaultOperation, String> right) {
    if (call.part(2).equals("backup")) {
      right.accept(BACKUP, name);
      return KeyVaultReply.ok(Map.of("value", state.backup(name)));
    }
    if (!name.equals("restore") || call.path().size() > 2) {
      throw KeyVaultRefusal.noRoute(call.method());
    }
    right.accept(RESTORE, "");
    String handle = KeyVaultDraft.read(call.body()).value();
    KeyVaultEntry entry = state.restore(handle == null ? "" : handle);
    return answers.described(call, entry.name(), entry.newest());
  }

  /** Refuses an operation on a whole secret if the address names a version. */
  private static void allowWhole(KeyVaultCall call) {
    if (!call.part(2).isEmpty()) {
      throw KeyVaultRefusal.noRoute(call.method());
    }
  }

  private KeyVaultVersion read(String name, String version) {
    KeyVaultVersion read = state.read(name, version);
    valueReads.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum);
    return read;
  }

  private KeyVaultReply deleted(
      KeyVaultCall call, String name, BiConsumer<KeyVaultOperation, String> right) {
    if (call.part(2).equals("recover")) {
      allow(call, "POST");
      right.accept(RECOVER, name);
      KeyVaultEntry entry = state.recover(name);
      return answers.described(call, entry.name(), entry.newest());
    }
    return switch (call.method()) {
      case "GET" -> {
        right.accept(GET, name);
        yield answers.deleted(call, state.readDeleted(name));
      }
      case "DELETE" -> {
        right.accept(PURGE, name);
        state.purge(name);
        yield KeyVaultReply.empty(204);
      }
      default -> throw KeyVaultRefusal.noRoute(call.method());
    };
  }
}
