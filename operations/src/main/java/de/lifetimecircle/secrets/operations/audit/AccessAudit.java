package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the requests in a backend's log with the inventory: the principals, hours and addresses
 * that it expects. Takes any number of events in any order; used by one thread.
 *
 * <p>Working hours do not apply to a service, which also works at night, nor to a deployment or a
 * rotation while it runs. First readers are found by comparison with a file of an earlier audit, or
 * with the part of the log before {@code since}.
 */
public final class AccessAudit {
  private static final int MOST_ROLES = 10_000;

  private final AuditRules rules;
  private final ZoneId zone;
  private final String prefix;
  private final @Nullable DeploymentTimes deployments;
  private final KnownReaders known;
  private final @Nullable Instant since;
  private final boolean knowsReaders;
  private final Map<String, Optional<Role>> roles = new HashMap<>();
  private final EventGroups all = new EventGroups();
  private final EventGroups found = new EventGroups();
  private long others;
  private long before;

  /**
   * Begins an audit.
   *
   * @param environment only requests for its secrets count, or requests whose secrets the log does
   *     not name
   * @param deployments the times of deployments and rotations, which may be none; null if they are
   *     unknown
   * @param known the readers of earlier audits; this audit adds its own
   * @param since earlier events only make readers known; null to judge all events
   */
  public AccessAudit(
      Inventory inventory,
      ServiceEnvironment environment,
      Optional<DeploymentTimes> deployments,
      Optional<KnownReaders> known,
      Optional<Instant> since) {
    this.rules = inventory.audit();
    this.zone = inventory.zone();
    this.prefix = environment.prefix();
    this.deployments = deployments.orElse(null);
    this.known = known.orElseGet(KnownReaders::new);
    this.since = since.orElse(null);
    this.knowsReaders = known.isPresent() || since.isPresent();
  }

  /** Adds one event. */
  public void accept(AuditEvent event) {
    if (!concerns(event)) {
      others++;
      return;
    }
    boolean read = event.isRead() && event.outcome().equals("ok") && !event.name().isEmpty();
    if (since != null && event.at().isBefore(since)) {
      before++;
      if (read) {
        known.add(event.principal(), event.name(), event.at());
      }
      return;
    }
    boolean unused = all.add(List.of(), event);
    List<FindingReason> reasons = reasons(event, read);
    boolean shown = reasons.isEmpty() || found.add(reasons, event);
    // A first reader that no finding shows stays unknown, so that the next audit reports it.
    if (read && (shown || !reasons.contains(FindingReason.FIRST_READER))) {
      known.see(event.principal(), event.name(), event.at());
    }
  }

  /** Returns whether an event is, or may be, about secrets of the environment. */
  private boolean concerns(AuditEvent event) {
    return event.name().startsWith(prefix)
        || event.name().isEmpty() // the log does not say which secret
        || (event.isList() && prefix.startsWith(event.name()))
        || event.changesRecipients();
  }

  private List<FindingReason> reasons(AuditEvent event, boolean read) {
    List<FindingReason> reasons = new ArrayList<>();
    Role role = role(event.principal());
    boolean deployed = deployments != null && deployments.contains(event.at());
    boolean excused =
        role == Role.SERVICE || (deployed && (role == Role.CI || role == Role.ROTATOR));
    if (!excused && rules.knowsHours() && !rules.isWorkingTime(event.at().atZone(zone))) {
      reasons.add(FindingReason.OUTSIDE_HOURS);
    }
    if (role == Role.CI && !deployed && deployments != null) {
      reasons.add(FindingReason.OUTSIDE_DEPLOYMENT);
    }
    if (role == null && !rules.principals().isEmpty()) {
      reasons.add(FindingReason.UNKNOWN_PRINCIPAL);
    }
    if (!event.place().isEmpty() && !rules.isKnownPlace(event.place())) {
      reasons.add(FindingReason.UNKNOWN_ADDRESS);
    }
    if (read && knowsReaders && !known.knows(event.principal(), event.name())) {
      reasons.add(FindingReason.FIRST_READER);
    }
    return List.copyOf(reasons); // in the order of FindingReason
  }

  /** A log has few different principals, so the answers are kept. */
  private @Nullable Role role(String principal) {
    if (roles.size() >= MOST_ROLES) {
      roles.clear();
    }
    return roles.computeIfAbsent(principal, rules::role).orElse(null);
  }

  /** Returns each combination of request, principal and address once, the earliest first. */
  public List<EventGroup> groups() {
    return all.list();
  }

  /**
   * Returns the events that contradict the inventory, each combination once, the earliest first.
   */
  public List<EventGroup> findings() {
    return found.list();
  }

  /** Returns how many events are missing because there were too many different ones. */
  public long more() {
    return all.more();
  }

  /**
   * Returns how many unexpected events are in no finding because there were too many different
   * ones.
   */
  public long moreFound() {
    return found.more();
  }

  /** Returns how many events were about secrets of other environments or services. */
  public long others() {
    return others;
  }

  /** Returns how many events were before {@code since}. */
  public long before() {
    return before;
  }

  /** Returns the checks that were impossible, and the option or key that each one needs. */
  public List<String> notLookedFor() {
    List<String> missing = new ArrayList<>();
    if (!rules.knowsHours()) {
      missing.add(
          "outside working hours: the inventory has no audit.working-hours, days, holidays");
    }
    if (deployments == null) {
      missing.add("from CI outside a deployment: no --deployments");
    }
    if (rules.principals().isEmpty()) {
      missing.add("by an unknown principal: the inventory has no audit.principals");
    }
    if (rules.addresses().isEmpty() && rules.hosts().isEmpty()) {
      missing.add("from an unknown address: the inventory has no audit.addresses or audit.hosts");
    }
    if (!knowsReaders) {
      missing.add("by a first reader: neither --since nor --state");
    }
    return missing;
  }

  /**
   * Returns all readers so far, those of this audit included: the baseline of the next audit.
   * Readers whose first read is in {@link #moreFound} are not among them.
   */
  public KnownReaders readers() {
    return known;
  }
}
