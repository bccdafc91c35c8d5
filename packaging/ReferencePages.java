package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes the reference in Markdown: a page for each command from its help, the settings from their
 * declarations, the exit codes and the kinds of failures. Two arguments: the folder, and the source
 * of {@code SecretException}, whose comments define the kinds.
 */
final class ReferencePages {
  private static final String MADE =
      "<!-- Made from the program by `.mvn/site reference`: do not edit. -->\n\n";

  private static final Pattern KIND = Pattern.compile("/\\*\\* (.*?) \\*/\\s+([A-Z_]+)[(,;]");

  /** The schemes that the distribution has, as people read their names. */
  private static final Map<String, String> STORES =
      new TreeMap<>(
          Map.of(
              "aws", "AWS Secrets Manager",
              "azure", "Azure Key Vault",
              "gpg", "OpenPGP files",
              "vault", "Vault and OpenBao"));

  private final Path folder;

  private ReferencePages(Path folder) {
    this.folder = folder;
  }

  /** Writes all pages into a folder. */
  public static void main(String[] args) throws IOException {
    ReferencePages pages = new ReferencePages(Path.of(args[0]));
    pages.commands(ManualPages.commands());
    pages.write("settings.md", settings());
    pages.write("exit-codes.md", exitCodes());
    pages.write("errors.md", errors(Files.readString(Path.of(args[1]))));
  }

