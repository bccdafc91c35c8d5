package de.lifetimecircle.secrets.operations.inventory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code hooks} of an inventory or of one secret. Immutable.
 *
 * @param programs programs with their arguments, by the step that calls them
 * @param declined the reason why a step has no program, by the step
 */
record HookSettings(Map<String, List<String>> programs, Map<String, String> declined) {
  HookSettings {
    programs = Map.copyOf(programs);
    declined = Map.copyOf(declined);
  }

  /** Reads the section. No shell runs the programs, so nothing in them is expanded. */
  static HookSettings read(SectionFields owner) {
    Map<String, List<String>> programs = new LinkedHashMap<>();
    Map<String, String> declined = new LinkedHashMap<>();
    SectionFields fields = owner.fields("hooks");
    if (fields == null) {
      return new HookSettings(programs, declined);
    }
    for (String key : fields.schema().keys()) {
      if (fields.isSection(key)) {
        SectionFields none = fields.fields(key);
        String reason = none == null ? "" : none.required("none");
        if (!reason.isEmpty()) {
          declined.put(key, reason);
        }
        continue;
      }
      List<String> line = fields.list(key, Optional::of, text -> "", null);
      if (!line.isEmpty()) {
        programs.put(key, List.copyOf(line));
      }
    }
    return new HookSettings(programs, declined);
  }

  /** Returns these settings with those of a secret, which replace them step by step. */
  HookSettings with(HookSettings own) {
    Map<String, List<String>> both = new LinkedHashMap<>(programs);
    Map<String, String> reasons = new LinkedHashMap<>(declined);
    both.keySet().removeAll(own.declined.keySet());
    reasons.keySet().removeAll(own.programs.keySet());
    both.putAll(own.programs);
    reasons.putAll(own.declined);
    return new HookSettings(both, reasons);
  }
}
