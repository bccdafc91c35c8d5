package de.lifetimecircle.secrets.cli.emergency;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.HookProgress;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.documents.LanguageOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.rotation.LongTime;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.emergency.Emergency;
import de.lifetimecircle.secrets.operations.emergency.EmergencyDrill;
import de.lifetimecircle.secrets.operations.emergency.EmergencyListener;
import de.lifetimecircle.secrets.operations.emergency.EmergencyReport;
import de.lifetimecircle.secrets.operations.emergency.EmergencySettings;
import de.lifetimecircle.secrets.operations.emergency.EmergencyStep;
import de.lifetimecircle.secrets.operations.emergency.OpenItem;
import de.lifetimecircle.secrets.operations.emergency.PostMortem;
import de.lifetimecircle.secrets.operations.emergency.TimelineEntry;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces an exposed secret within 30 minutes. */
@Command(
    name = "emergency",
    description = {
      "Replace an exposed secret: show the plan, ask, rotate at once, invalidate every old value,"
          + " deploy, end sessions, verify, and write the post-mortem.",
      "After a failure, run the same command again to continue; a colleague can do so too."
          + " --drill practises all of it on a scratch store; --drill --live in an environment for"
          + " practice, with your programs.",
      "If the inventory has no generator for the secret, asks for the new value without echo, and"
          + " whether the old one is revoked.",
      "If the inventory lacks a necessary hook, lists the open steps and how to do them by hand,"
          + " and exits with 10."
    },
    sortOptions = false)
