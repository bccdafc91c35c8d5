package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.operations.rotation.OpenRotation;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The plan of a migration. Immutable; holds no value.
 *
 * @param items the secrets to copy
 * @param unchanged the names that the target already has with the same values
 * @param problems the obstacles, a text each; nothing is written until there are none
 * @param notes the differences that the target will have, a text each
 */
public record MigrationPlan(
    List<Item> items, List<String> unchanged, List<String> problems, List<String> notes) {
  /**
   * One secret to copy. Immutable.
   *
   * @param name the name, the same in both stores
   * @param versions ids in the source in the order in which they are written, the current one last
   * @param replaced the current version in the target; empty for a new name
   */
  public record Item(String name, List<String> versions, Optional<String> replaced) {
    /** Copies the versions. */
    public Item {
      versions = List.copyOf(versions);
    }

    /** Returns the number of values to write. */
    int steps() {
      return versions.size();
    }

    /** Returns the source's version that a step writes. */
    String source(int step) {
      return versions.get(step);
    }
  }

  /**
   * Returns the plan with a problem, or a note, for each unfinished rotation of its secrets: the
   * journal names versions of the source, so the old value could not be retired in the target.
   */
  public MigrationPlan with(List<OpenRotation> rotations, StoreMigration.Rotating rotating) {
    Set<String> moved = new HashSet<>(unchanged);
    items.forEach(item -> moved.add(item.name()));
    List<String> open =
        rotations.stream()
            .filter(each -> moved.stream().anyMatch(each::changes))
            .map(OpenRotation::obstacle)
            .toList();
    return rotating == StoreMigration.Rotating.REFUSE
        ? new MigrationPlan(items, unchanged, joined(problems, open), notes)
        : new MigrationPlan(items, unchanged, problems, joined(notes, open));
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** Copies the lists. */
  public MigrationPlan {
    items = List.copyOf(items);
    unchanged = List.copyOf(unchanged);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }
}
