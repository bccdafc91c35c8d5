package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * One call of the command: its streams, its environment and the options that every command takes.
 * Used by one thread.
 */
public final class CommandSession {
  public final Terminal terminal;
  public final Map<String, String> environment;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this text.")
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
      description = "Use this backend, whatever is configured: gpg, aws, azure, vault.")
  @Nullable
  public String backend;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "Set one key of the configuration; not one that bears a secret.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Write results and errors as JSON.")
  public boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show a stack trace with an error.")
  boolean debug;

  private @Nullable Output output;

  /** Creates a session whose options the parser sets afterwards. */
  public CommandSession(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  /** Opens what reads, as configured. */
  public SecretProvider openProvider() {
    return builder().build();
  }

  /** Opens what writes, as configured; it never sees a local override. */
  public SecretWriter openWriter() {
    return builder().buildWriter();
  }

  /** Opens what an operation reads: the store itself, whatever a local override says. */
  public SecretProvider openStore() {
    return builder().set("overrides", "off").build();
  }

  /**
   * One of two stores: a configuration file, whose own settings then win over the environment's, or
   * a scheme that is set up as usual. Local overrides are off.
   */
  public SecretProviderBuilder side(String fileOrScheme) {
    boolean scheme = fileOrScheme.matches("[a-z]+");
    Map<String, String> variables =
        scheme ? variables() : SideVariables.of(environment, fileOrScheme);
    return configured(variables, scheme ? fileOrScheme : null).set("overrides", "off");
  }

  private SecretProviderBuilder builder() {
    return configured(variables(), backend);
  }

  private SecretProviderBuilder configured(Map<String, String> variables, @Nullable String scheme) {
    if (debug) {
      ShortLoggers.least = System.Logger.Level.DEBUG;
    }
    SecretProviderBuilder builder = SecretProvider.builder().environment(variables);
    if (scheme != null) {
      builder.backend(scheme);
    }
    for (String setting : settings) {
      apply(setting, builder);
    }
    return builder;
  }

  private static void apply(String setting, SecretProviderBuilder builder) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw CommandFailure.usage("Cannot use --set: no '=' in its argument (expected: KEY=VALUE).");
    }
    String key = setting.substring(0, equals);
    if (bearsSecret(key)) {
      throw CommandFailure.usage(
          "Cannot set '"
              + key
              + "' with --set: it bears a secret, and all users of this machine can see arguments."
              + " Set it in the file of --config or in the environment.");
    }
    builder.set(key, setting.substring(equals + 1));
  }

  private static boolean bearsSecret(String key) {
    for (SecretStoreFactory factory : ServiceLoader.load(SecretStoreFactory.class)) {
      for (ConfigKey known : factory.keys()) {
        if (known.sensitivity() == ConfigKey.Sensitivity.SECRET
            && key.equals(factory.scheme() + "." + known.name())) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@code --config} stands for the variable that names the file. */
  private Map<String, String> variables() {
    if (configFile == null) {
      return environment;
    }
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put("SECRETS_CONFIG", configFile);
    return variables;
  }

  /** Where results go; first used when the options are known. */
  public Output output() {
    Output known = output;
    if (known == null) {
      known = json ? Output.json(terminal.out()) : Output.text(terminal.out());
      output = known;
    }
    return known;
  }

  /** Says something that is no result: in a pipe it must not be taken for one. */
  public void hint(String text) {
    terminal.err().print("secrets: " + Output.printable(text) + "\n");
    terminal.err().flush();
  }

  /**
   * Asks in English whether to take a step that cannot be undone; see {@link Confirmation}.
   *
   * @throws CommandFailure unless the answer is yes
   */
  public void confirm(String question) {
    confirm(question, Language.ENGLISH);
  }

  /**
   * Asks in that language whether to take a step that cannot be undone; see {@link Confirmation}.
   *
   * @throws CommandFailure unless the answer is yes
   */
  public void confirm(String question, Language language) {
    new Confirmation(terminal).require(question, language);
  }

  /** Tells that something was done to a secret. */
  public void done(String word, String name, String outcome) {
    Map<String, String> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("outcome", outcome);
    output().result(word + " '" + name + "'", document);
  }
}
