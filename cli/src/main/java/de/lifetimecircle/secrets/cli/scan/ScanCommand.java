package de.lifetimecircle.secrets.cli.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.scan.CommitHook;
import de.lifetimecircle.secrets.operations.scan.SecretScan;
import de.lifetimecircle.secrets.operations.scan.SoughtValues;
import de.lifetimecircle.secrets.operations.scan.UnsearchedSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches files and the history of git for values of the inventory. */
@Command(
    name = "scan",
    description = {
      "Search files, logs and the history of git for the actual values of the secrets, also"
          + " encoded or split across lines. Prints where a value is, never the value.",
      "Exits with 9 if it finds one."
    },
    sortOptions = false)
public final class ScanCommand extends SessionCommand implements Callable<Integer> {
  /** The result of a scan if the store returns no values. */
  enum NoStore {
    FAIL,
    PASS
  }

  @Option(names = "--git", description = "Search the history of the repositories as well.")
  boolean git;

  @Option(
      names = "--unreachable",
      description =
          "With --git: also search objects that no branch, tag or stash reaches any more.")
  boolean unreachable;

  @Option(names = "--staged", description = "Search only the staged changes.")
  boolean staged;

  @Option(
      names = "--install-hook",
      description = "Install a git hook that runs 'secrets scan --staged' before each commit.")
  boolean installHook;

  @Option(
      names = "--if-no-store",
      paramLabel = "fail|pass",
      description =
          "The result if the store returns no values: fail (default), or pass with a warning.")
  @Nullable NoStore ifNoStore;

  @Option(
      names = "--include",
      paramLabel = "NAME",
      description = "Search for this secret of the inventory even if its value looks public.")
  List<String> included = new ArrayList<>();

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "The files, folders and repositories to search.")
  List<String> paths = new ArrayList<>();

  @Override
  public Integer call() {
    requireSense();
    return (installHook ? install() : scan()).code();
  }

  private void requireSense() {
    int modes = (git ? 1 : 0) + (staged ? 1 : 0) + (installHook ? 1 : 0);
    if (modes > 1) {
      throw CommandFailure.usage(
          "Cannot scan: --git, --staged and --install-hook exclude each other.");
    }
    if (unreachable && !git) {
      throw CommandFailure.usage("Cannot scan: --unreachable searches the history. Add --git.");
    }
    if (paths.isEmpty() && !staged && !installHook) {
      throw CommandFailure.usage(
          "Cannot scan: PATH missing. Name a file or folder to search, such as '.'.");
    }
  }

  private NoStore noStore() {
    return ifNoStore == null ? NoStore.FAIL : ifNoStore;
  }

  private List<Path> roots() {
    return (paths.isEmpty() ? List.of(".") : paths).stream().map(InventoryOptions::path).toList();
  }

  private ExitCode install() {
    List<String> line = new ArrayList<>(List.of("scan", "--staged"));
    option(line, "--if-no-store", ifNoStore == null ? null : OptionWords.of(ifNoStore));
    included.forEach(name -> option(line, "--include", name));
    option(line, "--inventory", inventory.inventory);
    option(line, "--environment", inventory.environment.isEmpty() ? null : inventory.environment);
    option(line, "--config", session.configFile);
    option(line, "--backend", session.backend);
    for (Path root : roots()) {
      Path hook = CommitHook.install(root, line);
      session
          .output()
          .item("Installed " + hook, Output.object("file", hook, "outcome", "installed"));
    }
    session.output().items(ExitCode.OK.code());
    return ExitCode.OK;
  }

  private static void option(List<String> line, String name, @Nullable String value) {
    if (value != null) {
      line.add(name);
      line.add(value);
    }
  }

  private ExitCode scan() {
    Inventory read = inventory.use();
    ScanReport report = new ScanReport(session, read);
    try (SecretProvider provider = session.openStore();
        SoughtValues sought = sought(read, provider)) {
      look(sought, report);
      ExitCode code = report.finish(sought.unsought(), noStore());
      report.summarize();
      return code;
    } catch (SecretException e) {
      if (noStore() == NoStore.PASS && report.isUnbegun()) {
        session.hint("Nothing was scanned, because there are no values: " + ErrorReport.message(e));
        return ExitCode.OK;
      }
      report.finish(List.of(), NoStore.PASS);
      throw e;
    }
  }

  private SoughtValues sought(Inventory read, SecretProvider provider) {
    SoughtValues sought =
        SoughtValues.read(read, inventory.environment, provider, inventory.names(included));
    if (sought.size() > 0) {
      return sought;
    }
    sought.close();
    SecretException.Kind kind = SecretException.Kind.NOT_FOUND;
    for (UnsearchedSecret left : sought.unsought()) {
      kind = left.failure() == null ? kind : left.failure();
    }
    throw SecretException.of(kind, "scan")
        .reason("the store returns no value to search for (" + EnumText.of(kind) + ")")
        .advice(
            "Run '"
                + inventory.command("check")
                + "' and '"
                + session.command("doctor")
                + "', or add --if-no-store pass")
        .build();
  }

  private void look(SoughtValues sought, ScanReport report) {
    Progress progress = new Progress(session, git ? "files and objects scanned" : "files scanned");
    SecretScan scan =
        new SecretScan(
            sought,
            report::add,
            () -> {
              report.scanned();
              progress.advance();
            });
    report.begin(scan, sought.size());
    if (progress.isWatched() && !staged) {
      roots().forEach(root -> progress.expect(git ? scan.objectsIn(root) : scan.filesIn(root)));
    }
    for (Path root : roots()) {
      if (staged) {
        scan.staged(root);
        continue;
      }
      if (git) {
        SecretScan.Reach reach =
            unreachable ? SecretScan.Reach.EVERYTHING : SecretScan.Reach.REFERENCES;
        scan.filesAndHistories(root, reach);
      } else {
        scan.files(root);
      }
    }
  }
}