public final class EmergencyCommand extends SessionCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description = "The name in the inventory, with or without prefix.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--stdin",
      description =
          "Read the new value from standard input, to its end, without its last newline; for a"
              + " secret that nothing generates. Needs --yes.")
  boolean stdin;

  @Option(
      names = "--drill",
      description = "Practise on a scratch store of encrypted files; runs none of your programs.")
  boolean drill;

  @Option(
      names = "--live",
      description =
          "With --drill: practise in this environment, with its store and your programs. The"
              + " inventory must allow it (drills: live).")
  boolean live;

  @Option(names = "--resume", description = "Resume an unfinished emergency, however old it is.")
  boolean resume;

  @Option(
      names = "--restart",
      description = "Start over: set an unfinished emergency aside instead of resuming it.")
  boolean restart;

  @Option(
      names = "--by-hand",
      paramLabel = "TEXT",
      description =
          "Close the steps that lack a hook: how you did and checked them. Recorded as your claim.")
  String byHand = "";

  @Option(
      names = "--by",
      paramLabel = "WHO",
      description = "Your name for the post-mortem. Default: the user of this machine.")
  @Nullable String by;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The folder of the journals. Default: secrets-rotations beside the inventory.")
  @Nullable String journal;

  @Option(
      names = "--hook-timeout",
      paramLabel = "TIME",
      converter = LongTime.class,
      description = "Kill a hook after this time, such as 90s, 5m or 1h. Default: 5m.")
  Duration hookTimeout = Rotations.HOOK_LIMIT;

  @Option(
      names = "--known-minutes-ago",
      paramLabel = "N",
      description = "Minutes since the exposure was noticed; the 30 minutes start then.")
  int knownMinutesAgo;

  @Mixin LanguageOption language = new LanguageOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    if (knownMinutesAgo < 0) {
      throw CommandFailure.usage("Cannot use --known-minutes-ago (expected: 0 or more).");
    }
    if (live && !drill) {
      throw CommandFailure.usage("Cannot use --live without --drill.");
    }
    if ((resume && restart) || (drill && !live && (resume || restart))) {
      throw CommandFailure.usage("Cannot use two of --resume, --restart and --drill: give one.");
    }
    if (drill && !live && !byHand.isEmpty()) {
      throw CommandFailure.usage("Cannot use --by-hand with --drill: a drill leaves nothing open.");
    }
    if (stdin && !yes) {
      throw CommandFailure.usage(
          "Cannot use --stdin without --yes: standard input holds the value and no answer.");
    }
    String secret = inventory.require(name).name();
    InventoryLocation site = inventory.site();
    if (drill && !live) {
      try (EmergencyDrill scratch =
          session.withoutRemarks(() -> EmergencyDrill.open(site, secret))) {
        return run(set(Emergency.of(site, secret, scratch.writer()).drill(scratch))).code();
      }
    }
    try (SecretWriter writer = session.openWriter()) {
      EmergencySettings settings = Emergency.of(site, secret, writer);
      if (live) {
        settings = settings.liveDrill();
      }
      if (journal != null) {
        settings = settings.journal(InventoryOptions.path(journal));
      }
      return run(set(settings)).code();
    }
  }

  private Emergency set(EmergencySettings settings) {
    return settings
        .who(by == null ? session.person() : by)
        .clock(session.clock)
        .language(language.language(session.environment))
        .knownFor(Duration.ofMinutes(knownMinutesAgo))
        .hookLimit(hookTimeout)
        .earlier(
            resume
                ? Emergency.Earlier.RESUMED
                : restart ? Emergency.Earlier.SET_ASIDE : Emergency.Earlier.RECENT)
        .byHand(byHand.strip())
        .listener(new Shown())
        .build();
  }

  private ExitCode run(Emergency emergency) {
    if (stdin && !emergency.asksForValue()) {
      throw CommandFailure.usage(
          "Cannot use --stdin: the new value of this secret is made up, not supplied. Leave it"
              + " out.");
    }
    emergency.plan().forEach(this::line);
    EmergencyReport report = emergency.run();
    ExitCode code = report.outcome().finished() ? ExitCode.OK : ExitCode.STOPPED;
    print(report, code);
    return code;
  }

  private void print(EmergencyReport report, ExitCode code) {
    boolean inTime = report.took().compareTo(Emergency.LIMIT) <= 0;
    if (session.json) {
      Map<String, Object> document =
          Output.object(
              "secret", report.secret(),
              "outcome", report.outcome().word(),
              "drill", drill,
              "live", live,
              "seconds", report.took().toSeconds(),
              "inTime", inTime,
              "postMortem", report.postMortem(),
              "timeline", report.timeline().stream().map(EmergencyCommand::document).toList(),
              "open", report.open().stream().map(Output::object).toList());
      session.output().document(code.code(), document);
      return;
    }
    for (OpenItem end : report.open()) {
      line("Still open: " + end.summary() + ".");
      end.byHand().forEach(step -> line("  - " + step));
    }
    String summaries = String.join("; ", report.open().stream().map(OpenItem::summary).toList());
    line(
        String.format(
            Locale.ROOT,
            "%s after %s%s%sPost-mortem: %s",
            begun(report.outcome().words(PostMortem.Kind.REAL, Language.ENGLISH)),
            clock(report.took()),
            meaning(inTime),
            summaries.isEmpty() ? "" : "Still open: " + summaries + ". ",
            report.postMortem()));
  }

  private static String begun(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Returns what the time means: that of a drill without programs and people means nothing. */
  private String meaning(boolean inTime) {
    if (drill && !live) {
      return "; the time says nothing, because no program ran and no person was called. ";
    }
    return " of 30:00. " + (inTime ? "" : "That is more than 30 minutes. ");
  }

  /**
   * Prints a line at once; each of a drill says so. An exposed value is replaced whether or not a
   * person reads it.
   */
  private void line(String text) {
    if (!session.json) {
      session.output().line(mark() + text);
      session.output().flush();
    }
  }

  private String mark() {
    return drill ? Emergency.drillMark(language.language(session.environment)) + " " : "";
  }

  private static Map<String, Object> document(TimelineEntry moment) {
    return Output.object(
        "at", moment.at(),
        "by", moment.by(),
        "step", moment.step().word(),
        "outcome", moment.outcome(),
        "detail", moment.detail(),
        "seconds", moment.took().toSeconds());
  }

  private static String clock(Duration elapsed) {
    return String.format(Locale.ROOT, "%02d:%02d", elapsed.toMinutes(), elapsed.toSecondsPart());
  }

  /** Prints each step as it happens, so that a person who waits at night sees progress. */
  private final class Shown implements EmergencyListener {
    private final HookProgress hooks = new HookProgress(session);

    @Override
    public void asks(String question) {
      if (!yes && (live || !drill)) {
        session.confirm(mark() + question, language.language(session.environment));
      }
    }

    @Override
    public SecretValue supplies(String stored, String advice) {
      line(advice);
      SecretValue value = ValueInput.taken(bytes(stored));
      if (value.isEmpty()) {
        throw CommandFailure.invalid(
            "Cannot replace the value: the new one is empty, which usually means that a pipe"
                + " failed. Run the same command again.");
      }
      return value;
    }

    private byte[] bytes(String stored) {
      if (session.terminal.inputIsTerminal()) {
        return ValueInput.fromPrompt(session.terminal, stored);
      }
      if (!stdin) {
        throw CommandFailure.usage(
            "Cannot ask for the new value of '"
                + stored
                + "': there is no terminal. Add --yes --stdin, and give the value on standard"
                + " input.");
      }
      return ValueInput.trimNewline(ValueInput.fromStream(session.terminal.in()));
    }

    @Override
    public boolean confirms(String question) {
      return !yes && session.asks(mark() + question, language.language(session.environment));
    }

    @Override
    public void begins(EmergencyStep step, Duration elapsed) {
      tell(elapsed, step.word() + " ...");
    }

    @Override
    public void happened(TimelineEntry moment, Duration elapsed) {
      String outcome = EnumText.of(moment.outcome());
      String detail = moment.detail().isEmpty() ? "" : ": " + moment.detail();
      tell(
          elapsed,
          moment.outcome() == TimelineEntry.Outcome.PART
              ? "  " + moment.detail()
              : moment.step().word() + " " + outcome + detail);
    }

    @Override
    public void runs(String hook, Duration took, Duration limit, String said) {
      hooks.runs(hook, took, limit, said);
    }

    private void tell(Duration elapsed, String text) {
      line(clock(elapsed) + "  " + text);
    }
  }
}
