package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.Check;
import de.lifetimecircle.secrets.operations.Finding;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.handover.Site;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares the store with the inventory. */
@Command(
    name = "check",
    description = {
      "Say whether the store is as the inventory says: all there, valid, not too old, templates in"
          + " agreement with their parts, nothing unknown, and the runbook up to date.",
      "Ends with 9 where it is not."
    })
final class CheckCommand implements Callable<Integer> {
  private final Session session;

  CheckCommand(Session session) {
    this.session = session;
  }

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    Site site = inventory.site();
    List<Finding> findings;
    try (SecretProvider provider = session.openStore()) {
      Check check =
          new Check(site.inventory(), inventory.environment, provider, InstantSource.system());
      findings = new ArrayList<>(check.findings());
      findings.addAll(Runbook.findings(site, provider));
    }
    boolean wrong = findings.stream().anyMatch(f -> f.status() == Finding.Status.FAIL);
    ExitCode exitCode = wrong ? ExitCode.FOUND : ExitCode.OK;
    if (session.json) {
      session.output().document(document(findings, exitCode));
    } else {
      findings.forEach(this::print);
    }
    return exitCode.code();
  }

  private void print(Finding finding) {
    String status = Output.padded(finding.status().name(), 6);
    session.output().line(status + finding.name() + ": " + finding.detail());
  }

  private static Map<String, Object> document(List<Finding> findings, ExitCode exitCode) {
    List<Object> documents = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, String> document = new LinkedHashMap<>();
      document.put("status", finding.status().name().toLowerCase(Locale.ROOT));
      document.put("name", finding.name());
      document.put("detail", finding.detail());
      documents.add(document);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("exitCode", exitCode.code());
    document.put("findings", documents);
    return document;
  }
}
