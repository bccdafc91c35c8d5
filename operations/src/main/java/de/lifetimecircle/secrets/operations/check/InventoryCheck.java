package de.lifetimecircle.secrets.operations.check;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.check.CheckFinding.Reason;
import de.lifetimecircle.secrets.operations.check.CheckFinding.Status;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.documents.VersionAge;
import de.lifetimecircle.secrets.operations.generation.TemplateRendering;
import de.lifetimecircle.secrets.operations.inventory.AwsManagedSecrets;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import de.lifetimecircle.secrets.operations.rotation.OpenRotations;
import de.lifetimecircle.secrets.operations.rotation.PendingValue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a store with the inventory: every secret exists, is valid and not older than its
 * rotation allows, templates agree with their parts, and the store has no unknown names.
 *
 * <p>Reads only, one value at a time; blocks for the backend. A secret that cannot be read is a
 * finding, not an exception, so that one missing permission hides nothing else. Used by one thread.
 * The caller closes the provider, which must have local overrides off.
 */
public final class InventoryCheck {
  /** The beginning of the detail for a secret whose value the inventory's text contains. */
  private static final String QUOTED = "its value is in the inventory";

  /** The aspect of a result about the hooks of a secret. */
  public static final String HOOKS = "hooks";

  /** The aspect of a result about a rotation of a secret. */
  public static final String ROTATION = "rotation";

  /** A check warns this long before a rotation is due. */
  private static final int DAYS_OF_WARNING = 14;

  private final Inventory inventory;
  private final ServiceEnvironment environment;
  private final SecretProvider provider;
  private final StoreSnapshot store;
  private final Instant now;
  private final LocalDate today;
  private final LeakedValueCheck prose;
  private CheckWatch watch = CheckWatch.NONE;
  private Optional<OpenRotations> rotations = Optional.empty();
  private int failures;

  /** The name of a secret that the store has; empty if it has none. */
  private String present = "";

  private SecretException.@Nullable Kind down;

  /** Begins to check the environment of a snapshot, which knows all but the values afterwards. */
  public InventoryCheck(StoreSnapshot store, InstantSource clock) {
    this.store = store;
    this.inventory = store.inventory();
    this.environment = store.environment();
    this.provider = store.provider();
    this.now = clock.instant();
    this.today = LocalDate.ofInstant(now, inventory.zone());
    this.prose = new LeakedValueCheck(inventory);
  }

  /** Reports the progress of {@link #findings} to a listener. */
  public InventoryCheck watchedBy(CheckWatch listener) {
    this.watch = listener;
    return this;
  }

  /** Reports the rotations that are open, by the journals of a folder or in the store. */
  public InventoryCheck rotatedIn(OpenRotations open) {
    this.rotations = Optional.of(open);
    return this;
  }

  /**
   * Returns the findings: at least one for each secret of the inventory, then other names in the
   * store.
   */
  public List<CheckFinding> findings() {
    List<CheckFinding> findings = new ArrayList<>();
    List<InventorySecret> secrets = inventory.secrets(environment);
    int checked = 0;
    for (InventorySecret secret : secrets) {
      if (down == null) {
        findings.addAll(findings(secret));
      }
      hooks(secret).ifPresent(findings::add);
      watch.at(++checked, secrets.size());
    }
    if (down == null) {
      Map<String, PendingValue> beside = new HashMap<>();
      findings.addAll(unknownNames(beside));
      rotations.ifPresent(
          open -> open.of(store, beside).forEach(each -> findings.add(rotation(each))));
      findings.addAll(elsewhere());
    } else {
      findings.add(
          CheckFinding.fail(
              environment.prefix() + "*",
              "the rest was not checked, because the store cannot be asked ("
                  + EnumText.of(down)
                  + "); '"
                  + inventory.storeCommand("doctor")
                  + "' shows why"));
    }
    return findings;
  }

  /**
   * Stops asking a store that is down: each further call would take its retries, or its whole
   * deadline, and fail for the same reason.
   */
  private void noteOutage(SecretException.Kind kind) {
    boolean passing =
        kind == SecretException.Kind.UNAVAILABLE || kind == SecretException.Kind.THROTTLED;
    failures = passing ? failures + 1 : 0;
    if (failures == 2
        || kind == SecretException.Kind.TIMEOUT
        || kind == SecretException.Kind.UNAUTHENTICATED) {
      down = kind;
    }
  }

  /** Returns why the store could not be asked; empty if it could. Call it after the check. */
  public Optional<SecretException.Kind> down() {
    return Optional.ofNullable(down);
  }

  /**
   * Returns whether the inventory's sentences contain a value of this environment. Call it after
   * the check.
   */
  public LeakedValues prose() {
    return prose.state();
  }

