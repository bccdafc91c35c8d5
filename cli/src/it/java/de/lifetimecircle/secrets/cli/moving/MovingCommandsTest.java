package de.lifetimecircle.secrets.cli.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.VaultCalls;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves secrets round all four backends: files, a stand-in for AWS (the one that reads right after
 * a promotion), the Key Vault test server, a real OpenBao, and back to other files.
 */
class MovingCommandsTest {
  @TempDir static Path folder;
  private static final List<Backend> BACKENDS = new ArrayList<>();
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  private static VaultCalls bao;

  private final StringBuilder transcript = new StringBuilder();
  private FakeTerminal terminal = new FakeTerminal();

  @BeforeAll
  static void start() throws IOException {
    files("gpg");
    files("gpg2");
    files("gpg-other");
    startAws("aws", AwsServer.Program.MINISTACK);
    Backend azure = started(Backend.start("azure", folder.resolve("azure")));
    write("azure", azure, Map.of("timeout", "30s"));
    Backend vault = started(Backend.start("vault", folder.resolve("vault")));
    write("vault", vault, Map.of());
    bao = vault.server(OpenBaoServer.class).calls();
    bao.does("sys/mounts/other", Map.of("type", "kv", "options", Map.of("version", "2")));
    write("vault-other", vault, Map.of("vault.mount", "other"));
  }

  private static AwsServer startAws(String name, AwsServer.Program program) throws IOException {
    AwsServer aws = AwsServer.start(program, Files.createDirectory(folder.resolve(name)));
    write(name, started(Backend.of(aws)), Map.of());
    return aws;
  }

  private static Backend started(Backend backend) {
    BACKENDS.add(backend);
    return backend;
  }

  @AfterAll
  static void stop() {
    BACKENDS.forEach(Backend::close);
  }

  private static void files(String name) throws IOException {
    write(name, Backend.files(folder.resolve(name)), Map.of());
  }

  private static void write(String name, Backend backend, Map<String, String> more)
      throws IOException {
    Path file = folder.resolve(name + ".properties");
    Map<String, String> settings = backend.settings();
    settings.putAll(more);
    Files.writeString(file, Backend.properties(settings));
    FILES.put(name, file.toString());
  }

