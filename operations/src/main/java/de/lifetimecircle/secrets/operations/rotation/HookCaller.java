package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Calls the program of a hook; see {@link HookRunner#run}. */
@FunctionalInterface
interface HookCaller {
  /** Calls one hook; {@code started} gets its process before the hook gets its input. */
  HookResult run(
      List<String> program,
      Map<String, String> variables,
      String input,
      Collection<SecretValue> secrets,
      Consumer<HookProcess> started,
      HookWatch watch);
}
