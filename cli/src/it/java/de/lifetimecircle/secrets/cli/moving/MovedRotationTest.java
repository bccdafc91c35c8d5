package de.lifetimecircle.secrets.cli.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A secret is moved to another backend in the middle of its rotation, and is exposed there: the
 * migration says so before it copies, and where it was copied all the same, an emergency on the new
 * store passes the old journal by and leaves nothing valid that was valid before.
 */
class MovedRotationTest {
  private static final String FIRST = "0123456789abcdef".repeat(4);
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks:
        test: [sh, -c, "exit $(cat code)"]
        deploy: {none: it reads the store}
        invalidate-sessions: {none: there are none}
      secrets:
        %s:
          description: signs
          generator: hex 32
          rotation: {every: 3 months, grace: 24 hours}
      """;

  /** Where a rotation is when its secret is moved. */
  enum Phase {
    PENDING,
    GRACE,
    RETIRED
  }

  @TempDir static Path shared;
  private static final Map<String, Backend> BACKENDS = new LinkedHashMap<>();

  @TempDir Path folder;
  private String inventory = "";
  private String name = "";
  private FakeTerminal terminal = new FakeTerminal();

  @BeforeAll
  static void start() throws IOException {
    for (String scheme : List.of("gpg", "aws", "vault")) {
      Backend backend = Backend.start(scheme, shared.resolve(scheme));
      BACKENDS.put(scheme, backend);
      Files.writeString(file(scheme), Backend.properties(backend.settings()));
    }
  }

  private static Map<String, String> environment(String scheme) {
    Backend backend = BACKENDS.get(scheme);
    return backend == null ? Map.of() : backend.environment();
  }

  private static Path file(String scheme) {
    return shared.resolve(scheme + ".properties");
  }

  @AfterAll
  static void stop() {
    BACKENDS.values().forEach(Backend::close);
  }

  private int run(String scheme, String input, String... args) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    return new CommandLineRun(terminal, environment(scheme)).run(args);
  }

  private void succeed(String scheme, String input, String... args) {
    int code = run(scheme, input, args);
    assertThat(code).as(terminal.outText() + terminal.errText()).isZero();
  }

  private Set<String> valid(String scheme) {
    Set<String> values = new HashSet<>();
    try (SecretProvider provider =
        SecretProvider.builder().environment(environment(scheme)).build()) {
      for (Secret secret : provider.validVersions("prod/" + name)) {
        values.add(secret.asString());
      }
    }
    return values;
  }

  /** Brings a rotation there; afterwards its journal is in the folder, but for a retired one. */
  private void rotate(String scheme, Phase phase) throws IOException {
    Files.writeString(folder.resolve("code"), phase == Phase.PENDING ? "1" : "0");
    int code = run(scheme, "", "rotate", name, "--inventory", inventory, "--by", "anna");
    assertThat(code)
        .as(terminal.errText())
        .isEqualTo(phase == Phase.PENDING ? ExitCode.STOPPED.code() : 0);
    if (phase == Phase.RETIRED) {
      succeed(scheme, "", "rotate", "retire", name, "--inventory", inventory);
    }
    Files.writeString(folder.resolve("code"), "0");
  }

  private int migrate(String from, String to, String... more) {
    List<String> line = new ArrayList<>(List.of("migrate", file(from).toString()));
    line.addAll(List.of(file(to).toString(), "prod/" + name));
    line.addAll(List.of("--journal", folder.resolve("moved.journal").toString()));
    line.addAll(List.of(more));
    return run("", "", line.toArray(new String[0]));
  }

  @ParameterizedTest
  @CsvSource({
    "gpg, vault, PENDING", "gpg, vault, GRACE", "gpg, vault, RETIRED",
    "gpg, aws, PENDING", "gpg, aws, GRACE", "gpg, aws, RETIRED",
    "vault, gpg, PENDING", "vault, gpg, GRACE", "vault, gpg, RETIRED",
    "aws, gpg, PENDING", "aws, gpg, GRACE", "aws, gpg, RETIRED",
  })
  void nothingOldIsValidInTheStoreItMovedTo(String from, String to, Phase phase) throws Exception {
    name = String.join("-", from, to, phase.name());
    inventory =
        Files.writeString(folder.resolve("secrets.yaml"), INVENTORY.replace("%s", name)).toString();
    succeed(from, FIRST, "put", "prod/" + name);
    rotate(from, phase);
    String journals = folder.resolve("secrets-rotations").toString();

    int planned = migrate(from, to, "--dry-run", "--rotations", journals);
    if (phase == Phase.RETIRED) {
      assertThat(planned).as(terminal.outText()).isZero();
    } else {
      assertThat(planned).isEqualTo(ExitCode.FOUND.code());
      assertThat(terminal.outText())
          .contains("PROBLEM  'prod/" + name + "': a rotation that anna began on " + from)
          .containsPattern("'secrets rotate (resume|rollback|abandon|retire) " + name + " --")
          .contains(phase == Phase.GRACE ? "waits for the end of its grace" : "is not finished");
    }
    moveWithoutJournals(from, to, phase);
    int again = migrate(from, to, "--dry-run", "--rotations", journals);
    assertThat(again == ExitCode.FOUND.code())
        .as("also where both have it")
        .isEqualTo(phase != Phase.RETIRED);
    Set<String> before = new HashSet<>(valid(from));
    if (phase == Phase.RETIRED) {
      assertThat(valid(to)).as("what was retired is not valid again").isEqualTo(before);
    }
    before.addAll(valid(to));
    before.add(FIRST);

    CliProcess process = CliProcess.in(folder);
    process.environment.putAll(environment(to));
    CliProcess.Result done = process.secrets("", "emergency", name, "--yes", "--by", "bert");
    assertThat(done.code()).as(done.text()).isZero();
    assertThat(done.lastLine()).startsWith("Done after");
    if (phase != Phase.RETIRED) {
      assertThat(done.text()).contains("a rotation that anna began on " + from + " is ignored");
    }
    assertThat(valid(to)).isNotEmpty().doesNotContainAnyElementsOf(before);
    assertThat(folder.resolve("secrets-rotations"))
        .isDirectoryNotContaining("glob:**.rotation.json");
  }

  /** As somebody does who does not name the journals, or has moved it with an older version. */
  private void moveWithoutJournals(String from, String to, Phase phase) {
    int code = migrate(from, to);
    if (phase == Phase.PENDING) {
      assertThat(code).as("the pending value tells").isEqualTo(ExitCode.FOUND.code());
      assertThat(terminal.outText()).contains("PROBLEM  ").contains(" is pending");
      code = migrate(from, to, "--force");
      assertThat(terminal.errText()).contains("its rotation stays open");
    }
    assertThat(code).as(terminal.outText() + terminal.errText()).isZero();
  }

  /** The first pass copied the value while it was valid. */
  @ParameterizedTest
  @CsvSource({"gpg, vault", "gpg, aws", "vault, gpg", "aws, gpg", "vault, aws"})
  void whatIsRetiredBetweenTwoPassesIsNotValidInTheStoreItMovedTo(String from, String to)
      throws Exception {
    name = String.join("-", from, to, "twice");
    inventory =
        Files.writeString(folder.resolve("secrets.yaml"), INVENTORY.replace("%s", name)).toString();
    succeed(from, FIRST, "put", "prod/" + name);
    assertThat(migrate(from, to)).as(terminal.errText()).isZero();
    rotate(from, Phase.RETIRED);
    assertThat(migrate(from, to)).as(terminal.outText() + terminal.errText()).isZero();
    assertThat(terminal.outText()).contains("RETIRED  prod/" + name);
    assertThat(valid(to)).isEqualTo(valid(from)).doesNotContain(FIRST);
    assertThat(migrate(from, to)).as("a third one has nothing to do").isZero();
    assertThat(terminal.outText()).doesNotContain("RETIRED").contains("SAME");
    assertThat(migrate(from, to, "--rollback", "--yes")).as(terminal.outText()).isZero();
    assertThat(terminal.outText()).contains("REMOVED  prod/" + name);
  }
}
