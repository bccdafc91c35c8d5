package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * Looks once, before the first write, whether the mount is of the configured version: a write for
 * version 2 to an engine of version 1 succeeds and puts the secret where nobody finds it. Safe for
 * use by several threads; looking twice is harmless.
 */
final class MountCheck {
  private final String mount;
  private final String expected;
  private volatile boolean isDone;

  MountCheck(String mount, String expected) {
    this.mount = mount;
    this.expected = expected;
  }

  void require(VaultCall call) throws VaultProblem {
    if (isDone) {
      return;
    }
    Optional<String> version = version(call, mount);
    if (version.isPresent() && !version.get().equals(expected)) {
      throw other(version.get());
    }
    isDone = true;
  }

  /** The version of the engine there; empty where the server does not tell this token. */
  static Optional<String> version(VaultCall call, String mount) throws VaultProblem {
    Reply reply = call.tryRead("sys/internal/ui/mounts/" + mount);
    VaultErrors.requireAnswer(reply);
    Map<?, ?> facts = reply.data();
    if (!reply.ok() || !"kv".equals(facts.get("type"))) {
      return Optional.empty();
    }
    String version = Reply.text(Reply.map(facts, "options"), "version");
    return Optional.of(version.isEmpty() ? "1" : version);
  }

  static VaultProblem other(String version) {
    return VaultProblem.of(
        Kind.CONFIGURATION,
        "the mount is KV version " + version,
        "Set vault.kv-version to " + version + ", or vault.mount to another mount");
  }
}
