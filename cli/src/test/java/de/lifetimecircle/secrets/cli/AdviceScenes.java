package de.lifetimecircle.secrets.cli;

import java.util.List;
import java.util.stream.Stream;

/** The states in which {@link AdviceTest} takes the advice of a message. */
final class AdviceScenes {
  private AdviceScenes() {}

  /** How the commands of a message are pasted. */
  enum Pasted {
    /** Each into the state of the message: they are alternatives. */
    EACH,
    /** One after the other. */
    IN_TURN,
    /** One after the other, in the folder of the inventory: they stand in a document. */
    IN_FOLDER
  }

  /**
   * A state, by the commands that lead to it; the last one gives the advice.
   *
   * @param commands the number of commands that the message advises
   * @param first what the message says to do before its commands
   * @param only a pattern in the commands that are pasted; other scenes paste the others
   * @param option the option that the message advises to add to the last command; usually empty
   */
  record Scene(
      String title,
      int commands,
      Pasted pasted,
      List<String> lines,
      List<String> first,
      String only,
      String option) {
    static Scene of(String title, int commands, String... lines) {
      return new Scene(title, commands, Pasted.EACH, List.of(lines), List.of(), "", "");
    }

    static Scene inTurn(String title, int commands, String... lines) {
      return new Scene(title, commands, Pasted.IN_TURN, List.of(lines), List.of(), "", "");
    }

    static Scene document(String title, int commands, String... lines) {
      return new Scene(title, commands, Pasted.IN_FOLDER, List.of(lines), List.of(), "", "");
    }

    /** The advice is to run the last command again with an option. */
    static Scene again(String title, String option, String... lines) {
      return new Scene(title, 1, Pasted.EACH, List.of(lines), List.of(), "", option);
    }

    /** With what the message says to do before its commands. */
    Scene after(String... before) {
      return new Scene(title, commands, pasted, lines, List.of(before), only, option);
    }

    /** With those commands only that have this text. */
    Scene only(String text) {
      return new Scene(title, commands, pasted, lines, first, text, option);
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Scene> all() {
    return Stream.of(
            rotations(),
            hooks(),
            stores(),
            emergencies(),
            inventories(),
            commands(),
            options(),
            names(),
            papers(),
            documents(),
            workflows(),
            files(),
            recipients(),
            backends())
        .flatMap(each -> each);
  }

  private static Stream<Scene> rotations() {
    return Stream.of(
        Scene.of("verify fails", 2, "verify=1", "rotate KEY"),
        Scene.of("verify failed, again", 2, "verify=1", "rotate KEY", "rotate KEY"),
        Scene.of("verify failed, abandon", 2, "verify=1", "rotate KEY", "rotate abandon KEY"),
        Scene.of("verify failed, retire", 2, "verify=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("test fails", 2, "test=1", "rotate KEY"),
        Scene.of("test failed, again", 2, "test=1", "rotate KEY", "rotate KEY"),
        Scene.of("test failed, rollback", 2, "test=1", "rotate KEY", "rotate rollback KEY"),
        Scene.of("test failed, retire", 2, "test=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("apply fails", 2, "apply=1", "rotate KEY"),
        Scene.of("waits, again", 2, "rotate KEY", "rotate KEY"),
        Scene.of("waits, abandon", 2, "rotate KEY", "rotate abandon KEY"),
        Scene.of("retire fails", 1, "retire=1", "rotate KEY", "rotate retire KEY"),
        Scene.of("back fails", 1, "rotate KEY", "verify=1", "rotate rollback KEY"),
        Scene.of("back, again", 1, "rotate KEY", "test=1", "rotate rollback KEY", "rotate KEY"),
        Scene.of(
            "back, abandon",
            1,
            "rotate KEY",
            "test=1",
            "rotate rollback KEY",
            "rotate abandon KEY"),
        Scene.of(
            "back, retire", 1, "rotate KEY", "test=1", "rotate rollback KEY", "rotate retire KEY"),
        Scene.of(
            "somebody else", 1, "test=1", "rotate KEY", "test=0", "other", "rotate resume KEY"),
        Scene.of("nothing open", 1, "rotate resume KEY"),
        Scene.of(
            "a store by option",
            2,
            "by option",
            "verify=1",
            "! rotate KEY $I --backend fake --journal $F/journal"));
  }

  private static Stream<Scene> hooks() {
    return Stream.of(
        Scene.of("somebody else, rollback", 1, "rotate KEY", "other", "rotate rollback KEY"),
        Scene.of("old value is back", 1, "rotate KEY", "old", "rotate retire KEY"),
        Scene.of("journal elsewhere", 1, "test=1", "rotate KEY", "lose journal", "rotate KEY"),
        Scene.of(
            "journal lost, abandon",
            1,
            "test=1",
            "rotate KEY",
            "lose journal",
            "rotate abandon KEY"),
        Scene.of("no hook that applies", 1, "database", "without apply", "rotate KEY"),
        Scene.of("no way back", 1, "rotate KEY", "without apply", "rotate rollback KEY"),
        Scene.inTurn(
            "a supplied value is lost",
            2,
            "put fails",
            "rotate HOST --from-stdin",
            "rotate resume HOST"),
        Scene.of("rolled back by hand", 3, "rotate KEY", "rollback KEY --force"),
        Scene.of("rolled back in the grace", 2, "rotate KEY", "rollback KEY"),
        Scene.of("generated in a rotation", 2, "test=1", "rotate KEY", "generate KEY --force"),
        Scene.of("nobody knows when", 1, "versions fail", "! rotate due $I"),
        Scene.of("a hook that is gone", 1, "no program", "! rotate KEY $I --journal $F/journal"),
        Scene.of(
            "a rotation of another store",
            2,
            "test=1",
            "rotate KEY",
            "files",
            "! put prod/KEY --plain",
            "rotate resume KEY"));
  }

  private static Stream<Scene> stores() {
    return Stream.of(
        Scene.of("no generator", 1, "rotate HOST"),
        Scene.of("a template is set", 1, "put URL --trim-newline"),
        Scene.of("a template by hand", 1, "lose prod/HOST", "generate HOST --force"),
        Scene.of("check, brought one missing", 1, "lose prod/HOST", "check"),
        Scene.of("check, made one missing", 1, "lose prod/URL", "check"),
        Scene.of("check, template out of date", 1, "put HOST --trim-newline", "check"),
        Scene.of("check, a rotation is open", 2, "no stages", "test=1", "rotate KEY", "check"),
        Scene.of("check, no journal", 1, "test=1", "rotate KEY", "lose journal", "check"),
        Scene.of("check, the store is down", 1, "down", "check"),
        Scene.of("a version of years ago", 1, "years ago", "status").only("rotate due"),
        Scene.of("put, template out of date", 1, "put HOST --trim-newline"),
        Scene.of("generate, template out of date", 1, "generate KEY --force"),
        Scene.of("generate, one missing", 1, "lose prod/HOST", "generate --all"),
        Scene.of("generate what exists", 1, "generate KEY"),
        Scene.of("generate, a part missing", 1, "lose prod/KEY", "lose prod/URL", "generate URL"));
  }

  private static Stream<Scene> emergencies() {
    return Stream.of(
        Scene.of("damaged journal", 1, "test=1", "rotate KEY", "damage", "rotate resume KEY"),
        Scene.of("nothing to resume", 1, "emergency KEY --resume"),
        Scene.of("words too early", 1, "emergency KEY --by-hand seen"),
        Scene.of("verify fails at night", 1, "verify=1", "emergency KEY"),
        Scene.of("unfinished for years", 2, "verify=1", "emergency KEY", "age", "emergency KEY"),
        Scene.of("damaged emergency", 1, "verify=1", "emergency KEY", "damage", "emergency KEY"),
        Scene.of(
            "an emergency by option",
            1,
            "by option",
            "verify=1",
            "! emergency KEY --yes $I --backend fake --journal $F/journal"),
        Scene.of(
                "rolled back in an emergency",
                1,
                "a whole night",
                "night=1",
                "emergency KEY",
                "night=0",
                "old",
                "emergency KEY")
            .only("--restart"),
        Scene.of("changed in an emergency", 1, "emergency KEY", "other url", "emergency KEY")
            .only(" check "),
        Scene.of("which part is secret", 2, "parts of people", "emergency URL"),
        Scene.inTurn("by hand", 5, "database", "without apply", "emergency KEY --yes"));
  }

  private static Stream<Scene> inventories() {
    return Stream.of(
        Scene.of("no inventory", 1, "! check --inventory $F/none.yaml"),
        Scene.of("an empty inventory", 1, "! check --inventory $F/empty.yaml"),
        Scene.of("not formatted", 1, "untidy", "! fmt $F/secrets.yaml --check"),
        Scene.of("a value in a file", 1, "leak", "! scan $F/leak.txt $I"),
        Scene.of("nothing to scan for", 2, "empty", "! scan $F/empty.yaml $I"),
        Scene.of("nothing to hide", 2, "empty", "redact"),
        Scene.of("a hook of others", 1, "git hook", "! scan $F --install-hook $I"));
  }

  private static Stream<Scene> commands() {
    return Stream.of(
        Scene.of("generate without a name", 1, "! generate"),
        Scene.of("rotate without a name", 1, "! rotate"),
        Scene.of("a subcommand too late", 1, "! rotate KEY resume KEY"),
        Scene.of("an added command too late", 1, "! --backend fake agent"),
        Scene.of("no command of the store", 1, "! store"),
        Scene.of("a value of no shape", 1, "plain", "! rotate plain/WORDS"),
        Scene.of("no stages", 2, "no stages", "! rotate prod/KEY"),
        Scene.of("a coding agent", 1, "a coding agent", "! get prod/KEY"),
        Scene.of("not a text", 1, "bytes", "! exec --secret plain/BYTES -- true"),
        Scene.of("a prefix of no name", 1, "! exec --all prodd/ -- true"));
  }

  private static Stream<Scene> options() {
    return Stream.of(
        Scene.again("no reason", "--reason 'ticket 4711'", "a reason", "rotate KEY"),
        Scene.again(
            "no value to scan for", "--if-no-store pass", "empty", "! scan $F/empty.yaml $I"),
        Scene.again("not all can be hidden", "--partial", "hides one", "redact"),
        Scene.again(
            "an empty value",
            "--allow-empty --set limits=backend",
            "! put plain/NONE --file $F/empty.yaml"),
        Scene.again("a mistyped name", "--plain", "! put prod/KEYY $I"),
        Scene.of("an unknown option of the agent", 1, "! agent --bogus 1"),
        Scene.of("an agent without a place", 1, "! agent --socket"),
        Scene.of("a completion of others", 1, "a completion", "! completion install bash"));
  }

  private static Stream<Scene> names() {
    String rename = "! rename KEY JWT_KEY --yes --inventory $F/secrets.yaml";
    return Stream.of(
        Scene.of("a name in another form", 1, "odd form", rename),
        Scene.of("renamed in a rotation", 2, "test=1", "rotate KEY", rename),
        Scene.of("renamed, a damaged journal", 1, "test=1", "rotate KEY", "damage", rename),
        Scene.of("renamed", 9, "log", rename).after("a value elsewhere"),
        Scene.of("renamed, its policy", 2, "ci reads", rename + " --dry-run --backend gpg")
            .only("policy"));
  }

  private static Stream<Scene> documents() {
    return Stream.of(
        Scene.document("runbook", 12, "git", "log", "runbook", "read docs/SECRETS_PROD_RUNBOOK.md")
            .only("^(?!.* rotate rollback )"),
        Scene.document("runbook, in the grace", 1, "runbook", "read docs/SECRETS_PROD_RUNBOOK.md")
            .only(" rotate rollback ")
            .after("rotate KEY"),
        Scene.document("post-mortem", 5, "git", "log", "emergency KEY", "read docs/post-mortems"),
        Scene.document("for SRE", 2, "log", "handover --to sre"),
        Scene.of("no alerts for files", 1, "log", "! alerts --backend gpg $I"),
        Scene.document("cron", 1, "! schedule --as cron $I"),
        Scene.document("systemd", 1, "! schedule --as systemd $I"),
        Scene.document("a timer of GitHub", 1, "! schedule --as github $I"),
        Scene.of("ready to be handed over", 1, "papers", "status").only(" ci |--delivered-by"),
        Scene.document("a key for CI", 1, "files", "facts", "! policy --for ci --backend gpg $I"),
        Scene.of("a policy of before", 1, "files", "an old policy", "check").only(" policy "));
  }

  private static Stream<Scene> workflows() {
    return Stream.of("aws", "azure", "vault")
        .flatMap(
            backend ->
                Stream.of("github", "gitlab")
                    .map(
                        system ->
                            Scene.document(
                                backend + " on " + system,
                                backend.equals("azure") && system.equals("gitlab") ? 0 : 1,
                                "facts",
                                "! ci " + system + " --backend " + backend + " $A $I")));
  }

  private static Stream<Scene> backends() {
    return Stream.of(Scene.of("an old version of Vault", 1, "promote on vault")); // and of Azure
  }

  private static Stream<Scene> papers() {
    return Stream.of(
        Scene.of("not ready", 1, "handover --to devops --delivered-by anna"),
        Scene.of("checked by the program", 1, "status --claim generated --by anna"),
        Scene.of("no runbook", 1, "names a runbook", "check"),
        Scene.of("another runbook", 1, "names a runbook", "a file", "check").after("no file"),
        Scene.of("an old runbook", 1, "names a runbook", "runbook", "an old runbook", "check"));
  }

  private static Stream<Scene> files() {
    return Stream.of(
        Scene.inTurn("a new store", 3, "files", "! init"),
        Scene.of("a lost index", 1, "files", "remove .fgp/index.pgp", "! get A"),
        Scene.of("an older store", 1, "files", "mark", "an older copy", "! get A"),
        Scene.of("rebuilt", 1, "files", "damage .fgp/index.pgp", "! store repair --yes"),
        Scene.of("removed by others", 1, "files", "adopt", "remove A.gpg", "! get A"),
        Scene.of(
            "a backup of a damaged store",
            1,
            "files",
            "! store backup $F/backup.tar",
            "damage .fgp/versions/A~/00000001.pgp",
            "! store backup $F/backup.tar --replace"),
        Scene.of(
            "damaged again meanwhile",
            1,
            "files",
            "damage .fgp/index.pgp",
            "meanwhile remove .fgp/versions/A~/MANIFEST.pgp",
            "! store repair"));
  }

  private static Stream<Scene> recipients() {
    return Stream.of(
        Scene.of(
            "a recipient without a certificate",
            2,
            "files",
            "! recipients add $C",
            "remove $R",
            "damage .fgp/index.pgp",
            "! store repair --yes"),
        Scene.of(
                "a recipient that not all name",
                1,
                "files",
                "keep the ids",
                "! recipients add $C",
                "earlier ids",
                "damage .fgp/index.pgp",
                "! store repair --yes")
            .only("recipients add"),
        Scene.of("another certificate", 1, "files", "! recipients add $C", "damage $R", "! put A"),
        Scene.of(
                "a recipient by hand",
                2,
                "files",
                "! recipients add $C",
                "damage .gpg-id",
                "! put A")
            .after("drop the change"),
        Scene.of(
            "a version for earlier recipients",
            1,
            "files",
            "! put A",
            "damage .fgp/versions/A~/00000001.pgp",
            "! recipients add $C",
            "mend",
            "! doctor"));
  }
}
