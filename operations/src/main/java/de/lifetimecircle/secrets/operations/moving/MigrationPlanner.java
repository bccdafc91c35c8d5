package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Rotating;
import de.lifetimecircle.secrets.operations.rotation.PendingValue;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans a migration and finds the obstacles. Writes nothing. */
final class MigrationPlanner {
  /**
   * The number of versions written to a name that the target has. With the replaced version and the
   * one that a rollback writes they are ten, which every backend keeps; see docs/backends.md.
   */
  private static final int MOST_ON_TOP = 8;

  private final SecretProvider source;
  private final TargetStore target;
  private final Existing existing;
  private final Rotating rotating;
  private final StoreComparison comparison;
  private final ValueFingerprints fingerprints;
  private final BackendLimits rules;
  private final boolean mayHavePendingNames;
  private MigrationWatch watch = MigrationWatch.NONE;

  private final List<MigrationPlan.Item> items = new ArrayList<>();
  private final List<String> unchanged = new ArrayList<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  MigrationPlanner(
      SecretProvider source,
      TargetStore target,
      Existing existing,
      Rotating rotating,
      StoreComparison comparison,
      ValueFingerprints fingerprints) {
    this.source = source;
    this.target = target;
    this.existing = existing;
    this.rotating = rotating;
    this.comparison = comparison;
    this.fingerprints = fingerprints;
    this.rules = BackendLimits.of(target.provider());
    this.mayHavePendingNames = !PendingValue.hasStages(source);
  }

  MigrationPlanner watchedBy(MigrationWatch watch) {
    this.watch = watch;
    return this;
  }

  MigrationPlan plan(List<String> names) {
    if (!target.can(Capability.WRITE)) {
      problems.add("the target cannot be written to");
    }
    Set<String> distinct = new LinkedHashSet<>(names);
    int planned = 0;
    for (String name : distinct) {
      plan(name);
      watch.at(MigrationWatch.Phase.PLAN, ++planned, distinct.size());
    }
    refuseTwins(distinct);
    return result();
  }

  /**
   * Plans only the versions that the source got after the one that the target serves, which is an
   * obstacle if the source does not list it: another writer wrote it.
   *
   * @param there the target's current version
   */
  MigrationPlan since(String name, Secret there) {
    VersionChain chain = VersionChain.of(source, name);
    int known = place(name, chain, there);
    if (chain.current() == null || known < 0) {
      problem(name, "the source has no version with the target's value");
    } else {
      addAfter(name, chain, known, there.version(), 0);
    }
    return result();
  }

  /**
   * Plans only the versions that the source got after the one that a migration has copied; all that
   * it lists if it has that one no longer.
   *
   * @param there the target's current version, which the migration wrote
   * @param writes the number of versions that it has written there
   */
  MigrationPlan since(MigrationPlan.Item copied, Secret there, int writes) {
    String name = copied.name();
    VersionChain chain = VersionChain.of(source, name);
    if (chain.current() == null) {
      problem(name, "no version is current in the source");
    } else {
      addAfter(name, chain, place(name, chain, there), copied.replaced().orElse(null), writes);
    }
    return result();
  }

  /** Returns the place of the newest version with the target's value; -1 if there is none. */
  private int place(String name, VersionChain chain, Secret there) {
    int place = chain.served().size() - 1;
    while (place >= 0 && !holds(name, chain.served().get(place), there)) {
      place--;
    }
    return place;
  }

  /** Adds the versions after a place in the chain; all of them if that is -1. */
  private void addAfter(
      String name, VersionChain chain, int known, @Nullable String replaced, int writes) {
    refuseUnfinished(name);
    VersionChain newer = accepted(name, chain.newest(chain.served().size() - known - 1));
    newer = withoutPending(name, newer);
    look(name, newer);
    refuseUnfinishedInTarget(name);
    add(name, newer, replaced, writes);
  }

  private void plan(String name) {
    VersionChain chain;
    try {
      if (IdlePendingNames.isIdle(source, name)) {
        return;
      }
      chain = VersionChain.of(source, name);
      if (chain.current() == null) {
        problem(name, "no version is current in the source");
        return;
      }
      refuseUnfinished(name);
      chain = withoutPending(name, accepted(name, chain));
      look(name, chain);
    } catch (SecretException e) {
      refuse(name, "the source", e);
      return;
    }
    try {
      Optional<Secret> there = target.current(name);
      if (there.isEmpty()) {
        if (target.knows(name)) {
          problem(
              name,
              "the target has it without a value, or without this field; purge it there first");
        }
        if (rules.isLikeAnArn(name)) {
          note(name, "it ends like an ARN, so AWS does not find it by a part of its ARN");
        }
        add(name, chain, null, 0);
      } else if (comparison.compareServed(name, Integer.MAX_VALUE).outcome()
          == ComparedSecret.Outcome.SAME) {
        unchanged.add(name);
      } else if (existing == Existing.REPLACE) {
        refuseUnfinishedInTarget(name);
        add(name, newer(name, chain, there.get()), there.get().version(), 0);
      } else {
        problem(name, "the target has it with another value; see --replace");
      }
    } catch (SecretException e) {
      refuse(name, "the target", e);
    }
  }

  private MigrationPlan result() {
    return new MigrationPlan(items, unchanged, List.copyOf(problems), notes);
  }

  /** Plans nothing for a secret that the target has already, but finds its open rotation. */
  MigrationPlan same(String name) {
    refuseUnfinished(name);
    unchanged.add(name);
    return result();
  }

