package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks once, before the first write, whether the mount is a KV engine of the configured version: a
 * write for version 2 to an engine of version 1 succeeds and puts the secret where no reader finds
 * it, and one to a database engine can change its roles. Safe for use by several threads; looking
 * twice is harmless.
 */
final class MountCheck {
  /** The server's names for engines of this kind: "generic" is the old name of version 1. */
  private static final Set<String> LIKE_KV = Set.of("kv", "generic", "cubbyhole");

  private final String mount;
  private final String expected;
  private volatile boolean isDone;

  MountCheck(String mount, String expected) {
    this.mount = mount;
    this.expected = expected;
  }

  void require(Call call) {
    if (isDone) {
      return;
    }
    Optional<String> version = version(call, mount);
    if (version.isPresent() && !version.get().equals(expected)) {
      throw other(version.get());
    }
    isDone = true;
  }

  /**
   * The version of the KV engine there; empty where the server does not tell this token.
   *
   * @throws StoreFailure {@code CONFIGURATION} if an engine of another kind is there
   */
  static Optional<String> version(Call call, String mount) {
    Reply reply = call.tryRead("sys/internal/ui/mounts/" + mount);
    Failures.requireAnswer(reply);
    Map<?, ?> facts = reply.data();
    String type = Json.text(facts, "type");
    if (!reply.ok() || type.isEmpty()) {
      return Optional.empty();
    }
    if (!LIKE_KV.contains(type)) {
      throw foreign(mount, type);
    }
    String version = Json.text(Json.object(facts, "options"), "version");
    return Optional.of(version.isEmpty() ? "1" : version);
  }

  private static StoreFailure foreign(String mount, String type) {
    String shown = type.matches("[0-9a-z_-]{1,60}") ? " but a '" + type + "' engine" : "";
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the mount '" + mount + "' is not a KV engine" + shown,
        "Set vault.mount to a KV engine: vault secrets list shows them");
  }

  static StoreFailure other(String version) {
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the mount is KV version " + version,
        "Set vault.kv-version to " + version + ", or vault.mount to another mount");
  }
}
