package de.lifetimecircle.secrets.operations.moving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The progress of a migration, read from its journal. Used by one thread. */
final class MigrationProgress {
  /** The progress of one secret. */
  static final class Item {
    /** The plan of the last pass. */
    MigrationPlan.@Nullable Item plan;

    /** The number of steps that are certainly done. */
    int done;

    /** Whether the next step was begun. */
    boolean begun;

    /** The last version written to the target. */
    @Nullable String written;

    /** The number of versions written there, with those of earlier passes. */
    int writes;

    /** Every version that was written there, with the version of the source that it copies. */
    final Map<String, String> copies = new HashMap<>();

    /**
     * Whether another pass has planned it, so that the version before may be from an earlier one.
     */
    boolean extended;

    /** Whether the previous version in the target may have been retired already. */
    boolean retiring;

    /** Whether a write was begun, also before the item was extended. */
    boolean touched;

    boolean undone;

    /** Whether a rollback looked at it and did not change it. */
    boolean left;

    /** Retiring may have made a copy the current version. */
    private void retired(String current) {
      copies.put(current, Objects.requireNonNull(copies.get(Objects.requireNonNull(written))));
      written = current;
    }

    private void wrote(String version, String copied) {
      written = version;
      if (copies.put(version, copied) == null) { // a put may change nothing
        writes++;
      }
    }
  }

  final List<MigrationPlan.Item> items = new ArrayList<>();
  private final Map<String, Item> progress = new LinkedHashMap<>();
  boolean verified;
  boolean undoing;
  boolean rolledBack;

  Item item(String name) {
    return progress.computeIfAbsent(name, n -> new Item());
  }

  /** Plans only the new versions of a secret; its last version stays known. */
  private void extend(MigrationPlan.Item more) {
    Item state = item(more.name());
    if (state.plan == null) {
      items.add(more);
    } else {
      items.replaceAll(item -> item.name().equals(more.name()) ? more : item);
    }
    state.plan = more;
    state.extended = true;
    state.done = 0;
    state.begun = false;
    verified = false;
  }

  /** Takes the next line of the journal. */
  void take(MigrationLine line) {
    Item item = item(line.name());
    switch (line.step()) {
      case COPYING -> {
        item.begun = true;
        item.touched = true;
      }
      case REFUSED -> item.begun = false;
      case RETIRING -> item.retiring = true;
      case RETIRED -> {
        item.retiring = false;
        item.retired(line.version());
      }
      case EXTENDED -> line.items().forEach(this::extend);
      case COPIED, SKIPPED -> {
        item.begun = false;
        item.done = line.index() + 1;
        if (line.step() == MigrationLine.Step.COPIED) {
          item.wrote(line.version(), Objects.requireNonNull(item.plan).source(line.index()));
        }
      }
      case VERIFIED -> verified = true;
      case UNDOING -> undoing = true;
      case UNDONE -> item.undone = true;
      case LEFT -> item.left = true;
      case ROLLED_BACK -> rolledBack = true;
      case BEGUN -> {
        items.addAll(line.items());
        items.forEach(planned -> item(planned.name()).plan = planned);
      }
    }
  }
}
