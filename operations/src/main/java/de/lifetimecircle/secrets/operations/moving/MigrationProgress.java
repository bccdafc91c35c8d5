package de.lifetimecircle.secrets.operations.moving;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The progress of a migration, read from its journal. Used by one thread. */
final class MigrationProgress {
  static final String COPYING = "copying";
  static final String COPIED = "copied";
  static final String SKIPPED = "skipped";
  static final String EXTENDED = "extended";
  static final String VERIFIED = "verified";
  static final String UNDOING = "undoing";
  static final String UNDONE = "undone";
  static final String ROLLED_BACK = "rolled-back";

  /** The progress of one secret. */
  static final class Item {
    /** The number of steps that are certainly done. */
    int done;

    /** Whether the next step was begun. */
    boolean begun;

    /** The last version written to the target. */
    @Nullable String written;

    /** Whether anything may have been written, also before the item was extended. */
    boolean touched;

    boolean undone;
  }

  final List<MigrationPlan.Item> items = new ArrayList<>();
  private final Map<String, Item> progress = new LinkedHashMap<>();
  boolean verified;
  boolean undoing;
  boolean rolledBack;

  static MigrationProgress of(MigrationJournal journal) {
    MigrationProgress read = new MigrationProgress();
    Map<?, ?> plan = journal.plan();
    if (plan != null && plan.get("items") instanceof List<?> planned) {
      planned.forEach(item -> read.items.add(item((Map<?, ?>) item)));
    }
    journal.steps().forEach(read::take);
    return read;
  }

  static List<Object> documents(List<MigrationPlan.Item> items) {
    List<Object> documents = new ArrayList<>();
    items.forEach(item -> documents.add(document(item)));
    return documents;
  }

  static Map<String, Object> document(MigrationPlan.Item item) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", item.name());
    document.put("versions", item.versions());
    document.put("pending", item.pending());
    document.put("replaced", item.replaced());
    return document;
  }

  private static MigrationPlan.Item item(Map<?, ?> document) {
    List<String> versions = new ArrayList<>();
    if (document.get("versions") instanceof List<?> ids) {
      ids.forEach(id -> versions.add(String.valueOf(id)));
    }
    return new MigrationPlan.Item(
        String.valueOf(document.get("name")),
        versions,
        text(document.get("pending")),
        text(document.get("replaced")));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  Item item(String name) {
    return progress.computeIfAbsent(name, n -> new Item());
  }

  /** Plans only the new versions of a secret; its last version stays known. */
  void extend(MigrationPlan.Item more) {
    int at = 0;
    while (at < items.size() && !items.get(at).name().equals(more.name())) {
      at++;
    }
    if (at < items.size()) {
      items.set(at, more);
    } else {
      items.add(more);
    }
    Item state = item(more.name());
    state.done = 0;
    state.begun = false;
    verified = false;
  }

  private void take(Map<?, ?> line) {
    String step = String.valueOf(line.get("step"));
    Item item = item(String.valueOf(line.get("name")));
    switch (step) {
      case COPYING -> {
        item.begun = true;
        item.touched = true;
      }
      case EXTENDED -> extend(item(line));
      case COPIED, SKIPPED -> {
        item.begun = false;
        item.done =
            Optional.ofNullable((BigDecimal) line.get("index")).orElseThrow().intValue() + 1;
        String version = text(line.get("version"));
        item.written = version != null ? version : item.written;
      }
      case VERIFIED -> verified = true;
      case UNDOING -> undoing = true;
      case UNDONE -> item.undone = true;
      case ROLLED_BACK -> rolledBack = true;
      default -> throw new IllegalStateException("a step that this version does not know");
    }
  }
}
