package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps pending values in a backend with stages: as the pending version.
 *
 * <p>A version loses a stage only when another version gets it. So a pending version is cleared by
 * a new one with the served value.
 */
record StagedPendingStore(SecretWriter writer) implements PendingStore {
  @Override
  public Optional<String> foreign(String stored, String rotation) {
    return any(stored).map(version -> "version " + version + " is pending");
  }

  /**
   * Returns the pending version. It must be of this rotation, because none existed when the
   * rotation began.
   */
  @Override
  public Optional<String> kept(String stored, String rotation) {
    return any(stored);
  }

  @Override
  public Optional<String> any(String stored) {
    return staged(stored, Stage.PENDING)
        .filter(id -> !value(stored, id).equals(provider().get(stored, Duration.ZERO).value()));
  }

  @Override
  public String keep(String stored, String rotation, String by, SecretValue value) {
    return writer.putPending(stored, value).version();
  }

  @Override
  public SecretValue value(VersionChange change) {
    return value(change.stored(), change.pending()).copy();
  }

  private SecretValue value(String stored, String version) {
    return provider().get(stored, VersionSelector.id(version)).value();
  }

  @Override
  public String promote(VersionChange change) {
    serve(change.stored(), change.old(), change.pending());
    return change.pending();
  }

  @Override
  public String restore(VersionChange change, SecretValue old) {
    Secret now = provider().get(change.stored(), Duration.ZERO);
    if (now.value().equals(old)) {
      return now.version(); // another writer may have put it as a new version
    }
    serve(change.stored(), change.fresh(), change.old());
    return change.old();
  }

  private void serve(String stored, String from, String to) {
    String now = provider().get(stored, Duration.ZERO).version();
    if (now.equals(to)) {
      return;
    }
    if (!now.equals(from)) {
      throw PendingStore.changedMeanwhile(stored, now);
    }
    writer.promote(stored, to);
  }

  @Override
  public boolean isServed(VersionChange change) {
    return FreshRead.findUndeleted(provider(), change.stored())
        .filter(now -> now.version().equals(change.pending()))
        .isPresent();
  }

  @Override
  public void clear(VersionChange change) {
    String stored = change.stored();
    if (staged(stored, Stage.PENDING).filter(change.pending()::equals).isPresent()) {
      writer.putPending(stored, provider().get(stored, Duration.ZERO).value());
    }
  }

  @Override
  public boolean clearAny(String stored) {
    boolean any = any(stored).isPresent();
    if (any) {
      writer.putPending(stored, provider().get(stored, Duration.ZERO).value());
    }
    return any;
  }

  private SecretProvider provider() {
    return writer.provider();
  }

  private Optional<String> staged(String stored, Stage stage) {
    return provider().versions(stored).stream()
        .filter(version -> version.stages().contains(stage))
        .map(SecretVersion::id)
        .findFirst();
  }
}
