package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.EmergencyNotice;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.spi.CheckFacts;
import de.lifetimecircle.secrets.spi.RecipientStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the configuration, checks that it works, and says how to fix problems. */
@Command(
    name = "doctor",
    description = {
      "Check the settings and that the backend answers, show first what is wrong or unusual, and"
          + " say how to fix it.",
      "Exits with the code of the check that fails, and with 11 while an emergency of an inventory"
          + " in reach is open."
    })
final class DoctorCommand extends SessionCommand implements Callable<Integer> {
  private enum Status {
    OK,
    WARN,
    FAIL
  }

  /** The source of a setting that has its default. */
  private static final String USUAL = "default";

  private record Finding(Status status, String what, String detail, boolean usual) {}

  private final List<Finding> findings = new ArrayList<>();
  private ExitCode exitCode = ExitCode.OK;
  private List<OpenEmergency> open = List.of();

  /** Whether the secrets are in files of this machine. */
  private boolean isLocal;

  @Option(names = "--all", description = "Show every setting, also those with their default.")
  boolean all;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    try {
      open =
          inventory.knownSites(session).stream()
              .flatMap(site -> OpenEmergency.in(site, Language.ENGLISH).stream())
              .toList();
    } catch (SecretException e) { // the other findings may say why
      exitCode = ExitCode.of(e.kind());
      add(Status.FAIL, "emergencies", String.valueOf(e.getMessage()));
    }
    EmergencyNotice.print(session.output(), open);
    add(Status.OK, "secrets", VersionText.current());
    add(Status.OK, "java", Runtime.version() + " (" + System.getProperty("java.home") + ")");
    launcher();
    configurationFile();
    try (SecretProvider provider = session.openProvider()) {
      isLocal = StoreSettings.backend(provider).equals("gpg");
      for (Setting setting : provider.settings()) {
        setting(setting);
      }
      provider
          .check()
          .forEach(
              (what, fact) ->
                  add(CheckFacts.WARNINGS.contains(what) ? Status.WARN : Status.OK, what, fact));
      add(Status.OK, "backend", "answers and accepts these credentials");
      recipients();
    } catch (SecretException e) {
      exitCode = ExitCode.of(e.kind());
      boolean configuration = e.kind() == SecretException.Kind.CONFIGURATION;
      add(Status.FAIL, configuration ? "configuration" : "backend", ErrorReport.message(e));
    }
    exitCode = EmergencyNotice.code(session, open, exitCode);
    print();
    return exitCode.code();
  }

  /** No other check finds a damaged version, or one that a former recipient can still read. */
  private void recipients() {
    try (SecretWriter writer = session.openWriter()) {
      writer
          .unwrap(RecipientStore.class)
          .ifPresent(
              store -> {
                store.signerFindings().forEach(each -> add(Status.WARN, "signers", each));
                for (String finding : store.recipientFindings()) {
                  add(Status.FAIL, "stored versions", finding);
                  exitCode = ExitCode.CORRUPT;
                }
              });
    }
  }

  /** Overrides are for the developer of a service, whose secrets are usually in files. */
  private void setting(Setting setting) {
    String text = setting.value() + " (from " + setting.source() + ")";
    if (setting.key().equals("overrides") && setting.value().equals("on") && !isLocal) {
      add(
          Status.WARN,
          setting.key(),
          text
              + ". Whoever sets the environment of a service decides which values it uses. Set"
              + " overrides=off in production");
      return;
    }
    boolean usual = setting.source().equals(USUAL);
    findings.add(new Finding(Status.OK, setting.key(), text, usual));
  }

  private void launcher() {
    String archive = System.getProperty("launcher.archive");
    if (archive == null || archive.isEmpty()) {
      add(
          Status.WARN,
          "class-data archive",
          "missing, so every start is slower. Start with bin/secrets, and either let its user write"
              + " to ~/.cache or run 'secrets warm-up' once as the owner of the installation");
    } else {
      add(Status.OK, "class-data archive", archive);
    }
  }

  /** The file may hold a key with a secret, such as a token, so other users must not read it. */
  private void configurationFile() {
    String file = session.configFile;
    if (file == null) {
      file = session.environment.getOrDefault("SECRETS_CONFIG", "");
    }
    if (file.isEmpty()) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(Path.of(file));
      if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
        add(
            Status.WARN,
            "configuration file",
            "other users can change " + file + ". Run: chmod go-w " + ShellWord.of(file));
      } else if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        add(
            Status.WARN,
            "configuration file",
            "every user can read "
                + file
                + ". If it holds a secret, run: chmod 640 "
                + ShellWord.of(file));
      } else {
        add(Status.OK, "configuration file", file);
      }
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      // Opening the provider reports a file that is missing or unreadable.
      return;
    }
  }

  private void add(Status status, String what, String detail) {
    findings.add(new Finding(status, what, detail, false));
  }

  private void print() {
    if (session.json) {
      List<Object> documents = new ArrayList<>();
      for (Finding each : findings) {
        documents.add(
            Output.object("status", each.status(), "what", each.what(), "detail", each.detail()));
      }
      session
          .output()
          .document(
              exitCode.code(),
              Output.object("emergencies", EmergencyNotice.documents(open), "findings", documents));
      return;
    }
    Output output = session.output();
    List<Finding> shown = new ArrayList<>(findings);
    shown.removeIf(finding -> finding.usual() && !all);
    shown.sort(Comparator.comparing(Finding::status).reversed()); // stable
    for (Finding finding : shown) {
      Status status = finding.status();
      output.line(
          tone(status),
          status.name(),
          6,
          finding.what() + ": " + output.times().within(finding.detail()));
    }
    output.line(summary(findings.size() - shown.size()));
  }

  private String summary(int hidden) {
    long failures = count(Status.FAIL);
    long warnings = count(Status.WARN);
    String found =
        failures + warnings == 0
            ? "Everything works"
            : Counted.of(failures, "failure") + ", " + Counted.of(warnings, "warning");
    return hidden == 0
        ? found + "."
        : found
            + "; "
            + Counted.of(hidden, "setting has its", "settings have their")
            + " default: --all shows "
            + (hidden == 1 ? "it." : "them.");
  }

  private long count(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  private static Paint.Tone tone(Status status) {
    return switch (status) {
      case OK -> Paint.Tone.GOOD;
      case WARN -> Paint.Tone.NOTE;
      case FAIL -> Paint.Tone.BAD;
    };
  }
}
