package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.audit.AlertFolder;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a folder to hand over: the message, and the files that its recipient has to apply. DevOps
 * gets the policies, SRE the alerts and the runbook; no file has a value. Blocks for the backend;
 * stateless.
 */
public final class HandoverFolder {
  private HandoverFolder() {}

  /**
   * Returns the files by name.
   *
   * @param today the day of the message
   * @param users the users of the roles, for DevOps
   * @throws de.lifetimecircle.secrets.SecretException as {@link Handover#text}, {@link
   *     PolicyFolder#files} and {@link AlertFolder#files}
   */
  public static Map<String, String> files(
      InventoryLocation site,
      StoreSnapshot store,
      Handover.To to,
      Language language,
      LocalDate today,
      PolicyFolder.Users users) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("message.txt", Handover.dated(site, store, to, language, today));
    String environment = site.environment().name();
    String scheme = store.scheme();
    if (to == Handover.To.DEVOPS && AccessPolicy.BACKENDS.contains(scheme)) {
      PolicyFolder.files(
              site.inventory(), environment, GeneratedFile.audiences(site), scheme, users)
          .forEach((name, text) -> files.put("policies/" + name, text));
    }
    if (to == Handover.To.SRE) {
      files.put("runbook.md", Runbook.text(site, store, language));
      if (AlertDefinitions.BACKENDS.contains(scheme)) {
        AlertFolder.files(site.inventory(), environment, scheme, today)
            .forEach((name, text) -> files.put("alerts/" + name, text));
      }
    }
    return files;
  }
}
