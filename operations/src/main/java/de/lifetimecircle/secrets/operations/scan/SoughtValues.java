package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.generation.TemplateRendering;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that a scan searches for: every readable version of every secret of an inventory, and
 * the templates with their current parts.
 *
 * <p>They stay in the memory of this process until {@link #close}, as values and as needles. Used
 * by one thread.
 */
public final class SoughtValues implements AutoCloseable {
  /** The number of versions of one secret that a scan searches for, the newest ones. */
  private static final int MOST_VERSIONS = 50;

  /**
   * The owner of a value.
   *
   * @param version the id, with its stages
   */
  record Owner(String stored, String name, String version, FoundValue.Served served) {}

  private record Value(SecretValue value, List<Owner> owners) {}

  private final SecretProvider provider;
  private final Set<String> included;
  private final List<Value> values = new ArrayList<>();
  private final List<UnsearchedSecret> unsought = new ArrayList<>();
  private @Nullable AnchorTable anchors;
  private @Nullable SecretException outage;

  private SoughtValues(SecretProvider provider, Set<String> included) {
    this.provider = provider;
    this.included = Set.copyOf(included);
  }

  /**
   * Reads the values; blocks for the store. Unreadable ones are in {@link #unsought}.
   *
   * @param environment the name of one environment; empty for all
   * @param included names of the inventory whose values are searched for even if they look public
   * @param provider the store, with local overrides off
   * @throws SecretException {@code CONFIGURATION} if there is no such environment or name
   */
  public static SoughtValues read(
      Inventory inventory, String environment, SecretProvider provider, Set<String> included) {
    for (String name : included) {
      if (!inventory.names().contains(name)) {
        throw SecretException.of(SecretException.Kind.CONFIGURATION, "search for secret")
            .name(name)
            .reason("the inventory has none of that name")
            .advice("Name it as the inventory does, without the prefix of an environment")
            .build();
      }
    }
    SoughtValues sought = new SoughtValues(provider, included);
    try {
      for (ServiceEnvironment each : inventory.environments(environment)) {
        inventory.secrets(each).forEach(secret -> sought.read(secret, each));
      }
      sought.prepare();
      return sought;
    } catch (RuntimeException e) {
      sought.close();
      throw e;
    }
  }

  private void read(InventorySecret secret, ServiceEnvironment environment) {
    String stored = environment.stored(secret.name());
    if (outage != null) { // more requests would only take time
      refused(stored, outage);
      return;
    }
    try {
      readStored(secret, stored);
    } catch (SecretException e) {
      outage = FreshRead.isOfWholeStore(e) ? e : null;
      refused(stored, e);
    }
    if (secret.template() != null && outage == null) {
      render(secret, environment, stored);
    }
  }

  private void readStored(InventorySecret secret, String stored) {
    List<SecretVersion> versions = List.of();
    try {
      versions = provider.versions(stored);
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.ACCESS_DENIED) {
        leave(stored, "its older versions cannot be listed: access denied", null);
      } else if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
    }
    if (versions.isEmpty()) {
      Secret read = provider.get(stored);
      add(secret, stored, read.version() + " (current)", FoundValue.Served.YES, read.value());
    }
    for (SecretVersion version : versions.subList(0, Math.min(MOST_VERSIONS, versions.size()))) {
      readVersion(secret, stored, version);
    }
    if (versions.size() > MOST_VERSIONS) {
      leave(stored, "its oldest versions are too many", null);
    }
  }

  private void refused(String stored, SecretException e) {
    boolean missing = e.kind() == SecretException.Kind.NOT_FOUND;
    String reason = missing ? "not in the store" : "cannot be read: " + EnumText.of(e.kind());
    leave(stored, reason, missing ? null : e.kind());
  }

  /** Records each reason once. */
  private void leave(String stored, String reason, SecretException.@Nullable Kind failure) {
    UnsearchedSecret left = new UnsearchedSecret(stored, reason, failure);
    if (!unsought.contains(left)) {
      unsought.add(left);
    }
  }

  private void readVersion(InventorySecret secret, String stored, SecretVersion version) {
    try {
      Secret read = provider.get(stored, VersionSelector.id(version.id()));
      FoundValue.Served served =
          version.stages().isEmpty() ? FoundValue.Served.NO : FoundValue.Served.YES;
      add(secret, stored, label(version), served, read.value());
    } catch (SecretException e) {
      boolean current = version.stages().contains(Stage.CURRENT);
      String reason = "version " + label(version) + " cannot be read: " + EnumText.of(e.kind());
      leave(stored, reason, FreshRead.isGone(e) && !current ? null : e.kind());
    }
  }

  private static String label(SecretVersion version) {
    List<String> stages = version.stages().stream().sorted().map(EnumText::of).toList();
    return stages.isEmpty() ? version.id() : version.id() + " (" + String.join(", ", stages) + ")";
  }

  private void render(InventorySecret secret, ServiceEnvironment environment, String stored) {
    try (SecretValue rendered = TemplateRendering.of(secret, environment, provider)) {
      boolean isStored =
          known(rendered).stream()
              .flatMap(value -> value.owners().stream())
              .anyMatch(owner -> owner.stored().equals(stored));
      if (!isStored) { // the version in the store says more
        add(secret, stored, "made of its parts now", FoundValue.Served.YES, rendered);
      }
    } catch (SecretException e) {
      boolean missing = e.kind() == SecretException.Kind.NOT_FOUND;
      String reason = "cannot be put together from its parts: " + EnumText.of(e.kind());
      leave(stored, reason, missing ? null : e.kind());
    }
  }

  private void add(
      InventorySecret secret,
      String stored,
      String version,
      FoundValue.Served served,
      SecretValue value) {
    String reason =
        included.contains(secret.name()) ? null : PublicValueHeuristic.reason(secret, value);
    if (reason != null) {
      leave(stored, reason, null);
      return;
    }
    Owner owner = new Owner(stored, secret.name(), version, served);
    known(value)
        .ifPresentOrElse(
            known -> known.owners().add(owner),
            () -> values.add(new Value(value.copy(), new ArrayList<>(List.of(owner)))));
  }

  private Optional<Value> known(SecretValue value) {
    return values.stream().filter(known -> known.value().equals(value)).findFirst();
  }

  private void prepare() {
    List<Needle> needles = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      byte[] bytes = values.get(i).value().asBytes();
      List<Needle> made = Needle.of(i, bytes);
      Arrays.fill(bytes, (byte) 0);
      needles.addAll(made);
      if (made.isEmpty()) {
        for (Owner owner : values.get(i).owners()) {
          leave(owner.stored(), PublicValueHeuristic.SHORT, null);
        }
      }
    }
    anchors = new AnchorTable(needles);
  }

  /** Returns anchors for every part of every value; the caller overwrites them. */
  AnchorTable coveringAnchors() {
    List<Needle> needles = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      byte[] bytes = values.get(i).value().asBytes();
      needles.addAll(Needle.covering(i, bytes));
      Arrays.fill(bytes, (byte) 0);
    }
    return new AnchorTable(needles);
  }

  AnchorTable anchors() {
    if (anchors == null) {
      throw new IllegalStateException("read() prepares them");
    }
    return anchors;
  }

  List<Owner> owners(int value) {
    return values.get(value).owners();
  }

  /** Returns the number of different values. */
  public int size() {
    return values.size();
  }

  /** Returns the secrets that are not searched for, and why. */
  public List<UnsearchedSecret> unsought() {
    return List.copyOf(unsought);
  }

  /** Overwrites the values and all their forms; closing twice is harmless. */
  @Override
  public void close() {
    values.forEach(value -> value.value().close());
    if (anchors != null) {
      anchors.wipe();
    }
  }
}
