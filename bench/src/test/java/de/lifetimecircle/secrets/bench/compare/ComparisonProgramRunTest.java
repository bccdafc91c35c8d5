package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a server that the environment names, which end before anything is measured. */
final class ComparisonProgramRunTest {
  /** What the names of the interrupted run begin with. */
  private static final String LEFT = "compare1/";

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @TempDir private Path folder;
  private Path file = Path.of("unset");
  private Optional<ComparisonJournal> whileWriting = Optional.empty();

  @BeforeEach
  void place() {
    file = folder.resolve("compare.json");
  }

  /** The times of our test server are not those of a vault that somebody names meanwhile. */
  @Test
  void runOnAServerThatIsNamedMeanwhileBeginsAnew() throws Exception {
    try (KeyVaultServer server = KeyVaultServer.builder().start();
        ComparisonProgramRun comparing = comparing(server)) {
      server.faults().deny(KeyVaultOperation.SET);
      WorkerProcesses.Found found = WorkerProcesses.Found.none();
      found.samples().add(SampleSet.of("cold-get", "ms").add(3).add(4));
      Participant ours =
          new Participant("azure", "azure", ResultText.of("server.own"), Realness.EMULATED);
      left(comparing.identity(), Map.of())
          .add(new ComparisonJournal.Entry("1/calls/azure", ours, 9, found));
      assertThat(comparing.go()).isFalse();
    }
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("arguments or servers: starts again.")
        .contains("Cannot measure azure: ");
    assertThat(ResultFile.read(file).measurements()).isEmpty();
  }

  /** A hundred names are written before anything is measured; one of them is refused. */
  @Test
  void preparationThatFailsLeavesNothingOnAServerThatIsNamed() throws Exception {
    try (KeyVaultServer server = KeyVaultServer.builder().start();
        Participants participants = participants(server);
        BackendClient client = client(participants);
        ComparisonProgramRun comparing = comparing(server)) {
      left(comparing.identity(), participants.named()); // so that the names are known
      server.faults().deny("compare1-sheld-ssecret--005", KeyVaultOperation.SET);
      assertThat(comparing.go()).isFalse();
      assertThat(told.toString(StandardCharsets.UTF_8))
          .contains("Resumes the interrupted run", "held/secret-005", "Taking secrets away: azure")
          .doesNotContain("Cannot take away");
      assertThat(client.provider().list("")).isEmpty();
      assertThat(participants.named().toString()).doesNotContain(server.clientSecret());
      for (Path left : files()) {
        assertThat(left)
            .content(StandardCharsets.ISO_8859_1)
            .doesNotContain(BackendClient.VALUE, server.clientSecret());
      }
    }
  }

  @Test
  void whatARunHasLeftThatNobodyGoesOnWithIsTakenAwayOrNamed() throws Exception {
    try (KeyVaultServer server = KeyVaultServer.builder().start();
        Participants participants = participants(server);
        BackendClient client = client(participants);
        ComparisonProgramRun comparing = comparing(server)) {
      var unused = client.put(LEFT + "held/secret-000");
      server.faults().deny(KeyVaultOperation.SET);
      Map<String, String> named = new LinkedHashMap<>(participants.named());
      named.put("vault", "{vault.address=https://vault.example}");
      left("another commit", named);
      assertThat(comparing.go()).isFalse();
      assertThat(told.toString(StandardCharsets.UTF_8))
          .contains("starts again.", "Taking secrets away: azure")
          .contains(
              "Secrets that begin with compare1/ may be left on vault"
                  + " {vault.address=https://vault.example}, which does not take part now: take it"
                  + " away there.");
      // A run that is killed from here on can be resumed as well.
      assertThat(whileWriting.orElseThrow().head().named()).isEqualTo(participants.named());
      assertThat(client.provider().list("")).isEmpty();
    }
  }

  /** The next run cannot know of it. */
  @Test
  void whatCannotBeTakenAwayIsNamed() throws Exception {
    try (KeyVaultServer server = KeyVaultServer.builder().start();
        Participants participants = participants(server);
        BackendClient client = client(participants);
        ComparisonProgramRun comparing = comparing(server)) {
      var unused = client.put(LEFT + "held/secret-000");
      server.faults().deny(KeyVaultOperation.SET);
      server.faults().deny(KeyVaultOperation.DELETE);
      left(comparing.identity(), participants.named());
      assertThat(comparing.go()).isFalse();
      assertThat(told.toString(StandardCharsets.UTF_8))
          .contains("  Cannot take away what begins with compare1/, clean: ");
    }
  }

  /** The journal of an interrupted run. */
  private ComparisonJournal left(String asked, Map<String, String> named) {
    return ComparisonJournal.begin(
        file, new ComparisonJournal.Head(asked, named, Instant.EPOCH, 3, LEFT, Map.of()));
  }

  private ComparisonProgramRun comparing(KeyVaultServer server) {
    PrintStream err =
        new PrintStream(told, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            whileWriting =
                line.startsWith("Writing secrets") ? ComparisonJournal.left(file) : whileWriting;
          }
        };
    return new ComparisonProgramRun(
        request(), Map.of("commit", "of the test"), environment(server), err);
  }

  private Participants participants(KeyVaultServer server) {
    Participants participants =
        new Participants(request(), LEFT, folder.resolve("servers"), environment(server));
    participants.start();
    return participants;
  }

  /** One that sees all names of the server. */
  private static BackendClient client(Participants participants) {
    return BackendClient.caching(participants.subjects().get(0).below(""));
  }

  private CompareRequest request() {
    String options = "--quick --seconds 10 --backend azure --rtt 0 --json " + file;
    return CompareRequest.of(List.of(options.split(" ", -1)), Map.of());
  }

  private Map<String, String> environment(KeyVaultServer server) {
    return Map.of(
        "SECRETS_TEST_AZURE_VAULT_URL", server.uri().toString(),
        "SECRETS_TEST_AZURE_AUTHORITY", server.authority().toString(),
        "SECRETS_TEST_AZURE_TENANT_ID", server.tenantId(),
        "SECRETS_TEST_AZURE_CLIENT_ID", server.clientId(),
        "SECRETS_TEST_AZURE_CLIENT_SECRET", server.clientSecret(),
        "SECRETS_TEST_AZURE_CACERT", server.certificates().writePem(folder).toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