  private String run(int code, String input, String... args) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    // A store of its own in the environment, to show that the two files win over it.
    Map<String, String> environment = Map.of("SECRETS_BACKEND", "vault");
    assertThat(new CommandLineRun(terminal, environment).run(args))
        .as(String.join(" ", args) + ": " + terminal.outText() + terminal.errText())
        .isEqualTo(code);
    transcript.append(terminal.outText()).append(terminal.errText());
    return terminal.outText();
  }

  private void put(String store, String name, String value) {
    String scheme = store.replaceAll("[^a-z].*", "");
    run(0, value, "--config", FILES.get(store), "--backend", scheme, "put", name);
  }

  private String migrate(int code, String from, String to, String... more) {
    List<String> line = new ArrayList<>(List.of("migrate", FILES.get(from), FILES.get(to)));
    line.addAll(List.of(more));
    line.add("--journal");
    line.add(folder.resolve(from + "-" + to + ".journal").toString());
    return run(code, "", line.toArray(new String[0]));
  }

  private String compare(int code, String one, String other) {
    return run(code, "", "compare", FILES.get(one), FILES.get(other));
  }

  @Test
  void goesRoundAllBackendsAndBack() {
    try (LeakProbe probe = LeakProbe.start()) {
      for (int i = 1; i <= 3; i++) {
        put("gpg", "prod/KEY", probe.canary("key " + i));
      }
      put("gpg", "prod/client-secret", probe.canary("token"));
      List<String> ring = List.of("gpg", "aws", "azure", "vault", "gpg2");
      for (int i = 1; i < ring.size(); i++) {
        String from = ring.get(i - 1);
        String to = ring.get(i);
        compare(ExitCode.FOUND.code(), from, to);
        assertThat(migrate(0, from, to, "--dry-run")).contains("COPY     prod/KEY");
        assertThat(migrate(0, from, to)).contains("COPIED   prod/KEY").contains("SAME");
        assertThat(compare(0, from, to))
            .isEqualTo("SAME            prod/KEY\nSAME            prod/client-secret\n");
        assertThat(migrate(0, from, to))
            .isEqualTo("SAME            prod/KEY\nSAME            prod/client-secret\n");
      }
      assertThat(compare(0, "gpg", "gpg2")).doesNotContain("only in");
      put("gpg2", "prod/KEY", probe.canary("changed"));
      assertThat(compare(ExitCode.FOUND.code(), "gpg", "gpg2"))
          .contains("DIFFERS         prod/KEY: current, previous");
      replaceAndRollBack();
      rollBackAll(ring);
      run(ExitCode.USAGE.code(), "", "migrate", FILES.get("gpg"), FILES.get("gpg"));
      probe.look("transcript", transcript);
      for (String journal : List.of("gpg-aws", "aws-azure", "azure-vault", "vault-gpg2")) {
        probe.look("journal", read(folder.resolve(journal + ".journal")));
      }
      probe.assertClean();
    }
  }

  /** Everything has come from before, so the newer value goes back only if that is asked for. */
  private void replaceAndRollBack() {
    for (String to : List.of("vault", "azure", "aws")) {
      String journal = folder.resolve("back-" + to).toString();
      String[] line = {"migrate", FILES.get("gpg2"), FILES.get(to), "--journal", journal};
      run(ExitCode.FOUND.code(), "", line);
      assertThat(terminal.outText()).contains("PROBLEM  'prod/KEY'").contains("--replace");
      List<String> replacing = new ArrayList<>(List.of(line));
      replacing.add("--replace");
      run(0, "", replacing.toArray(new String[0]));
      compare(0, "gpg2", to);
      List<String> undoing = new ArrayList<>(List.of(line));
      undoing.addAll(List.of("--rollback", "--yes"));
      assertThat(run(0, "", undoing.toArray(new String[0]))).contains("PUT BACK prod/KEY");
      assertThat(compare(ExitCode.FOUND.code(), "gpg", to))
          .contains("DIFFERS         prod/KEY: previous")
          .contains("SAME            prod/client-secret");
    }
  }

  private void rollBackAll(List<String> ring) {
    for (int i = ring.size() - 1; i > 0; i--) {
      // The other migration has written a version of the key since.
      String text =
          migrate(ExitCode.FOUND.code(), ring.get(i - 1), ring.get(i), "--rollback", "--yes");
      assertThat(text).contains("REMOVED  prod/client-secret").contains("LEFT     prod/KEY");
      assertThat(terminal.errText())
          .contains("1 secret not rolled back")
          .contains("'secrets restore' brings it back");
    }
  }

  @Test
  void putsBackWhatTenVersionsHaveReplaced() throws IOException {
    put("vault-other", "deep/KEY", "theirs");
    for (int i = 1; i <= 10; i++) {
      put("gpg-other", "deep/KEY", "ours " + i);
    }
    String first = FILES.get("gpg-other");
    String second = FILES.get("vault-other");
    String journal = folder.resolve("deep.journal").toString();
    run(0, "", "migrate", first, second, "deep/KEY", "--replace", "--journal", journal);
    assertThat(terminal.errText()).contains("'deep/KEY': 2 older versions are left out");
    String[] elsewhere = {"migrate", first, FILES.get("vault"), "--journal", journal};
    run(ExitCode.CONFLICT.code(), "", elsewhere);
    assertThat(terminal.errText()).contains("its journal is of other stores");
    String[] undoing = {
      "migrate", first, colleagues(), "--rollback", "--yes", "--journal", journal
    };
    assertThat(run(0, "", undoing)).isEqualTo("PUT BACK deep/KEY: version 1\n");
    assertThat(run(0, "", "--config", second, "--backend", "vault", "get", "deep/KEY"))
        .isEqualTo("theirs");
  }

  /** The same place, reached with another login and over fewer connections. */
  private static String colleagues() throws IOException {
    Map<?, ?> login = bao.does("auth/token/create", Map.of()).auth();
    Path token = Files.writeString(folder.resolve("token"), "" + login.get("client_token"));
    Path file = folder.resolve("colleague.properties");
    String settings = Files.readString(Path.of(FILES.get("vault-other")));
    settings = settings.replaceAll("(?m)^vault[.]token=.*$", "");
    settings += "vault.token-file=" + token + "\nvault.max-connections=4\n";
    return Files.writeString(file, settings).toString();
  }

  @Test
  void aVersionThatWasDestroyedIsNotReplacedByTheOneBefore() {
    put("gpg-other", "prod/GONE", "retired");
    put("vault-other", "prod/GONE", "retired");
    put("vault-other", "prod/GONE", "current");
    bao.does("other/destroy/prod/GONE", Map.of("versions", List.of(2)));
    String first = FILES.get("vault-other");
    String second = FILES.get("gpg-other");
    assertThat(run(ExitCode.FOUND.code(), "", "compare", first, second, "prod/GONE"))
        .isEqualTo("UNREADABLE      prod/GONE: no current version in the first\n");
    String[] line = {"migrate", first, second, "prod/GONE", "--replace", "--dry-run"};
    assertThat(run(ExitCode.FOUND.code(), "", line))
        .isEqualTo("PROBLEM  'prod/GONE': no version is current in the source\n");
  }

  /** As Terraform makes one, apart from its value; moto then has no version, as AWS has none. */
  @Test
  void aSecretWithoutAnyVersionIsNotTheSame() throws IOException, InterruptedException {
    AwsServer aws = startAws("aws-other", AwsServer.Program.MOTO);
    String login =
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261125/eu-central-1"
            + "/secretsmanager/aws4_request, SignedHeaders=host, Signature=00";
    HttpRequest request =
        HttpRequest.newBuilder(aws.uri())
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "secretsmanager.CreateSecret")
            .header("Authorization", login)
            .POST(HttpRequest.BodyPublishers.ofString("{\"Name\": \"prod/UNSET\"}"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    put("gpg-other", "prod/UNSET", "value");
    String[] line = {"compare", FILES.get("gpg-other"), FILES.get("aws-other"), "prod/UNSET"};
    assertThat(run(ExitCode.FOUND.code(), "", line))
        .isEqualTo("UNREADABLE      prod/UNSET: no current version in the second\n");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
