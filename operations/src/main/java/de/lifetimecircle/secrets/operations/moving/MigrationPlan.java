package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.operations.rotation.OpenRotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a migration is going to do. Immutable; holds no value.
 *
 * @param items what is copied
 * @param unchanged names that the target has already with the same values
 * @param problems what stands against it, a text each; nothing is written while there is any
 * @param notes what will be otherwise in the target, a text each
 */
public record MigrationPlan(
    List<Item> items, List<String> unchanged, List<String> problems, List<String> notes) {
  /**
   * One secret to copy. Immutable.
   *
   * @param name the name, the same in both stores
   * @param versions ids in the source in the order in which they are written, the current one last
   * @param pending the id of the pending version that is written after them, if there is one
   * @param replaced the version that is current in the target so far; nothing for a new name
   */
  public record Item(
      String name, List<String> versions, @Nullable String pending, @Nullable String replaced) {
    /** Copies the versions. */
    public Item {
      versions = List.copyOf(versions);
    }

    /** How many values are written. */
    int steps() {
      return versions.size() + (pending == null ? 0 : 1);
    }

    /** The version of the source that a step writes. */
    String source(int step) {
      return step == versions.size() && pending != null ? pending : versions.get(step);
    }

    boolean isPending(int step) {
      return step == versions.size();
    }
  }

  /**
   * The same plan with a problem for each rotation of what it copies that is not finished: its
   * journal knows versions of the source, so nobody could retire the old value in the target.
   */
  public MigrationPlan refusing(List<OpenRotation> rotations) {
    Set<String> copied = items.stream().map(Item::name).collect(Collectors.toSet());
    List<String> more = new ArrayList<>(problems);
    for (OpenRotation rotation : rotations) {
      if (rotation.report().changes().stream().anyMatch(c -> copied.contains(c.name()))) {
        more.add(rotation.obstacle());
      }
    }
    return new MigrationPlan(items, unchanged, more, notes);
  }

  /** Copies the lists. */
  public MigrationPlan {
    items = List.copyOf(items);
    unchanged = List.copyOf(unchanged);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }
}
