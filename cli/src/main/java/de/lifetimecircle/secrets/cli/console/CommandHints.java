package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.inventory.CommandHint;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Completes the commands in messages with the options of this run that lead to the same store and
 * the same journals: those that the named command accepts. Not thread-safe.
 */
public final class CommandHints implements CommandHint {
  private static final String PROGRAM = "secrets ";
  private static final String JOURNAL = "--journal";

  private final Supplier<List<String>> storeOptions;
  private Function<String, Optional<CommandSpec>> commands = name -> Optional.empty();
  private @Nullable OptionSpec journal;

  /**
   * Creates hints without a folder of journals.
   *
   * @param storeOptions the given options that choose the store, quoted for a shell
   */
  CommandHints(Supplier<List<String>> storeOptions) {
    this.storeOptions = storeOptions;
  }

  /** Sets how the parser reads each command, by its name; empty for one of another module. */
  public void commands(Function<String, Optional<CommandSpec>> known) {
    commands = known;
  }

  /** Sets the run whose options the hints repeat. */
  public void run(ParseResult run) {
    journal = run.matchedOption(JOURNAL);
  }

  @Override
  public String complete(String command) {
    List<String> options = new ArrayList<>(storeOptions.get());
    if (journal != null) {
      options.add(JOURNAL + " " + ShellWord.of(journal.stringValues().get(0)));
    }
    if (options.isEmpty()) {
      return command;
    }
    Optional<CommandSpec> named = named(command);
    StringBuilder whole = new StringBuilder(command);
    for (String option : options) {
      String name = option.replaceFirst(" .*", "");
      boolean isNew = name.equals("--set") || !command.contains(" " + name + " ");
      if (isNew && accepts(named, name)) {
        whole.append(' ').append(option);
      }
    }
    return whole.toString();
  }

  /** Returns whether a command, such as {@code rotate due}, has an option. */
  boolean accepts(String command, String option) {
    return named(PROGRAM + command).map(spec -> spec.findOption(option) != null).orElse(false);
  }

  private Optional<CommandSpec> named(String command) {
    String[] words = command.substring(PROGRAM.length()).split(" ", -1);
    Optional<CommandSpec> spec = commands.apply(words[0]);
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      Optional<CommandSpec> inner =
          spec.map(outer -> outer.subcommands().get(word)).map(each -> each.getCommandSpec());
      if (inner.isEmpty()) {
        return spec;
      }
      spec = inner;
    }
    return spec;
  }

  /** The journal of a migration is a file, and another thing than the folder of rotations. */
  private boolean accepts(Optional<CommandSpec> named, String option) {
    if (named.isEmpty()) {
      return !option.equals(JOURNAL); // the other modules' commands read the store's options too
    }
    OptionSpec known = named.get().findOption(option);
    boolean other =
        option.equals(JOURNAL)
            && journal != null
            && known != null
            && !known.paramLabel().equals(journal.paramLabel());
    return known != null && !other;
  }
}
