package de.lifetimecircle.secrets.operations.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakProbeExtension.class)
class HandoverTest {
  @TempDir Path folder;

  private static String text(HandoverCase service, Handover.To to, Language language) {
    try (SecretProvider provider = service.provider()) {
      return Handover.text(
          service.site(), StoreSnapshot.of(service.site(), provider), to, language);
    }
  }

  @Test
  void tellsWhoDeploysWhereAndWhatAndThatItIsReady(LeakProbe probe) throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill(probe.canary("value"));
    String text = text(service, Handover.To.DEVOPS, Language.ENGLISH);
    probe.look("message", text);
    assertThat(service.store.calls(FakeStore.Op.FETCH)).isZero();
    assertThat(text)
        .contains("The secrets are in AWS Secrets Manager (place memory).")
        .contains("The service reads:\n  - prod/LTC_SECRET_KEY: prod/LTC_SECRET_KEY\n")
        .contains("  - SECRETS_BACKEND=aws\n")
        .contains(
            "  - infra/secrets/prod/service.json: for the role"
                + " arn:aws:iam::123456789012:role/lifetimecircle\n")
        .contains("LTC_SECRET_KEY_LOCAL for LTC_SECRET_KEY")
        .contains("Emergency contact: security@lifetimecircle.example\n")
        .endsWith(
            "\nNOT ready for deployment:\n"
                + "  - missing in the repository: docs/SECRETS_PROD_DECISION.md,"
                + " infra/secrets/prod/service.json, infra/secrets/prod/ci.json,"
                + " infra/secrets/prod/rotator.json, .github/workflows/deploy-prod.yml\n"
                + "  - still values of the example in the inventory: contact, prod.aws.account,"
                + " prod.aws.kms-key, audit.principals, hooks\n");
  }

  @Test
  void isReadyWithItsFilesAndWithoutValuesOfTheExample() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.makeReady();
    assertThat(text(service, Handover.To.DEVOPS, Language.ENGLISH))
        .endsWith("\nReady for deployment.\n");
    record(service, Handover.To.DEVOPS);
    assertThat(ClaimLog.of(service.site()).last("handover-devops")).isPresent();
  }

  /** The checklist offers these two claims, and its last point needs the message. */
  @Test
  void claimsReplaceADecisionAndAWorkflowThatAreKeptElsewhere() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.makeReady();
    Files.delete(folder.resolve("docs/SECRETS_PROD_DECISION.md"));
    Files.delete(folder.resolve(".github/workflows/deploy-prod.yml"));
    claim(service, "decision", "aws");
    claim(service, "workflow", "vault");
    assertThat(text(service, Handover.To.DEVOPS, Language.ENGLISH))
        .contains("Workflow of the deployment: .github/workflows/deploy-prod.yml\n")
        .endsWith("  - missing in the repository: .github/workflows/deploy-prod.yml\n");
    claim(service, "workflow", "aws");
    assertThat(text(service, Handover.To.DEVOPS, Language.ENGLISH))
        .doesNotContain("Workflow of the deployment")
        .endsWith("\nReady for deployment.\n");
    record(service, Handover.To.DEVOPS);
  }

  private static void claim(HandoverCase service, String what, String backend) {
    ClaimLog.of(service.site())
        .add(new ClaimLog.Entry(HandoverCase.MADE, "Anna", what, ClaimLog.digest(backend)));
  }

  /** Policies of files cannot keep a recipient from one secret. */
  @Test
  void doesNotCallTheCommandsForFilesPolicies() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill("x");
    try (SecretProvider provider = service.provider("gpg")) {
      StoreSnapshot store = StoreSnapshot.of(service.site(), provider);
      assertThat(Handover.text(service.site(), store, Handover.To.DEVOPS, Language.ENGLISH))
          .contains("the recipients, who can read every secret (in infra/secrets/prod):")
          .doesNotContain("Least-privilege");
    }
  }

  /** The service would ask, with the policies of one account, for the secrets of another. */
  @Test
  void isNotReadyIfTheInventoryNamesAnotherStore() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.makeReady();
    service.store.fact("arn", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:x-AbCdEf");
    assertThat(text(service, Handover.To.DEVOPS, Language.GERMAN))
        .contains(
            "NICHT bereit f\u00fcr das Deployment:\n  - das Inventar nennt einen anderen Speicher:"
                + " environments.prod.aws.region ist eu-central-1, der Speicher aber eu-west-1\n");
    assertThatThrownBy(() -> record(service, Handover.To.DEVOPS))
        .hasMessageContaining("names another store: environments.prod.aws.region is eu-central-1");
  }

  private static void record(HandoverCase service, Handover.To to) {
    try (SecretProvider provider = service.provider()) {
      Handover.record(
          service.site(),
          StoreSnapshot.of(service.site(), provider),
          to,
          "Anna",
          () -> HandoverCase.MADE);
    }
  }

  /** A record of it would tick the checklist's last point. */
  @Test
  void messageThatSaysNotReadyIsNotRecordedAsDelivered() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill("x");
    service.store.delete("prod/DB_HOST");
    assertThatThrownBy(() -> record(service, Handover.To.DEVOPS))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("not ready: missing in the store: prod/DB_HOST; missing in the")
        .hasMessageContaining("still values of the example")
        .hasMessageContaining("'secrets status --inventory " + folder.resolve("secrets.yaml"));
    assertThat(ClaimLog.of(service.site()).all()).isEmpty();
    record(service, Handover.To.SRE);
    assertThat(ClaimLog.of(service.site()).all()).hasSize(1);
  }

  @Test
  void isNotReadyWhileSomethingIsMissing() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill("x");
    service.store.delete("prod/DB_HOST");
    assertThat(text(service, Handover.To.DEVOPS, Language.GERMAN))
        .contains("NICHT bereit für das Deployment:\n  - im Speicher fehlt: prod/DB_HOST\n");
  }

  @Test
  void tellsWhoWatchesWhatToWatchAndExpect() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill("x");
    assertThat(text(service, Handover.To.SRE, Language.ENGLISH))
        .contains("in CloudTrail:\n  - prod/LTC_SECRET_KEY")
        .contains(
            "prod/LTC_SECRET_KEY: every 3 months, on 1 March, 1 June, 1 September, 1 December; the"
                + " old value can be brought back for 24 hours")
        .contains("'secrets alerts --backend aws' writes the definitions")
        .contains("within 30 minutes: 'secrets emergency NAME'");
  }

  /** A person reads the dates; the record of the delivery must outlive the next rotation. */
  @Test
  void theMessageForAPersonHasItsDateAndTheNextRotations() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.write(
        InventoryText.example()
            .replace(
                "contact: security@lifetimecircle.example",
                "contact: {phone: \"+49 30 1234567\", chat: \"#incidents\", mail: a@b.test}"));
    service.fill("x");
    try (SecretProvider provider = service.provider()) {
      LocalDate today = LocalDate.of(2026, 3, 2);
      String sre =
          Handover.dated(
              service.site(),
              StoreSnapshot.of(service.site(), provider),
              Handover.To.SRE,
              Language.ENGLISH,
              today);
      assertThat(sre)
          .contains("hand-over to SRE\nDate: 2 March 2026\n")
          .contains("brought back for 24 hours; next on 1 June 2026\n")
          .contains("Emergency contact: phone +49 30 1234567, chat #incidents, mail a@b.test\n");
      assertThat(text(service, Handover.To.SRE, Language.ENGLISH))
          .doesNotContain("Date:")
          .doesNotContain("next on");
      assertThat(
              Handover.dated(
                  service.site(),
                  StoreSnapshot.of(service.site(), provider),
                  Handover.To.DEVOPS,
                  Language.GERMAN,
                  today))
          .contains("\nDatum: 2. März 2026\n")
          .contains("/ci.json: für die Rolle arn:aws:iam::123456789012:role/lifetimecircle-ci\n");
    }
  }

  @Test
  void theFolderHasWhatItsRecipientApplies(LeakProbe probe) throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill(probe.canary("value"));
    try (SecretProvider provider = service.provider()) {
      for (Handover.To to : Handover.To.values()) {
        Map<String, String> files =
            Handover.files(
                service.site(),
                StoreSnapshot.of(service.site(), provider),
                to,
                Language.ENGLISH,
                LocalDate.of(2026, 3, 2),
                new PolicyFolder.Users("", PolicyFolder.Platform.EC2));
        probe.look(to.word(), files).assertClean();
        if (to == Handover.To.DEVOPS) {
          assertThat(files).containsKeys("message.txt", "policies/attach.sh", "policies/ci.json");
        } else {
          assertThat(files)
              .containsOnlyKeys(
                  "message.txt",
                  "runbook.md",
                  "alerts/cloudformation.json",
                  "alerts/attach.sh",
                  "alerts/README.md");
        }
      }
    }
  }

  @Test
  void staysTrueThroughRotations() throws IOException {
    HandoverCase service = new HandoverCase(folder);
    service.fill("x");
    String devops = text(service, Handover.To.DEVOPS, Language.GERMAN);
    String sre = text(service, Handover.To.SRE, Language.GERMAN);
    service.fill("y");
    assertThat(text(service, Handover.To.DEVOPS, Language.GERMAN)).isEqualTo(devops);
    assertThat(text(service, Handover.To.SRE, Language.GERMAN)).isEqualTo(sre);
  }
}
