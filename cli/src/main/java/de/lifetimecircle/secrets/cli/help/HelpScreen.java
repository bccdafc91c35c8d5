package de.lifetimecircle.secrets.cli.help;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The list of commands in the help, by groups. Stateless. */
public final class HelpScreen {
  private static final String EMERGENCY =
      """
      A secret is exposed
        secrets emergency NAME            a new value, deployed, old sessions ended
        secrets emergency NAME --resume   continue after an interruption
        secrets scan --git .              where else is the value?
        secrets audit LOG                 who has read it, and from where?

      The new value does not work
        secrets rotate rollback NAME      the old value again, with the hooks
        secrets rollback NAME             in the store alone, if nothing was rotated

      A rotation has stopped
        secrets due                       what is unfinished or late
        secrets rotate resume NAME        continue after the last finished step
        secrets rotate abandon NAME       give it up; the served value stays

      A secret is gone, or the backend does not answer
        secrets restore NAME              bring a deleted secret back
        secrets doctor; secrets whoami    settings, reachability, rights

      Practise: secrets emergency NAME --drill    More: secrets emergency --help
      """;

  private HelpScreen() {}

  /** Makes a root command list its commands by groups. */
  public static void group(CommandLine root, List<ListedCommand> listed) {
    root.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> list(help, listed));
    root.getCommandSpec()
        .usageMessage()
        .commandListHeading("")
        .footer(
            "",
            "'secrets help every-day', 'inventory', 'operations', 'emergency' show examples;",
            "'secrets COMMAND --help' shows the options of a command.");
  }

  private static String list(Help help, List<ListedCommand> listed) {
    Map<String, HelpGroup> groups = new HashMap<>();
    listed.forEach(each -> groups.put(each.name(), each.group()));
    StringBuilder text = new StringBuilder();
    for (HelpGroup group : HelpGroup.values()) {
      Map<String, Help> commands = new LinkedHashMap<>();
      help.subcommands()
          .forEach(
              (key, each) -> {
                // The commands of other modules are operations.
                if (groups.getOrDefault(each.commandSpec().name(), HelpGroup.OPERATIONS) == group) {
                  commands.put(key, each);
                }
              });
      if (!commands.isEmpty()) {
        text.append('\n').append(group.title()).append(":\n").append(help.commandList(commands));
      }
    }
    return text.toString();
  }

  /** Returns the screen of a topic; empty if there is none of that name. */
  static String topic(String word, List<ListedCommand> listed) {
    if (word.equals(HelpGroup.EMERGENCY.word())) {
      return EMERGENCY;
    }
    return HelpGroup.of(word).map(group -> examples(group, listed)).orElse("");
  }

  private static String examples(HelpGroup group, List<ListedCommand> listed) {
    StringBuilder text = new StringBuilder(group.title()).append('\n');
    listed.stream()
        .filter(each -> each.group() == group)
        .forEach(each -> text.append("  ").append(each.examples().get(0)).append('\n'));
    return text.toString();
  }
}