  /**
   * Returns a warning that names the values of the example that would flow into policies and
   * documents; empty if the inventory has none. Reads no secret.
   */
  public Optional<CheckFinding> placeholders() {
    return Placeholders.warning(Placeholders.in(inventory, environment, store.scheme()))
        .map(warning -> CheckFinding.warn(inventory.source(), warning));
  }

  /** Returns where the inventory names another store, such as another account. */
  private List<CheckFinding> elsewhere() {
    if (present.isEmpty()) {
      return List.of();
    }
    List<CheckFinding> findings = new ArrayList<>();
    StorePlace.Comparison compared = store.place(present);
    for (StorePlace.Difference each : compared.differences()) {
      findings.add(
          CheckFinding.fail(inventory.source(), each.text() + "; " + each.advice())
              .because(Reason.ELSEWHERE));
    }
    for (String fact : compared.unknown()) {
      findings.add(
          CheckFinding.warn(
              inventory.source(),
              fact
                  + " could not be compared with the store: these credentials may not describe '"
                  + present
                  + "'"));
    }
    return findings;
  }

  private List<CheckFinding> findings(InventorySecret secret) {
    String name = environment.stored(secret.name());
    Secret current;
    try {
      current = provider.get(name);
    } catch (SecretException e) {
      noteOutage(e.kind());
      if (e.kind() != SecretException.Kind.NOT_FOUND) { // a missing secret has no value to quote
        prose.unread();
      }
      return List.of(unreadable(e, secret));
    }
    failures = 0;
    present = name;
    List<CheckFinding> findings = new ArrayList<>();
    if (current.origin() == Secret.Origin.OVERRIDE) {
      prose.unread();
      findings.add(CheckFinding.fail(name, "a local override hides it"));
      return findings;
    }
    for (String broken : secret.rules().broken(current.value())) {
      findings.add(CheckFinding.fail(name, "not valid: " + broken));
    }
    form(secret, current.value()).ifPresent(findings::add);
    agreement(secret, current.value()).ifPresent(findings::add);
    leaked(secret, current.value()).ifPresent(findings::add);
    CheckFinding age = age(secret);
    boolean wrong = findings.stream().anyMatch(f -> f.status() == Status.FAIL);
    if (!wrong || age.status() != Status.OK) {
      findings.add(age);
    }
    return findings;
  }

  /** Reports hooks that are missing for a secret that opens something else; reads no value. */
  private Optional<CheckFinding> hooks(InventorySecret secret) {
    String name = environment.stored(secret.name());
    String opens = secret.opens();
    if (opens == null) {
      return Optional.empty();
    }
    if (secret.lacksApply()) {
      return Optional.of(
          CheckFinding.fail(
                  name,
                  "opens "
                      + opens
                      + ", and no hook 'apply' brings a new value there: rotations are"
                      + " refused, and an emergency leaves the old value valid")
              .about(HOOKS));
    }
    boolean shown = secret.hooks().containsKey("retire") || secret.declined().containsKey("retire");
    return shown
        ? Optional.empty()
        : Optional.of(
            CheckFinding.warn(
                    name,
                    "opens "
                        + opens
                        + ", and no hook 'retire' shows that the old value is refused"
                        + " there, so an emergency will not say so")
                .about(HOOKS));
  }

  /** Reports in one line, which the exception's text is not, why a secret could not be read. */
  private CheckFinding unreadable(SecretException e, InventorySecret secret) {
    String name = environment.stored(secret.name());
    if (e.kind() != SecretException.Kind.NOT_FOUND) {
      return CheckFinding.fail(name, "cannot be read: " + EnumText.of(e.kind()));
    }
    String detail =
        secret.isMade()
            ? "missing; " + command("generate --all") + " makes it"
            : "missing; " + command("put " + secret.name() + " --trim-newline") + " brings it";
    return CheckFinding.fail(name, detail).because(Reason.MISSING);
  }

  private String command(String words) {
    return "'" + inventory.command(words, environment) + "'";
  }

  private Optional<CheckFinding> form(InventorySecret secret, SecretValue value) {
    ValueShape shape = secret.shape();
    if (shape == null || shape.fits(value)) {
      return Optional.empty();
    }
    return Optional.of(
        CheckFinding.warn(
            environment.stored(secret.name()),
            "does not look like '" + shape + "', so it was not generated here"));
  }

  private Optional<CheckFinding> agreement(InventorySecret secret, SecretValue value) {
    if (secret.template() == null) {
      return Optional.empty();
    }
    String name = environment.stored(secret.name());
    try (SecretValue rendered = TemplateRendering.of(secret, environment, provider)) {
      return rendered.equals(value)
          ? Optional.empty()
          : Optional.of(
              CheckFinding.fail(
                  name,
                  "does not agree with its parts; "
                      + command("generate " + secret.name() + " --force")
                      + " recreates it"));
    } catch (SecretException e) {
      return Optional.of(
          CheckFinding.fail(name, "cannot be compared with its parts: " + EnumText.of(e.kind())));
    }
  }

