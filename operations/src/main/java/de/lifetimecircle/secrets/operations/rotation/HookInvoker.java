package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import de.lifetimecircle.secrets.spi.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Calls the hook of a step with the input that docs/hooks.md promises. Blocks for the hook. */
record HookInvoker(HookCaller runner, RotationJournalWriter records) {
  static final int FORM = 1;

  /** The variable with the id of the rotation. */
  static final String ID = "ROTATION_ID";

  private static final Pattern NEXT_WORD = Pattern.compile("_(.)");

  /** Reports a hook that failed. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(HookResult result) {
      super(result.words());
    }
  }

  static boolean isThere(InventorySecret secret, RotationStep step) {
    return secret.hooks().containsKey(step.word());
  }

  /**
   * Calls a hook with values.
   *
   * @param from the values that are replaced
   * @param to the values that come into service
   */
  void run(
      RotationStep step,
      InventorySecret secret,
      RotationJournal journal,
      RotationValues values,
      Map<String, SecretValue> from,
      Map<String, SecretValue> to) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("new", texts(to));
    given.put("old", texts(from));
    given.put("same", texts(values.same));
    run(step, secret, journal, given, values.secret());
  }

  private static Map<String, String> texts(Map<String, SecretValue> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          try {
            texts.put(name, value.asString());
          } catch (SecretException e) {
            throw SecretException.of(SecretException.Kind.INVALID_VALUE, "give a hook the value of")
                .name(name)
                .reason("it is not UTF-8 text, and hooks get texts")
                .advice("Rotate it without a hook")
                .build();
          }
        });
    return texts;
  }

  /**
   * Calls a hook. One without values may still know one, from the store or from a server's
   * response.
   *
   * @param values what it gets besides the names
   * @param screened the values that it must not print
   */
  void run(
      RotationStep step,
      InventorySecret secret,
      RotationJournal journal,
      Map<String, Object> values,
      List<SecretValue> screened) {
    List<String> program = Objects.requireNonNull(secret.hooks().get(step.word()));
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("form", FORM);
    variables(step, journal)
        .forEach((key, text) -> input.put(word(key.substring("ROTATION_".length())), text));
    input.putAll(values);
    RunningHook running =
        RunningHook.in(RecordFolder.locks(records.folder().path()), journal.stored());
    HookResult result;
    try {
      result =
          runner.run(
              program,
              variables(step, journal),
              Json.write(input) + "\n",
              screened,
              hook -> running.began(step, hook),
              records.listener()::runs);
    } catch (RuntimeException e) {
      running.failed();
      throw e;
    }
    if (result.ending() != HookResult.Ending.DONE) {
      running.failed();
      throw new Failed(result);
    }
    running.ended();
  }

  /** Returns the key in the JSON input: oldVersion for OLD_VERSION. */
  static String word(String variable) {
    return NEXT_WORD
        .matcher(variable.toLowerCase(Locale.ROOT))
        .replaceAll(next -> next.group(1).toUpperCase(Locale.ROOT));
  }

  private static Map<String, String> variables(RotationStep step, RotationJournal journal) {
    VersionChange change = journal.changes().get(0);
    boolean back = journal.direction() == RotationJournal.Direction.BACK;
    String fresh = change.fresh().isEmpty() ? change.pending() : change.fresh();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ROTATION_STEP", step.word());
    variables.put("ROTATION_DIRECTION", back ? "back" : "forward");
    variables.put(ID, journal.rotation());
    variables.put("ROTATION_SERVICE", journal.service());
    variables.put("ROTATION_ENVIRONMENT", journal.environment());
    variables.put("ROTATION_BACKEND", journal.scheme());
    variables.put("ROTATION_SECRET", journal.secret());
    variables.put("ROTATION_NAME", journal.stored());
    variables.put("ROTATION_OLD_VERSION", back ? fresh : change.old());
    variables.put("ROTATION_NEW_VERSION", back ? change.old() : fresh);
    return variables;
  }
}
