package de.lifetimecircle.secrets.operations.check;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in a folder: its hooks, its timer and its policies. */
class RepositoryCheckTest {
  @TempDir Path folder;

  @BeforeEach
  void begin() {
    // curl and psql are not on every machine that runs this test.
    write("secrets.yaml", InventoryText.example().replace("[curl, ", "[\"true\", "));
    ExampleHooks.write(folder.resolve("hooks"));
  }

  private void write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  private List<String> findings() {
    return new RepositoryCheck(site(), "aws")
        .findings().stream().map(f -> f.status() + " " + f.subject() + ": " + f.detail()).toList();
  }

  private void writePolicies() {
    for (AccessPolicy.Audience who : GeneratedFile.audiences(site())) {
      write(
          GeneratedFile.policy(site(), "aws", who).place(),
          AccessPolicy.text(site().inventory(), "", who, "aws"));
    }
  }

  private void claimATimer(String scheme) {
    ClaimLog.of(site())
        .add(
            new ClaimLog.Entry(
                Instant.parse("2026-03-01T00:00:00Z"),
                "Anna",
                "rotation",
                ClaimLog.digest(scheme)));
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Files.delete(folder.resolve("hooks/postgresql"));
    assertThat(findings())
        .containsExactly(
            "FAIL ./hooks/postgresql (hook): there is no such file; it is the hook apply of"
                + " DB_ADMIN_PW and 2 others",
            "WARN "
                + folder.resolve("secrets.yaml")
                + " (rotation): no workflow runs 'rotate due' by the clock, and no team member claims"
                + " that a timer does; the command schedule writes one",
            "WARN infra/secrets/prod: not written yet: infra/secrets/prod/service.json,"
                + " infra/secrets/prod/ci.json, infra/secrets/prod/rotator.json");
  }

  @Test
  void namesEachScriptOfAnInterpreterThatIsMissing() throws IOException {
    write("there.sh", "");
    write("secrets.yaml", replaced("[./hooks/ecs-deploy, ", "[sh, ./there.sh, "));
    write("secrets.yaml", replaced("[\"true\", --fail", "[sh, ./gone.sh, --fail"));
    assertThat(findings())
        .anyMatch(f -> f.startsWith("WARN sh (hook): its script does not exist: ./gone.sh"));
  }

  @Test
  void namesAProgramThatThisMachineLacks() throws IOException {
    write("secrets.yaml", replaced("[\"true\", --fail", "[hook-that-nobody-has, --fail"));
    assertThat(findings())
        .anyMatch(f -> f.startsWith("WARN hook-that-nobody-has (hook): no program of that name"));
  }

  @Test
  void namesSecretsThatNothingRotates() throws IOException {
    write(
        "secrets.yaml",
        replaced(
            "  ADMIN_API_TOKEN:",
            "  FORGOTTEN: {description: x, generator: hex 32}\n  ADMIN_API_TOKEN:"));
    assertThat(findings())
        .anyMatch(f -> f.endsWith(" (rotation): no rotation is planned for FORGOTTEN"));
  }

  @Test
  void aTimerIsAWorkflowOrAClaimAboutThisBackend() {
    writePolicies();
    assertThat(findings()).singleElement().asString().contains("by the clock");
    claimATimer("vault");
    assertThat(findings()).singleElement().asString().contains("by the clock");
    claimATimer("aws");
    assertThat(findings()).isEmpty();
  }

  @Test
  void aWorkflowThatRunsTheRotationsIsATimer() {
    writePolicies();
    write(
        ".github/workflows/rotate.yml",
        "on:\n  schedule:\n    - cron: \"17 3 * * *\"\njobs:\n  a:\n    run: secrets rotate due\n");
    assertThat(findings()).isEmpty();
  }

  @Test
  void aPolicyThatTheInventoryNoLongerAsksForIsStale() throws IOException {
    writePolicies();
    claimATimer("aws");
    String inventory = replaced("    readers: [service]", "    readers: [ci]");
    write("secrets.yaml", inventory);
    assertThat(findings())
        .hasSize(2)
        .allSatisfy(
            f -> assertThat(f).startsWith("FAIL infra/secrets/prod/").contains("out of date"))
        .anyMatch(f -> f.contains("/service.json") && f.contains(" policy --for service"))
        .anyMatch(f -> f.contains("/ci.json"));
    writePolicies();
    assertThat(findings()).isEmpty();
  }

  @Test
  void aBackendWithoutPoliciesHasNoneToCompare() {
    assertThat(new RepositoryCheck(site(), "other").findings())
        .extracting(CheckFinding::name)
        .noneMatch(name -> name.startsWith("infra"));
  }

  /** Returns the inventory with a change that must find its place. */
  private String replaced(String before, String after) throws IOException {
    String text = Files.readString(folder.resolve("secrets.yaml"));
    assertThat(text).contains(before);
    return text.replaceFirst(Pattern.quote(before), Matcher.quoteReplacement(after));
  }
}
