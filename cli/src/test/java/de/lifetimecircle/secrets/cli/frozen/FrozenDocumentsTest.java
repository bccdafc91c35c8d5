package de.lifetimecircle.secrets.cli.frozen;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.audit.AlertFolder;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.EnvironmentDocument;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import de.lifetimecircle.secrets.operations.status.Checklist;
import de.lifetimecircle.secrets.operations.status.ChecklistFix;
import de.lifetimecircle.secrets.operations.status.ChecklistItem;
import de.lifetimecircle.secrets.operations.status.ChecklistPoint;
import de.lifetimecircle.secrets.operations.status.StatusPage;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents of the example's service, on each backend and in each language. */
public class FrozenDocumentsTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 8, 20);
  private static final List<String> BACKENDS = FrozenService.BACKENDS;
  private static final Map<String, String> NAMES =
      Map.of(
          "aws", "AWS Secrets Manager",
          "azure", "Azure Key Vault",
          "vault", "HashiCorp Vault / OpenBao",
          "gpg", "encrypted files (OpenPGP)");

  private static final CiSystem.Archive ARCHIVE =
      new CiSystem.Archive(
          "https://downloads.lifetimecircle.test/secrets.tar.gz", "0123456789abcdef".repeat(4));

  @TempDir(factory = FolderInMemory.class)
  Path folder;

  private final Map<String, String> seen = new TreeMap<>();

  static Stream<Arguments> inEachLanguage() {
    return BACKENDS.stream()
        .flatMap(backend -> Stream.of(Language.values()).map(each -> Arguments.of(backend, each)));
  }

  private FrozenTexts texts(String name) {
    return new FrozenTexts(name).placeholder(folder.toString(), "@folder@");
  }

  /** The files that have no language. */
  @ParameterizedTest
  @FieldSource("BACKENDS")
  void filesOf(String backend) {
    FrozenTexts texts = texts("files-" + backend);
    FrozenService service = new FrozenService(folder, backend).fill();
    Inventory inventory = service.site().inventory();
    List<AccessPolicy.Audience> all = List.of(AccessPolicy.Audience.values());
    for (PolicyFolder.Platform platform : PolicyFolder.Platform.values()) {
      for (String repository : List.of("", "acme/ltc")) {
        texts.addAll(
            "policies " + platform.word() + (repository.isEmpty() ? "" : " with a repository"),
            changed(
                PolicyFolder.files(
                    inventory, "", all, backend, new PolicyFolder.Users(repository, platform))));
      }
    }
    if (AlertDefinitions.BACKENDS.contains(backend)) {
      texts.addAll("alerts", AlertFolder.files(inventory, "", backend, TODAY));
    }
    if (CiSystem.BACKENDS.contains(backend)) {
      for (String file : List.of(Inventory.FILE, "services/ltc/secrets.yaml")) {
        texts.add("ci/github " + file, CiSystem.GITHUB.text(inventory, "", file, backend, ARCHIVE));
        texts.add("ci/gitlab " + file, CiSystem.GITLAB.text(inventory, "", file, backend, ARCHIVE));
      }
    }
    texts.check();
  }

  /** The files that differ from those of the same name before. */
  private Map<String, String> changed(Map<String, String> files) {
    Map<String, String> fresh = new TreeMap<>(files);
    fresh
        .entrySet()
        .removeIf(file -> file.getValue().equals(seen.put(file.getKey(), file.getValue())));
    return fresh;
  }

  @ParameterizedTest
  @MethodSource("inEachLanguage")
  void documentsOf(String backend, Language language) {
    FrozenTexts texts = texts("documents-" + backend + "-" + language.code());
    FrozenService service = new FrozenService(folder, backend);
    InventoryLocation site = service.site();
    try (SecretProvider provider = service.provider()) {
      texts.add("checklist at the beginning", checklist(site, provider, language));
      texts.add(
          "handover-devops at the beginning",
          Handover.text(site, StoreSnapshot.of(site, provider), Handover.To.DEVOPS, language));
      texts.add(
          "runbook at the beginning",
          Runbook.text(site, StoreSnapshot.of(site, provider), language));
    }
    service.fill();
    try (SecretProvider provider = service.provider()) {
      texts.add("runbook", Runbook.text(site, StoreSnapshot.of(site, provider), language));
      for (Handover.To to : Handover.To.values()) {
        texts.add(
            to.record(),
            Handover.dated(site, StoreSnapshot.of(site, provider), to, language, TODAY));
        texts.add(
            to.record() + " without dates",
            Handover.text(site, StoreSnapshot.of(site, provider), to, language));
        PolicyFolder.Users users = new PolicyFolder.Users("acme/ltc", PolicyFolder.Platform.EC2);
        texts.add(
            to.record() + " as a folder",
            digests(
                Handover.files(
                    site, StoreSnapshot.of(site, provider), to, language, TODAY, users)));
      }
      for (EnvironmentDocument each : EnvironmentDocument.values()) {
        texts.add(
            "document " + each,
            each.text(site.inventory(), "", provider, () -> FrozenService.NOW, language));
      }
      texts.add(
          "fixed",
          new ChecklistFix(
                  site, StoreSnapshot.of(site, provider), () -> FrozenService.NOW, language)
              .run().stream()
                  .map(each -> each.file() + " " + each.outcome() + "\n")
                  .collect(Collectors.joining()));
      complete(service, provider);
      texts.add("checklist", checklist(site, provider, language));
      texts.add("status.html", page(site, provider, language));
    }
    texts.check();
  }

  private static String checklist(
      InventoryLocation site, SecretProvider provider, Language language) {
    Checklist checklist =
        new Checklist(site, StoreSnapshot.of(site, provider), () -> FrozenService.NOW, language);
    StringBuilder text = new StringBuilder();
    List<ChecklistItem> items = checklist.items();
    for (ChecklistItem item : items) {
      text.append(item.point().word() + " " + item.state() + ": " + item.title() + "\n");
      item.proof().forEach(each -> text.append("  proof: " + each + "\n"));
      item.missing().forEach(each -> text.append("  missing: " + each + "\n"));
      item.commands().forEach(each -> text.append("  command: " + each + "\n"));
    }
    return text.append(checklist.summary(items)).append('\n').toString();
  }

  private static String page(InventoryLocation site, SecretProvider provider, Language language) {
    return StatusPage.read(
            List.of(site), provider, () -> FrozenService.NOW, language, (done, all) -> {})
        .text();
  }

  /** Everything that only people can do; the schedule and the delivery to SRE are left out. */
  private void complete(FrozenService service, SecretProvider provider) {
    InventoryLocation site = service.site();
    service
        .write(
            "docs/SECRETS_PROD_DECISION.md",
            "<!-- secrets decision 1 backend="
                + service.backend
                + " status=accepted -->\n"
                + "# We go with: "
                + NAMES.get(service.backend)
                + "\n\nStatus: accepted.\n")
        .write("server/main.py", "LTC_SECRET_KEY, DATABASE_URL, ADMIN_API_TOKEN\n")
        .write(
            "docs/post-mortems/2026-03-02-drill.md",
            "<!-- secrets post-mortem 1 environment=prod secret=LTC_SECRET_KEY kind=drill"
                + " day=2026-03-02 seconds=360 outcome=done -->\n");
    if (CiSystem.BACKENDS.contains(service.backend)) {
      service.write(
          ".github/workflows/deploy-prod.yml",
          CiSystem.GITHUB.text(site.inventory(), "", Inventory.FILE, service.backend, ARCHIVE));
    }
    Checklist checklist =
        new Checklist(
            site, StoreSnapshot.of(site, provider), () -> FrozenService.NOW, Language.ENGLISH);
    checklist.claim(ChecklistPoint.POLICIES, "Anna");
    checklist.claim(ChecklistPoint.SERVICE, "Bert <b>");
  }

  private static String digests(Map<String, String> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (name, content) ->
            text.append(ClaimLog.digest(content)).append("  ").append(name).append('\n'));
    return text.toString();
  }
}
