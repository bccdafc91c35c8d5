package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.operations.rotation.AnnouncingWriter;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The context of one call of the program: its streams, its environment and the options that every
 * command accepts. Not thread-safe: one thread parses and runs a command.
 *
 * <p>The parser writes the option fields after construction, and every command holds the same
 * session. So nothing here may depend on an option before the command runs.
 */
public final class CommandSession {
  /** The parser refuses less. */
  private static final int NARROWEST_HELP = 55;

  /** The eye loses the line at more. */
  private static final int WIDEST_HELP = 120;

  public final Terminal terminal;
  public final Map<String, String> environment;

  /** The clock of everything that a command writes or prints. */
  public final InstantSource clock;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Read the settings from this file instead of the one in SECRETS_CONFIG.")
  @Nullable
  public String configFile;

  @Option(
      names = "--backend",
      paramLabel = "SCHEME",
      scope = ScopeType.INHERIT,
      description = "Use this backend instead of the configured one: gpg, aws, azure or vault.")
  @Nullable
  public String backend;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "Set one key of the configuration; not a key that holds a secret.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      scope = ScopeType.INHERIT,
      description = "Why you do this, for the audit log (setting audit.log).")
  public String reason = "";

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print results and errors as JSON.")
  public boolean json;

  @Option(
      names = Paint.OPTION,
      paramLabel = "auto|always|never",
      scope = ScopeType.INHERIT,
      description =
          "Colours and symbols: auto (default) on a terminal unless NO_COLOR is set, always, or"
              + " never.")
  Paint.Choice color = Paint.Choice.AUTO;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print a stack trace with an error.")
  boolean debug;

  /** The command that runs, such as {@code rotate due}; empty until it is known. */
  public String running = "";

  /** Completes the commands in messages with the options of this run. */
  public final CommandHints hints = new CommandHints(this::storeOptions);

  private final Output output;
  private @Nullable Function<String, Optional<String>> names;
  private @Nullable NamePrefix prefix;

  /** Compares the stores that this run opens with the inventory. */
  public final PlaceGuard places = new PlaceGuard(this::prefix, this::hint);

  /** Creates a session whose options the parser sets afterwards. */
  public CommandSession(Terminal terminal, Map<String, String> environment) {
    this(terminal, environment, InstantSource.system());
  }

  /** Creates a session as above, at the time of this clock. */
  public CommandSession(Terminal terminal, Map<String, String> environment, InstantSource clock) {
    this.terminal = terminal;
    this.environment = environment;
    this.clock = clock;
    this.output = new Output(this);
  }

  /** Returns the setting {@code prefix} of this run; reads the configuration at the first call. */
  public NamePrefix prefix() {
    NamePrefix known = prefix;
    if (known == null) {
      try {
        known = builder().setting("prefix").map(NamePrefix::of).orElse(NamePrefix.NONE);
      } catch (CommandFailure e) {
        known = NamePrefix.NONE; // a wrong --set is reported where a command opens a store
      }
      prefix = known;
    }
    return known;
  }

  /** Opens a reader of the configured store. The caller closes it. */
  public SecretProvider openProvider() {
    return reader(builder().set("push", "none"));
  }

  /** Opens a reader that also listens to the configured channel for rotations. */
  public SecretProvider openWatchedProvider() {
    return reader(builder());
  }

  /** Opens a reader that ignores local overrides and listens to the channel for rotations. */
  public SecretProvider openWatchedStore() {
    return reader(builder().set("overrides", "off"));
  }

  private SecretProvider reader(SecretProviderBuilder builder) {
    return guarded(builder.build(), PlaceGuard.Access.READ);
  }

  /** Closes a store again that is not the one of the inventory. */
  private SecretProvider guarded(SecretProvider provider, PlaceGuard.Access access) {
    try {
      places.opened(provider, access);
      return provider;
    } catch (RuntimeException e) {
      provider.close();
      throw e;
    }
  }

  /**
   * Opens a writer of the configured store; it ignores local overrides, and announces what it
   * writes if a channel is configured. The caller closes it.
   */
  public SecretWriter openWriter() {
    return openWriter(name -> Optional.empty());
  }

  /**
   * Opens what {@link #openWriter()} opens, with the purposes of secrets for a backend that keeps
   * them.
   *
   * @param descriptions the purpose of the secret of a name
   */
  public SecretWriter openWriter(Function<String, Optional<String>> descriptions) {
    SecretWriter writer = builder().descriptions(descriptions).buildWriter();
    SecretProvider unused = guarded(writer.provider(), PlaceGuard.Access.WRITE);
    return AnnouncingWriter.of(writer, this::hint, hints);
  }

  /**
   * Opens a reader that ignores local overrides. Operations use it, because a developer's override
   * must not make a check, a document or a scan speak of a value that the store does not hold.
   */
  public SecretProvider openStore() {
    return reader(builder().set("push", "none").set("overrides", "off"));
  }

  /**
   * Opens what {@link #openStore} opens, also if the inventory names another store: for a command
   * that reports the contradiction among its findings.
   */
  public SecretProvider openToReport() {
    return builder().set("push", "none").set("overrides", "off").build();
  }

  /**
   * Returns the backend of {@code --backend}, or else of the settings; asks no backend. Empty if
   * neither names one: a document is for a store that somebody chose.
   */
  public Optional<String> chosenBackend() {
    if (backend != null) {
      return Optional.of(backend);
    }
    try (SecretProvider provider = openStore()) {
      return StoreSettings.chosenBackend(provider);
    }
  }

  /**
   * Returns a builder for one of the two stores of a comparison or migration, with local overrides
   * off.
   *
   * @param fileOrScheme a configuration file, whose settings win over the environment (see {@link
   *     StoreVariables}), or a scheme that is configured as usual
   */
  public SecretProviderBuilder side(String fileOrScheme) {
    // No scheme has a dot or a slash, so a file of such a name is given as ./name.
    boolean scheme = fileOrScheme.matches("[a-z]+");
    SecretProviderBuilder side =
        scheme
            ? configured(environment, configFile, fileOrScheme)
            : configured(StoreVariables.of(environment, fileOrScheme), null, null);
    return side.set("overrides", "off").set("push", "none");
  }

  private SecretProviderBuilder builder() {
    return configured(environment, configFile, backend).wholeNames();
  }

  private SecretProviderBuilder configured(
      Map<String, String> variables, @Nullable String file, @Nullable String scheme) {
    if (debug) {
      // Static, because the JDK creates loggers without knowing of this session.
      StderrLogger.least = System.Logger.Level.DEBUG;
    }
    SecretProviderBuilder builder = SecretProvider.builder().environment(variables);
    if (file != null) {
      builder.set("config", file, "--config");
    }
    if (scheme != null) {
      builder.set("backend", scheme, "--backend");
    }
    for (String setting : settings) {
      apply(setting, builder);
    }
    if (!reason.isBlank()) {
      builder.set("audit.reason", reason.strip());
    }
    if (CodingAgent.marker(environment).isPresent()) {
      builder.set("audit.actor", "agent");
    } else if (terminal.inputIsTerminal() || terminal.outputIsTerminal()) {
      builder.set("audit.actor", "person");
    }
    return builder;
  }

  private static void apply(String setting, SecretProviderBuilder builder) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw CommandFailure.usage(
          "Cannot use --set: its argument has no '=' (expected: KEY=VALUE).");
    }
    String key = setting.substring(0, equals);
    if (holdsSecret(key)) {
      throw CommandFailure.usage(
          "Cannot set '"
              + key
              + "' with --set: it holds a secret, and every user of this machine can see arguments."
              + " Set it in the file of --config or in the environment.");
    }
    builder.set(key, setting.substring(equals + 1), "--set");
  }

  private static boolean holdsSecret(String key) {
    // Every jar on the class path, not only the selected backend: a key of the wrong one is a
    // mistake too, and its value would be just as visible.
    return SecretProviderBuilder.keys().stream()
        .anyMatch(
            known ->
                known.sensitivity() == ConfigKey.Sensitivity.SECRET && key.equals(known.name()));
  }

  /** Sets the source of suggestions for a name that the store does not have. */
  public void suggestFrom(Function<String, Optional<String>> names) {
    this.names = names;
  }

  /** Returns a sentence that suggests the name that was probably meant, or the empty text. */
  String suggestion(SecretException miss) {
    return NameSuggestion.of(miss, names, this)
        .map(name -> " Did you mean '" + name + "'?")
        .orElse("");
  }

  /** Returns the given options that choose the store, quoted for a shell. */
  List<String> storeOptions() {
    List<String> options = new ArrayList<>();
    if (configFile != null) {
      options.add("--config " + ShellWord.of(configFile));
    }
    if (backend != null) {
      options.add("--backend " + ShellWord.of(backend));
    }
    settings.stream()
        .filter(setting -> !holdsSecret(setting.split("=", 2)[0])) // which opening a store refuses
        .forEach(setting -> options.add("--set " + ShellWord.of(setting)));
    return options;
  }

  /** Returns the person to record unless an option names one: the user and the host. */
  public String person() {
    String user = System.getProperty("user.name", "unknown");
    String host = environment.getOrDefault("HOSTNAME", "");
    return host.isEmpty() ? user : user + "@" + host;
  }

  /** Returns a command on the same store that can be pasted. */
  public String command(String words) {
    return hints.complete("secrets " + words);
  }

  /** Returns whether help is coloured, which the parser prints before it sets any option. */
  public boolean coloursHelp(List<String> args) {
    return Paint.of(Paint.Choice.in(args), terminal, environment).colours();
  }

  /**
   * Returns the width of help: that of the terminal, as far as help can be read at it. A pipe may
   * lead to a pager on a terminal of the usual width.
   */
  public int helpWidth() {
    if (!terminal.outputIsTerminal()) {
      return LineBreaks.WIDTH;
    }
    String columns = environment.getOrDefault("COLUMNS", "");
    int width =
        columns.matches("[1-9][0-9]{0,4}")
            ? Integer.parseInt(columns)
            : terminal.columns().orElse(LineBreaks.WIDTH);
    return Math.max(NARROWEST_HELP, Math.min(width, WIDEST_HELP));
  }

  /** Returns the output for results. Call it only once the options are parsed. */
  public Output output() {
    return output;
  }

  /** Prints a remark to standard error, so that a pipe does not mistake it for a result. */
  public void hint(String text) {
    terminal.err().print("secrets: " + Output.printable(text) + "\n");
    terminal.err().flush();
  }

  /**
   * Asks in English for permission to take a step that cannot be undone; see {@link Confirmation}.
   *
   * @throws CommandFailure unless the answer is yes
   */
  public void confirm(String question) {
    confirm(question, Language.ENGLISH);
  }

  /**
   * Asks in that language for permission to take a step that cannot be undone; see {@link
   * Confirmation}.
   *
   * @throws CommandFailure unless the answer is yes
   */
  public void confirm(String question, Language language) {
    String skip = hints.accepts(running, "--yes") ? " Add --yes to skip the question." : "";
    Confirmation.require(terminal, question, language, skip);
  }

  /**
   * Asks a person at a terminal whether something is so. Returns {@code false} without a terminal,
   * because nobody can answer.
   */
  public boolean asks(String question, Language language) {
    return terminal.inputIsTerminal() && Confirmation.given(terminal, question, language);
  }

  /** Does work whose remarks concern no reader, such as the making of a temporary store. */
  public <T> T withoutRemarks(Supplier<T> work) {
    System.Logger.Level before = StderrLogger.least;
    if (!debug) {
      StderrLogger.least = System.Logger.Level.WARNING;
    }
    try {
      return work.get();
    } finally {
      StderrLogger.least = before;
    }
  }

  /** Prints the result of a command that returns nothing but success. */
  public void done(String word, String name, String outcome) {
    output().result(word + " '" + name + "'", Output.object("name", name, "outcome", outcome));
  }
}