  /**
   * Leaves out the pending version: it belongs to a rotation, which cannot go on in another store.
   */
  private VersionChain withoutPending(String name, VersionChain chain) {
    if (chain.pending() != null) {
      PendingValue.staged(source, name, source.versions(name))
          .ifPresentOrElse(
              open -> unfinished(name, open, "in the source"),
              () -> note(name, "its pending version is left out; it has the served value"));
    }
    return chain.withoutPending();
  }

  /** Returns only the versions after the one that the target already has, if it has one. */
  private VersionChain newer(String name, VersionChain chain, Secret there) {
    List<String> served = chain.served();
    for (int i = served.size() - 2; i >= 0; i--) {
      if (holds(name, served.get(i), there)) {
        return chain.newest(served.size() - i - 1);
      }
    }
    return chain;
  }

  private boolean holds(String name, String id, Secret there) {
    return VersionChain.find(source, name, id)
        .filter(read -> read.value().equals(there.value()))
        .isPresent();
  }

  /**
   * Finds the pending value of a rotation, which a backend without stages keeps under a name of its
   * own: this one, or that of this secret, which may not be among the given ones.
   */
  private void refuseUnfinished(String name) {
    if (!PendingNames.secretOf(name).isEmpty()) {
      refuseUnfinished(PendingNames.secretOf(name), name);
    }
    if (mayHavePendingNames) {
      refuseUnfinished(name, PendingNames.of(name));
    }
  }

  private void refuseUnfinished(String secret, String pending) {
    orNote(
        secret,
        "the source denies '" + pending + "'",
        () ->
            PendingValue.under(source, pending)
                .ifPresent(open -> unfinished(secret, open, "in the source")));
  }

  /** Finds the rotation of a name that is to be overwritten: it would overwrite the copy. */
  private void refuseUnfinishedInTarget(String name) {
    orNote(
        name,
        "the target denies the list of its versions",
        () -> target.pending(name).ifPresent(open -> unfinished(name, open, "in the target")));
  }

  private void orNote(String name, String denied, Runnable look) {
    try {
      look.run();
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.ACCESS_DENIED) {
        throw e;
      }
      note(name, denied + ", which would show an open rotation");
    }
  }

  private void unfinished(String name, PendingValue open, String where) {
    String state = where + ", " + open.state();
    if (rotating == Rotating.COPY) {
      note(name, state + "; it is left out, and its rotation stays open");
    } else {
      problem(
          name, state + ". Finish that rotation, with the inventory that began it, or add --force");
    }
  }

  /** Reports the failures of one name together; throws a failure of the whole store. */
  private void refuse(String name, String store, SecretException e) {
    if (FreshRead.isOfWholeStore(e)) {
      throw e;
    }
    String advice =
        e.kind() == SecretException.Kind.PENDING_DELETION
            ? "; restore or purge it there first"
            : "";
    problem(name, store + " says: " + EnumText.of(e.kind()) + advice);
  }

  private void look(String name, VersionChain chain) {
    List<String> found = new ArrayList<>();
    chain.prints(
        source,
        name,
        fingerprints,
        read -> {
          String problem = rules.problem(read.value());
          if (problem != null && !found.contains(problem)) {
            found.add(problem);
          }
        });
    found.forEach(problem -> problem(name, problem));
  }

  private void add(String name, VersionChain chain, @Nullable String replaced, int writes) {
    List<String> versions = chain.served();
    if (!target.can(Capability.VERSIONS) && versions.size() > 1) {
      note(name, "its older versions are left out, since the target keeps none");
      versions = versions.subList(versions.size() - 1, versions.size());
    }
    int most = MOST_ON_TOP - writes;
    if (replaced != null && versions.size() > most) {
      if (most < 1) {
        problem(
            name,
            "the target would drop the value that this migration replaced; to go on without it, use"
                + " --replace with another --journal");
        return;
      }
      String reason = "left out, so that the target keeps the one that is replaced";
      note(name, versions.size() - most + " older versions are " + reason);
      versions = versions.subList(versions.size() - most, versions.size());
    }
    if (replaced != null && !target.can(Capability.VERSIONS)) {
      note(name, "a rollback cannot put its value back, since the target keeps no old one");
    }
    items.add(new MigrationPlan.Item(name, versions, Optional.ofNullable(replaced)));
  }

  /** Leaves out what the source accepts no longer: it may have leaked, and would be valid again. */
  private VersionChain accepted(String name, VersionChain chain) {
    if (chain.served().size() < 2 || acceptsPrevious(name, chain)) {
      return chain;
    }
    note(name, "its older versions are left out, since the source accepts none of them any more");
    return chain.newest(1);
  }

  private boolean acceptsPrevious(String name, VersionChain chain) {
    String previous = chain.previous();
    String current = chain.current();
    if (previous == null || current == null) {
      return false;
    }
    Secret served = VersionChain.read(source, name, current);
    // AWS retires by a copy, so that the previous version has the current value.
    return VersionChain.find(source, name, previous)
        .filter(read -> !read.value().equals(served.value()))
        .isPresent();
  }

  private void problem(String name, String text) {
    problems.add("'" + name + "': " + text);
  }

  private void note(String name, String text) {
    notes.add("'" + name + "': " + text);
  }

  private void refuseTwins(Set<String> names) {
    if (!rules.ignoresCase()) {
      return;
    }
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String twin = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (twin != null) {
        problem(name, "the target takes '" + twin + "' for the same name");
      }
    }
  }
}
