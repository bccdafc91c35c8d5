package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was asked of a backend with what the inventory says: who may ask, when and from
 * where. Takes events in any order and of any number; used by one thread.
 *
 * <p>Working hours do not count for a service, which works at night; for a deployment and for a
 * rotation they do not count while one of them runs. A first reader is compared with what was known
 * before: with a file of an earlier audit, or with the part of the log before {@code since}.
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
  private final KnownReaders seen = new KnownReaders();
  private final Map<String, Optional<Role>> roles = new HashMap<>();
  private final EventGroups all = new EventGroups();
  private final EventGroups found = new EventGroups();
  private long others;
  private long before;

  /**
   * Makes an audit.
   *
   * @param environment only what is asked of its secrets is looked at, of all or of nobody knows
   *     which
   * @param deployments when something was deployed or rotated, also never; nothing where nobody
   *     knows
   * @param known who has read before; is added to
   * @param since what is earlier makes readers known and is not judged; nothing to judge all
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

  /** Takes one event. */
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
    all.add(Set.of(), event);
    if (read) {
      seen.add(event.principal(), event.name(), event.at());
    }
    Set<FindingReason> reasons = reasons(event, read);
    if (!reasons.isEmpty()) {
      found.add(reasons, event);
    }
  }

  /** Whether it is about secrets of the environment, also among others, or may be. */
  private boolean concerns(AuditEvent event) {
    return event.name().startsWith(prefix)
        || event.name().isEmpty() // nobody knows of which
        || (event.isList() && prefix.startsWith(event.name()))
        || event.changesRecipients();
  }

  private Set<FindingReason> reasons(AuditEvent event, boolean read) {
    Set<FindingReason> reasons = EnumSet.noneOf(FindingReason.class);
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
    return reasons;
  }

  /** The same few ask again and again. */
  private @Nullable Role role(String principal) {
    if (roles.size() >= MOST_ROLES) {
      roles.clear();
    }
    return roles.computeIfAbsent(principal, rules::role).orElse(null);
  }

  /** What was asked, by whom and from where, each combination once; the earliest first. */
  public List<EventGroup> groups() {
    return all.list();
  }

  /** What is otherwise than the inventory says, each combination once; the earliest first. */
  public List<AuditFinding> findings() {
    return found.findings();
  }

  /** How many events were beyond the room for different ones. */
  public long more() {
    return all.more();
  }

  /** How many events were about secrets of others. */
  public long others() {
    return others;
  }

  /** How many events were before {@code since}. */
  public long before() {
    return before;
  }

  /** What could not be looked for, and what it takes; empty where all was. */
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

  /** Who has read so far, with the reads of this audit: the baseline of the next one. */
  public KnownReaders readers() {
    return known.with(seen);
  }
}