  /**
   * Everyone who has the repository can read the inventory. A value that a person supplies may be
   * public, such as a host.
   */
  private Optional<CheckFinding> leaked(InventorySecret secret, SecretValue value) {
    if (!prose.quotes(value)) {
      return Optional.empty();
    }
    boolean isSecret = secret.isMade();
    return Optional.of(
        new CheckFinding(
            isSecret ? Status.FAIL : Status.WARN,
            environment.stored(secret.name()),
            QUOTED
                + "; "
                + (isSecret ? "" : "if it is secret, ")
                + "rotate it, then remove it there"));
  }

  private CheckFinding age(InventorySecret secret) {
    String name = environment.stored(secret.name());
    VersionAge age = store.age(name);
    RotationRule rotation = secret.rotation();
    Optional<LocalDate> due = rotation == null ? Optional.empty() : age.made().map(rotation::due);
    Status status = Status.OK;
    String more = "";
    Reason reason = Reason.OTHER;
    if (rotation != null && due.isEmpty()) {
      status = Status.WARN;
      more = ", so its due date is unknown";
    } else if (due.isPresent()) {
      more = ", due " + due.get();
      if (today.isAfter(due.get())) {
        status = Status.FAIL;
        more += ": older than its rotation allows";
        reason = Reason.TOO_OLD;
      } else if (!today.plusDays(DAYS_OF_WARNING).isBefore(due.get())) {
        status = Status.WARN;
      }
    }
    return new CheckFinding(status, name, "", age.text() + more, reason, age.version(), due);
  }

  /** Reports an open rotation. One that only waits for the end of its grace is as it should be. */
  private CheckFinding rotation(OpenRotations.Found open) {
    Status status = Status.FAIL;
    if (open.sign() == OpenRotations.Sign.GRACE) {
      status = open.until().filter(now::isAfter).isPresent() ? Status.WARN : Status.OK;
    }
    String age =
        open.since()
            .map(since -> "open for " + age(Duration.between(since, now)) + ": ")
            .orElse("");
    String ways = open.ways().isEmpty() ? "" : ". " + open.ways();
    return new CheckFinding(status, open.name(), age + open.state() + ways).about(ROTATION);
  }

  private static String age(Duration time) {
    if (time.toDays() > 1) {
      return time.toDays() + " days";
    }
    return time.toHours() > 1 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
  }

  /** Looks under the name at which a backend without stages keeps a pending value. */
  private Optional<CheckFinding> pending(
      String name, String secret, Map<String, PendingValue> beside) {
    try {
      PendingValue.under(provider, name).ifPresent(value -> beside.put(secret, value));
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(
          CheckFinding.warn(
              name,
              "what a rotation of '"
                  + secret
                  + "' keeps cannot be read: "
                  + EnumText.of(e.kind())));
    }
  }

  private List<CheckFinding> unknownNames(Map<String, PendingValue> beside) {
    Set<String> known = new HashSet<>();
    for (ServiceEnvironment each : inventory.environments()) {
      inventory.secrets(each).forEach(secret -> known.add(each.stored(secret.name())));
    }
    List<CheckFinding> findings = new ArrayList<>();
    try {
      for (String name : provider.list(environment.prefix())) {
        String secret = PendingNames.secretOf(name);
        if (known.contains(secret)) {
          pending(name, secret, beside).ifPresent(findings::add);
        } else if (AwsManagedSecrets.isManaged(provider, name)) {
          findings.add(
              new CheckFinding(Status.OK, name, "in the store, and an AWS service manages it"));
        } else if (!known.contains(name)) {
          findings.add(CheckFinding.fail(name, "in the store, and the inventory does not know it"));
        }
      }
    } catch (SecretException e) {
      boolean cannot = e.kind() == SecretException.Kind.UNSUPPORTED;
      findings.add(
          new CheckFinding(
              cannot ? Status.WARN : Status.FAIL,
              environment.prefix() + "*",
              "what else is there cannot be listed: " + EnumText.of(e.kind())));
      if (!e.retryable() && !PendingValue.hasStages(provider)) {
        findings.addAll(unlisted(beside));
      }
    }
    return findings;
  }

  /** Looks for pending names in a store that does not list them. */
  private List<CheckFinding> unlisted(Map<String, PendingValue> beside) {
    return inventory.secrets(environment).stream()
        .map(secret -> environment.stored(secret.name()))
        .flatMap(name -> pending(PendingNames.of(name), name, beside).stream())
        .toList();
  }
}
