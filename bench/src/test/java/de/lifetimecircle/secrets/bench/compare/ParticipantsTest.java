package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParticipantsTest {
  @TempDir private Path folder;

  @Test
  void unknownBackendIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> participants(Map.of(), "--backend", "valt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--backend: valt (expected: one of aws, aws-ministack, aws-moto, azure, gpg, vault;"
                + " did you mean 'vault'?)");
  }

  @Test
  void settingOfNoBackendIsRefused() throws IOException {
    Path file = folder.resolve("plain.properties");
    Files.writeString(file, "plain.folder = somewhere\n");
    assertThatThrownBy(() -> participants(Map.of(), "--config", file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--config: plain.folder (expected: a setting of a backend that a jar brings: there is"
                + " none)");
  }

  @Test
  void jarWithoutABackendIsRefused() throws IOException {
    Path jar = folder.resolve("other.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("nothing"));
    }
    assertThatThrownBy(() -> participants(Map.of(), "--jar", jar.toString()))
        .hasMessageStartingWith("--jar: no backend in it");
  }

  @Test
  void jarWithABrokenBackendIsRefused() throws IOException {
    Path jar = folder.resolve("other.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(
          new ZipEntry("META-INF/services/de.lifetimecircle.secrets.spi.SecretStoreFactory"));
      zip.write("no.such.Factory\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThatThrownBy(() -> participants(Map.of(), "--jar", jar.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no backend can be loaded from it");
  }

  @Test
  void startsOnlyWhatIsAskedFor() {
    try (Participants participants = participants(Map.of(), "--backend", "azure", "--rtt", "0,2")) {
      participants.start();
      assertThat(participants.failures()).isEmpty();
      assertThat(participants.subjects()).hasSize(1);
      ParticipantAccess azure = participants.subjects().get(0);
      assertThat(azure.participant().realness()).isEqualTo(Realness.EMULATED);
      assertThat(participants.ports(azure)).containsOnlyKeys(0.0, 2.0);
      assertThat(azure.toString()).isEqualTo("Subject[azure]");
    }
  }

  @Test
  void serverThatTheEnvironmentNamesIsTakenAsItIs() {
    Map<String, String> environment =
        Map.of(
            "SECRETS_TEST_VAULT_ADDR", "https://inside:it@vault.example",
            "SECRETS_TEST_VAULT_TOKEN", "made-up",
            "SECRETS_TEST_AWS_REGION", "eu-central-1");
    try (Participants participants =
        participants(environment, "--backend", "vault", "--backend", "aws")) {
      participants.start();
      assertThat(participants.subjects())
          .extracting(subject -> subject.participant().realness())
          .containsExactly(Realness.NAMED, Realness.NAMED);
      assertThat(participants.subjects())
          .extracting(ParticipantAccess::name)
          .containsExactlyInAnyOrder("vault", "aws");
      assertThat(participants.named())
          .containsEntry("aws", "{aws.region=eu-central-1}")
          .containsEntry("vault", "{vault.address=https://vault.example}");
      // Nothing comes between: there is no distance but its own.
      assertThat(participants.subjects())
          .allSatisfy(subject -> assertThat(participants.ports(subject)).containsOnlyKeys(0.0));
    }
  }

  @Test
  void oneThatFailsIsASentenceAndTheOthersStay() {
    try (Participants participants = participants(Map.of(), "--backend", "gpg")) {
      participants.start();
      participants.fail("gpg", "its folder cannot be written");
      assertThat(participants.subjects()).isEmpty();
      assertThat(participants.failures())
          .containsExactly(ResultText.of("cannot", "gpg", "its folder cannot be written"));
    }
  }

  private Participants participants(Map<String, String> environment, String... args) {
    CompareRequest request = CompareRequest.of(List.of(args), environment);
    return new Participants(request, "compare-test/", folder.resolve("servers"), environment);
  }
}
