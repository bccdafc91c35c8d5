package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.spi.RecipientStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the configuration, checks that it works, and says how to fix problems. */
@Command(
    name = "doctor",
    description = {
      "Show each setting and its source, check that the backend answers, and say how to fix"
          + " problems.",
      "Exits with the code of the check that fails."
    })
final class DoctorCommand implements Callable<Integer> {
  private enum Status {
    OK,
    WARN,
    FAIL
  }

  /** The facts that a store reports only if there is something to do. */
  private static final Set<String> WARNINGS =
      Set.of("files that are not served", "versions newer than the index");

  private record Finding(Status status, String what, String detail) {}

  private final CommandSession session;
  private final List<Finding> findings = new ArrayList<>();
  private ExitCode exitCode = ExitCode.OK;

  /** Whether the secrets are in files of this machine. */
  private boolean isLocal;

  DoctorCommand(CommandSession session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    add(Status.OK, "secrets", VersionText.current());
    add(Status.OK, "java", Runtime.version() + " (" + System.getProperty("java.home") + ")");
    launcher();
    configurationFile();
    try (SecretProvider provider = session.openProvider()) {
      isLocal = provider.settings().stream().anyMatch(DoctorCommand::isFiles);
      for (Setting setting : provider.settings()) {
        setting(setting);
      }
      provider
          .check()
          .forEach(
              (what, fact) -> add(WARNINGS.contains(what) ? Status.WARN : Status.OK, what, fact));
      add(Status.OK, "backend", "answers and accepts these credentials");
      recipients();
    } catch (SecretException e) {
      exitCode = ExitCode.of(e.kind());
      boolean configuration = e.kind() == SecretException.Kind.CONFIGURATION;
      add(Status.FAIL, configuration ? "configuration" : "backend", ErrorReport.message(e));
    }
    print();
    return exitCode.code();
  }

  /** No other check finds a damaged version, or one that a former recipient can still read. */
  private void recipients() {
    try (SecretWriter writer = session.openWriter()) {
      writer.unwrap(RecipientStore.class).map(RecipientStore::signerFindings).stream()
          .flatMap(List::stream)
          .forEach(finding -> add(Status.WARN, "signers", finding));
      List<String> found =
          writer
              .unwrap(RecipientStore.class)
              .map(RecipientStore::recipientFindings)
              .orElse(List.of());
      for (String finding : found) {
        add(Status.FAIL, "stored versions", finding);
        exitCode = ExitCode.CORRUPT;
      }
    }
  }

  private static boolean isFiles(Setting setting) {
    return setting.key().equals("backend") && setting.value().equals("gpg");
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
    add(Status.OK, setting.key(), text);
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
            "other users can change " + file + ". Run: chmod go-w " + file);
      } else if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        add(
            Status.WARN,
            "configuration file",
            "every user can read " + file + ". If it holds a secret, run: chmod 640 " + file);
      } else {
        add(Status.OK, "configuration file", file);
      }
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      // Opening the provider reports a file that is missing or unreadable.
      return;
    }
  }

  private void add(Status status, String what, String detail) {
    findings.add(new Finding(status, what, detail));
  }

  private void print() {
    if (session.json) {
      List<Object> documents = new ArrayList<>();
      for (Finding finding : findings) {
        Map<String, String> document = new LinkedHashMap<>();
        document.put("status", finding.status().name().toLowerCase(Locale.ROOT));
        document.put("what", finding.what());
        document.put("detail", finding.detail());
        documents.add(document);
      }
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("exitCode", exitCode.code());
      document.put("findings", documents);
      session.output().document(document);
      return;
    }
    for (Finding finding : findings) {
      String status = Output.padded(finding.status().name(), 6);
      session.output().line(status + finding.what() + ": " + finding.detail());
    }
  }
}
