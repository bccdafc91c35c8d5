package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.HookProgram;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at hooks before anything changes: each program exists, may be executed and, if it declares
 * that it answers check calls, answers one. A check call has the variable {@code HOOK_CHECK}, names
 * and no value; see docs/hooks.md.
 *
 * <p>Immutable; blocks for the programs.
 */
public final class HookReadiness {
  /** The time limit of a check call. */
  public static final Duration LIMIT = Duration.ofSeconds(30);

  /** The hooks that a rotation calls. */
  public static final List<String> ROTATION =
      List.of(
          RotationStep.APPLY.word(),
          RotationStep.TEST.word(),
          RotationStep.DEPLOY.word(),
          RotationStep.VERIFY.word(),
          RotationStep.RETIRE.word());

  /** The hook that only an emergency calls, with other variables. */
  public static final String SESSIONS = "invalidate-sessions";

  private final RotationScope inventory;
  private final SecretProvider provider;
  private final Path folder;
  private final HookRunner runner;

  /**
   * Prepares to look.
   *
   * @param environment its name; empty if the inventory has only one
   * @param provider the store: no hook may print one of its values
   * @param folder the working directory of hooks
   */
  public HookReadiness(
      Inventory inventory, String environment, SecretProvider provider, Path folder) {
    this(RotationScope.of(inventory, environment), provider, folder, LIMIT);
  }

  HookReadiness(RotationScope inventory, SecretProvider provider, Path folder, Duration limit) {
    this.inventory = inventory;
    this.provider = provider;
    this.folder = folder;
    this.runner = new HookRunner(folder, limit.compareTo(LIMIT) < 0 ? limit : LIMIT);
  }

  /**
   * Rejects a rotation whose hooks are not ready, before it has changed anything.
   *
   * @throws SecretException {@code CONFIGURATION} that names each hook and its problem
   */
  void require(InventorySecret secret) {
    List<String> problems = problems(secret, ROTATION);
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "rotate secret")
          .name(inventory.stored(secret.name()))
          .reason(
              "its hooks are not ready, and nothing was changed: " + String.join("; ", problems))
          .advice(
              "Fix them; '"
                  + inventory.inventory().command("check --hooks", inventory.environment())
                  + "' looks at all hooks")
          .build();
    }
  }

  /** Rejects a resumed rotation as {@link #require(InventorySecret)}, unless it has promoted. */
  void require(RotationJournal journal) {
    if (journal.direction() == RotationJournal.Direction.FORWARD && !journal.promoted()) {
      require(inventory.secret(journal.secret()));
    }
  }

  /**
   * The answer of a hook to a check call. Immutable.
   *
   * @param secrets the names in the inventory of the secrets that have this hook
   * @param hook its step and its program
   * @param problem why it is not ready; empty if it is
   */
  public record Answer(List<String> secrets, String hook, String problem) {}

  /** One program with its arguments, for one step. */
  private record Call(String step, List<String> line) {}

  /**
   * Makes the check calls of the hooks of these secrets, one for each program and step: a program
   * that asks a slow service would otherwise be asked again for each secret. Leaves out programs
   * that cannot be started.
   */
  public List<Answer> answers(Collection<InventorySecret> secrets) {
    Map<Call, List<InventorySecret>> users = new LinkedHashMap<>();
    List<String> steps = new ArrayList<>(ROTATION);
    steps.add(SESSIONS);
    for (InventorySecret secret : secrets) {
      for (String step : steps) {
        List<String> line = secret.hooks().get(step);
        if (line != null && secret.template() == null) {
          users.computeIfAbsent(new Call(step, line), each -> new ArrayList<>()).add(secret);
        }
      }
    }
    List<Answer> answers = new ArrayList<>();
    users.forEach(
        (call, having) -> {
          HookProgram program = HookProgram.in(folder, call.line());
          if (program.problem().isEmpty() && program.answersChecks()) {
            answers.add(
                new Answer(
                    having.stream().map(InventorySecret::name).toList(),
                    shown(call.step(), program),
                    asked(having.get(0), call.step(), call.line()).orElse("")));
          }
        });
    return answers;
  }

  private static String shown(String step, HookProgram program) {
    return step + " (" + program.name() + ")";
  }

  /** Returns why hooks of a secret are not ready, one text for each; empty if all are. */
  public List<String> problems(InventorySecret secret, List<String> steps) {
    List<String> problems = new ArrayList<>();
    for (String step : steps) {
      List<String> line = secret.hooks().get(step);
      if (line != null) {
        HookProgram program = HookProgram.in(folder, line);
        Optional<String> problem = program.problem();
        if (problem.isEmpty() && program.answersChecks()) {
          problem = asked(secret, step, line);
        }
        problem.ifPresent(why -> problems.add(shown(step, program) + ": " + why));
      }
    }
    return problems;
  }

  /** Makes a check call; returns why it failed, if it did. */
  private Optional<String> asked(InventorySecret secret, String step, List<String> line) {
    try (Screen screen = screen(secret)) {
      Map<String, String> names = names(secret, step, screen.scheme);
      HookResult result =
          runner.run(line, variables(names), input(step, names), screen.values, HookWatch.NONE);
      if (result.ending() == HookResult.Ending.DONE) {
        return Optional.empty();
      }
      if (result.ending() == HookResult.Ending.TIMED_OUT) {
        return Optional.of("no answer to a check call in time, so it was stopped");
      }
      boolean shown = screen.complete || result.output().isBlank();
      String words =
          shown
              ? result.words()
              : "the hook ended with " + result.code() + "; its output is withheld";
      return Optional.of("its check call failed: " + words.replaceAll("\\s+", " ").strip());
    }
  }

  /** Returns the variables of a call, by name without their common beginning. */
  private Map<String, String> names(InventorySecret secret, String step, String scheme) {
    ServiceEnvironment environment = inventory.environment();
    Map<String, String> names = new LinkedHashMap<>();
    names.put("STEP", step);
    if (!step.equals(SESSIONS)) {
      names.put("DIRECTION", "forward");
      names.put("BACKEND", scheme);
    }
    names.put("SERVICE", inventory.inventory().service());
    names.put("ENVIRONMENT", environment.name());
    names.put("SECRET", secret.name());
    names.put("NAME", environment.stored(secret.name()));
    return names;
  }

  private static Map<String, String> variables(Map<String, String> names) {
    String family = SESSIONS.equals(names.get("STEP")) ? "EMERGENCY_" : "ROTATION_";
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(HookProgram.CHECK, "1");
    names.forEach((name, text) -> variables.put(family + name, text));
    return variables;
  }

  private static String input(String step, Map<String, String> names) {
    if (step.equals(SESSIONS)) {
      return ""; // as in an emergency
    }
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("form", HookInvoker.FORM);
    input.put("check", true);
    names.forEach((name, text) -> input.put(HookInvoker.word(name), text));
    return Json.write(input) + "\n";
  }

  /** The values that a hook must not print, because it may read them from the store itself. */
  private static final class Screen implements AutoCloseable {
    final List<SecretValue> values = new ArrayList<>();
    String scheme = "";
    boolean complete = true;

    @Override
    public void close() {
      values.forEach(SecretValue::close);
    }
  }

  private Screen screen(InventorySecret secret) {
    Screen screen = new Screen();
    for (VersionChange change : inventory.changes(secret)) {
      try {
        Secret read = provider.get(change.stored());
        screen.scheme = read.scheme();
        screen.values.add(read.value().copy());
      } catch (SecretException e) {
        screen.complete = false; // then no output is shown, because it cannot be checked
      }
    }
    return screen;
  }
}