  private void write(String file, String text) throws IOException {
    Path target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, MADE + text);
  }

  private void commands(CommandLine root) throws IOException {
    StringBuilder index = new StringBuilder("# The commands\n\n");
    index.append(
        "Each row is a command and what it does. [Which command"
            + " when](../../cli.md#which-command-when)\n");
    index.append(
        "has the occasions, and the options of every command are on [one page](secrets.md).\n\n");
    index.append("| command | what it does |\n|---|---|\n");
    for (CommandLine command : new TreeMap<>(root.getSubcommands()).values()) {
      CommandSpec spec = command.getCommandSpec();
      String name = command.getCommandName();
      if (spec.usageMessage().hidden()
          || !Files.notExists(folder.resolve("commands/" + name + ".md"))) {
        continue; // an alias has the page of its command
      }
      List<String> aliases = List.of(spec.aliases());
      index.append("| [`").append(name).append("`](").append(name).append(".md)");
      aliases.forEach(alias -> index.append(", `").append(alias).append('`'));
      index.append(" | ").append(cell(spec.usageMessage().description()[0])).append(" |\n");
      write("commands/" + name + ".md", page(command, root.getCommandSpec()));
    }
    write("commands/README.md", index.toString());
    write("commands/secrets.md", common(root));
  }

  /** The options of the program, which every command accepts. */
  private static String common(CommandLine root) {
    StringBuilder page = new StringBuilder("# `secrets`: the options of every command\n\n");
    described(page, root.getCommandSpec());
    page.append("Each row is an option.\n\n| option | meaning |\n|---|---|\n");
    root.getCommandSpec().options().forEach(option -> row(page, option));
    return page.append('\n').toString().stripTrailing() + "\n";
  }

  private static String page(CommandLine command, CommandSpec root) {
    StringBuilder page = new StringBuilder();
    String name = command.getCommandSpec().qualifiedName();
    page.append("# `").append(name).append("`\n\n");
    if (!CommandTable.has(command.getCommandName())) {
      return page.append("```\n")
          .append(helpOf(command.getCommandName()))
          .append("\n```\n")
          .toString();
    }
    body(page, command, root);
    for (CommandLine part : command.getSubcommands().values()) {
      if (!part.getCommandSpec().usageMessage().hidden()) {
        page.append("## `").append(part.getCommandSpec().qualifiedName()).append("`\n\n");
        body(page, part, root);
      }
    }
    page.append("`").append(name).append("` also has the [options of every command](secrets.md), ");
    page.append("and ends with an [exit code](../exit-codes.md).\n");
    return page.toString();
  }

  private static void body(StringBuilder page, CommandLine command, CommandSpec root) {
    CommandSpec spec = command.getCommandSpec();
    described(page, spec);
    List<ArgSpec> own = new ArrayList<>(spec.positionalParameters());
    spec.options().stream()
        .filter(each -> root.findOption(each.longestName()) == null)
        .forEach(own::add);
    own.removeIf(ArgSpec::hidden);
    if (!own.isEmpty()) {
      page.append("```\n").append(synopsis(command, root)).append("\n```\n\n");
      page.append(
          "Each row is an argument or an option.\n\n| argument or option | meaning |\n|---|---|\n");
      own.forEach(each -> row(page, each));
      page.append('\n');
    }
    String[] footer = spec.usageMessage().footer();
    if (footer.length == 3 && footer[1].equals("Example:")) {
      page.append("Example:\n\n```\n").append(plain(footer[2]).strip()).append("\n```\n\n");
    }
  }

  /** The help of a command that another module brings, and that parses its own arguments. */
  private static String helpOf(String name) {
    ToolProvider tool =
        ServiceLoader.load(ToolProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    StringWriter out = new StringWriter();
    tool.run(new PrintWriter(out), new PrintWriter(out), "--help");
    return out.toString().strip();
  }

  private static void described(StringBuilder page, CommandSpec spec) {
    for (String line : spec.usageMessage().description()) {
      page.append(escape(plain(line).strip())).append("\n\n");
    }
  }

  /** The line of the help, without the options that every command has. */
  private static String synopsis(CommandLine command, CommandSpec root) {
    Help help = new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF));
    StringBuilder lines = new StringBuilder();
    int width = 0;
    for (String word : help.synopsis(0).strip().split("\\s+", -1)) {
      String option = word.replaceAll("^\\[|[=\\]].*", "");
      if (word.startsWith("[-") && root.findOption(option) != null) {
        continue;
      }
      if (width > 0 && width + word.length() > 79) {
        lines.append("\n       ");
        width = 7;
      }
      lines.append(width == 0 ? "" : " ").append(word);
      width += 1 + word.length();
    }
    return lines.toString();
  }

  private static void row(StringBuilder page, ArgSpec argument) {
    if (argument.hidden()) {
      return;
    }
    String label = argument.paramLabel();
    String names = label;
    if (argument instanceof OptionSpec option) {
      names =
          String.join(", ", option.names())
              + (option.arity().max() > 0
                  ? (option.longestName().length() > 2 ? "=" : " ") + label
                  : "");
    }
    page.append("| `").append(names.replace("|", "\\|")).append("` | ");
    page.append(cell(String.join(" ", argument.description()))).append(" |\n");
  }

  private static String settings() {
    StringBuilder page = new StringBuilder("# Settings\n\n");
    page.append(
        "Each row is a key. The first source that has it wins: the builder, the system property\n");
    page.append(
        "`secrets.KEY`, the environment variable of the row, the file that `SECRETS_CONFIG`"
            + " names,\n");
    page.append(
        "`secrets.properties` on the class path. [The guide](../guide.md#settings) says more, also"
            + " on the\n");
    page.append(
        "rules for values, `validate.NAME.…`; `secrets doctor` shows the settings in force. A key"
            + " of which\n");
    page.append("the row says *secret* never appears in a message.\n\n## The library\n\n");
    table(page, ofTheLibrary());
    STORES.forEach(
        (scheme, title) -> {
          page.append("\n## ").append(title).append(" (`backend=").append(scheme).append("`)\n\n");
          table(page, under(scheme, store(scheme).keys()));
        });
    ServiceLoader.load(RotationChannelFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted((a, b) -> a.word().compareTo(b.word()))
        .forEach(
            channel -> {
              page.append("\n## The channel `push=").append(channel.word()).append("`\n\n");
              table(page, under(channel.word(), channel.keys()));
            });
    return page.toString();
  }

  /** The builder also knows the keys of the modules on the class path, which have tables. */
  private static List<ConfigKey> ofTheLibrary() {
    Set<String> modules = new HashSet<>();
    ServiceLoader.load(SecretStoreFactory.class).forEach(store -> modules.add(store.scheme()));
    ServiceLoader.load(RotationChannelFactory.class)
        .forEach(channel -> modules.add(channel.word()));
    return SecretProviderBuilder.keys().stream()
        .filter(key -> !modules.contains(key.name().replaceFirst("[.].*", "")))
        .toList();
  }

  private static SecretStoreFactory store(String scheme) {
    return ServiceLoader.load(SecretStoreFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.scheme().equals(scheme))
        .findFirst()
        .orElseThrow();
  }

  private static List<ConfigKey> under(String owner, List<ConfigKey> keys) {
    return keys.stream().map(key -> key.under(owner)).toList();
  }

  private static void table(StringBuilder page, List<ConfigKey> keys) {
    page.append("| key | default | meaning | environment variable |\n|---|---|---|---|\n");
    for (ConfigKey key : keys) {
      String variable = "SECRETS_" + key.name().toUpperCase(Locale.ROOT).replaceAll("[-.]", "_");
      page.append("| `").append(key.name()).append("` | ");
      page.append(key.standard().isEmpty() ? "" : "`" + key.standard() + "` ").append("| ");
      page.append(cell(key.description()));
      page.append(key.sensitivity() == ConfigKey.Sensitivity.SECRET ? " *Secret.*" : "")
          .append(" | `")
          .append(variable)
          .append("` |\n");
    }
  }

  private static String exitCodes() {
    StringBuilder page = new StringBuilder("# Exit codes\n\n");
    page.append(
        "Each row is a code of the command `secrets`. The codes are part of the interface: a number"
            + " never\n");
    page.append(
        "changes its meaning. [The command line](../cli.md#exit-codes) says which commands use 9,"
            + " 10 and 11,\n");
    page.append(
        "and the last column names the [kinds of failures](errors.md) that end with the code.\n\n");
    page.append("| code | meaning | kinds |\n|---|---|---|\n");
    for (ExitCode code : ExitCode.values()) {
      String kinds =
          Arrays.stream(Kind.values())
              .filter(kind -> ExitCode.of(kind) == code)
              .map(kind -> "`" + kind + "`")
              .collect(Collectors.joining(", "));
      page.append("| ")
          .append(code.code())
          .append(" | ")
          .append(cell(code.meaning()))
          .append(" | ");
      page.append(kinds.isEmpty() ? "" : kinds + " ").append("|\n");
    }
    return page.toString();
  }

  private static String errors(String source) {
    Map<String, String> meanings = new TreeMap<>();
    for (MatchResult found : KIND.matcher(source).results().toList()) {
      meanings.put(found.group(2), found.group(1));
    }
    StringBuilder page = new StringBuilder("# Errors: the kinds of failures\n\n");
    page.append(
        "Every failure of the library is a `SecretException`. Each row is what its `kind()`"
            + " returns, the\n");
    page.append(
        "[exit code](exit-codes.md) of the command for it, and the first thing to do. The command"
            + " writes the kind in\n");
    page.append("lower case into its JSON: `not-found`. `retryable()` is true for\n");
    page.append("`THROTTLED`, `TIMEOUT` and `UNAVAILABLE`.\n\n");
    page.append("| kind | meaning | exit code | what to do |\n|---|---|---|---|\n");
    for (Kind kind : Kind.values()) {
      if (!meanings.containsKey(kind.name())) {
        throw new IllegalStateException("SecretException has no comment for " + kind);
      }
      page.append("| `")
          .append(kind)
          .append("` | ")
          .append(cell(meanings.get(kind.name())))
          .append(" | ");
      page.append(ExitCode.of(kind).code()).append(" | ").append(advice(kind)).append(" |\n");
    }
    return page.toString();
  }

  private static String advice(Kind kind) {
    return switch (kind) {
      case NOT_FOUND ->
          "Check the name and the setting `prefix`: `secrets list`. If the secret is new, `secrets"
              + " put` it.";
      case VERSION_NOT_FOUND -> "List the versions that exist: `secrets versions NAME`.";
      case ACCESS_DENIED ->
          "See who you are and what you may read: `secrets whoami`. `secrets policy` writes the"
              + " least rights that a role needs.";
      case UNAUTHENTICATED -> "See the source of the credentials and their end: `secrets whoami`.";
      case THROTTLED ->
          "Wait. If it lasts, raise `soft-age`, or ask the backend's owner for a higher limit.";
      case TIMEOUT ->
          "Check that the backend is up; else raise `timeout`. After a timeout of a write, read the"
              + " secret to see whether it was written.";
      case UNAVAILABLE -> "Check network, proxy and address: `secrets doctor`.";
      case PENDING_DELETION ->
          "Bring it back with `secrets restore NAME`, or wait until the backend has purged it.";
      case DISABLED -> "Enable the secret or its version with the backend's own tool.";
      case TOO_LARGE ->
          "Store a shorter value. `limits=backend` accepts what this backend accepts.";
      case BAD_NAME -> "Use segments of letters, digits, `_` and `-`, divided by `/`.";
      case CONFLICT -> "Read the secret again, and decide whether your write is still meant.";
      case INVALID_VALUE -> "Store a value that keeps the rule, or change the rule.";
      case CORRUPT ->
          "Do not write. For files: `secrets store verify`, then `secrets store repair` or a"
              + " backup.";
      case UNSUPPORTED -> "See [what each backend can do](../backends.md).";
      case CONFIGURATION ->
          "Correct each line of the message; `secrets doctor` shows where each setting came from.";
      case INTERRUPTED -> "Let the thread end: its owner asked it to.";
      case CLOSED -> "Open another provider, or read before the close.";
      case INTERNAL -> "Report it with the stack trace: `--debug` prints it.";
    };
  }

  /** What picocli formats: a line break and a percent sign. */
  private static String plain(String text) {
    return text.replace("%n", " ").replace("%%", "%");
  }

  private static String cell(String text) {
    return escape(plain(text)).replace("|", "\\|").replace('\n', ' ').strip();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*");
  }
}
