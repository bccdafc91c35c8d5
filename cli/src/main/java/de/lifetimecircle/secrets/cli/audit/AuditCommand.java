package de.lifetimecircle.secrets.cli.audit;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.LocalTimes;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.audit.AccessAudit;
import de.lifetimecircle.secrets.operations.audit.AuditLogs;
import de.lifetimecircle.secrets.operations.audit.DeploymentTimes;
import de.lifetimecircle.secrets.operations.audit.KnownReaders;
import de.lifetimecircle.secrets.operations.audit.LogFormat;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reports who read which secret, when and from where, and which reads are unexpected. */
@Command(
    name = "audit",
    description = {
      "Report who read which secret, when and from where, and which reads the inventory does not"
          + " expect: outside working hours, from CI outside a deployment, from an unknown address"
          + " or principal, or by a first-time reader.",
      "Reads logs of this library, OpenBao, CloudTrail and Azure Key Vault; does not contact a"
          + " backend. Exits with 9 if it finds an unexpected read, or could not read every record."
    })
public final class AuditCommand extends SessionCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "LOG",
      description = "The logs, plain or compressed with gzip; - is standard input.")
  List<String> logs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "The log format: auto (default), own, openbao, cloudtrail or azure.")
  LogFormat format = LogFormat.AUTO;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Judge only later events; earlier ones show who has read before. A day, or a time such as"
              + " 2026-03-02T08:00:00Z.")
  @Nullable String since;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Remember the readers in this file, and compare with it next time.")
  @Nullable String state;

  @Option(
      names = "--deployments",
      paramLabel = "FILE",
      description =
          "The times of deployments: lines with from and to, GitHub runs, or the log of"
              + " rotations.")
  List<String> deployments = new ArrayList<>();

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    Inventory read = inventory.read();
    DeploymentTimes known = new DeploymentTimes();
    deployments.forEach(file -> known.read(InventoryOptions.path(file)));
    Path kept = state == null ? null : InventoryOptions.path(state);
    AccessAudit audit =
        new AccessAudit(
            read,
            read.environment(inventory.environment),
            deployments.isEmpty() ? Optional.empty() : Optional.of(known),
            kept == null ? Optional.empty() : KnownReaders.of(kept),
            Optional.ofNullable(since).map(text -> time(text, read.zone())));
    Progress progress = new Progress(session, "events read");
    AuditLogs reader =
        new AuditLogs(
            format,
            event -> {
              audit.accept(event);
              progress.advance();
            });
    logs.forEach(log -> read(log, reader));
    reader.end();
    boolean clean = audit.findings().isEmpty() && reader.broken() == 0;
    ExitCode exitCode = clean ? ExitCode.OK : ExitCode.FOUND;
    new AuditReport(session.output(), new LocalTimes(read.zone())).print(audit, reader, exitCode);
    if (kept != null) {
      audit.readers().write(kept);
    }
    return exitCode.code();
  }

  private void read(String log, AuditLogs reader) {
    if (log.equals("-")) {
      reader.read("standard input", session.terminal.in());
      return;
    }
    try (InputStream in = Files.newInputStream(InventoryOptions.path(log))) {
      reader.read(log, in);
    } catch (IOException e) {
      throw CommandFailure.io("read the log " + log, e);
    }
  }

  private static Instant time(String text, ZoneId zone) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw CommandFailure.usage(
          "Cannot use --since (expected: a day such as 2026-03-02, or a time such as"
              + " 2026-03-02T08:00:00Z).");
    }
  }
}
