package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that were not written for the agent, and another user of the machine. */
class OtherProgramsTest {
  @TempDir Path folder;

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int unused = process.waitFor();
    return text;
  }

  /** The environment of the seed's own program: one variable more makes it read from the agent. */
  private static void awsEnvironment(Map<String, String> environment, String endpoint) {
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", endpoint);
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_DEFAULT_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    environment.put("NO_PROXY", "127.0.0.1");
  }

  private RunningAgent withSecrets() throws IOException {
    RunningAgent agent =
        RunningAgent.start(
            folder,
            "token app sha256:"
                + AccessRules.digest(RunningAgent.TOKEN)
                + " APP_KEY BINARY ABSENT FAILING\nuser "
                + RunningAgent.OWN_USER
                + " APP_KEY BINARY ABSENT FAILING\n");
    agent
        .store
        .holding("APP_KEY", "{\"user\": \"a\", \"password\": \"b\\\"c\\u00e4\"}")
        .holding("HIDDEN", "not for this caller")
        .holding("FAILING", "held");
    agent.store.put(PutRequest.always("BINARY", SecretValue.of(new byte[] {(byte) 0xff, 0, 1})));
    agent.store.always(FakeStore.Op.FETCH, "FAILING", FakeStep.fail(Kind.UNAVAILABLE));
    return agent;
  }

  @Test
  void botoReadsByOneVariableWithATokenInThePathOrAsTheUser() throws Exception {
    Path python = LocalServer.find("moto/bin/python").orElse(null);
    assumeTrue(python != null, "boto3 is not installed; ./verify installs it");
    Path script = Files.createFile(folder.resolve("boto_reads.py"));
    try (var source = OtherProgramsTest.class.getResourceAsStream("/boto_reads.py")) {
      assertThat(source).isNotNull();
      Files.write(script, source.readAllBytes());
    }
    try (RunningAgent agent = withSecrets()) {
      for (String path : List.of("", "/t/" + RunningAgent.TOKEN)) {
        ProcessBuilder boto = new ProcessBuilder(String.valueOf(python), script.toString());
        awsEnvironment(boto.environment(), "http://127.0.0.1:" + agent.port() + path);
        assertThat(output(boto).lines())
            .containsExactly(
                "value b\"c\u00e4",
                "binary True",
                "by arn and version True ['AWSCURRENT']",
                "created True",
                "described ['AWSCURRENT']",
                "listed ['APP_KEY', 'BINARY', 'FAILING']",
                "versions 1",
                "batch ['APP_KEY'] ['AccessDeniedException', 'ResourceNotFoundException']",
                "absent ResourceNotFoundException 400",
                "hidden AccessDeniedException 400",
                "failing ServiceUnavailableException 503",
                "no version ResourceNotFoundException 400");
      }
    }
  }

  private static final String ASK =
      """
      import socket, sys
      if sys.argv[1] == "unix":
          s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[2])
      else:
          s = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
      for name in sys.argv[3:]:
          s.sendall(("GET /v1/secrets/%s HTTP/1.1\\r\\nHost: localhost\\r\\n"
                     "Secrets-Request: true\\r\\n\\r\\n" % name).encode())
          print(s.recv(4096).decode().split("\\r\\n")[0][9:12])
      """;

  @Test
  void anotherUserGetsOnlyWhatItsOwnRulesAllow() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(
        RunningAgent.OWN_USER.equals("root")
            && Files.exists(Path.of("/usr/bin/setpriv"))
            && Files.exists(python),
        "only root can ask as another user, by setpriv and Python");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    String rules = "user root APP_KEY OTHER\nuser nobody APP_KEY\n";
    try (RunningAgent agent = RunningAgent.start(folder, rules)) {
      agent.store.holding("APP_KEY", "app").holding("OTHER", "other");
      for (List<String> way :
          List.of(
              List.of("unix", agent.socket.toString()),
              List.of("tcp", String.valueOf(agent.port())))) {
        List<String> words =
            List.of(python.toString(), "-c", ASK, way.get(0), way.get(1), "APP_KEY", "OTHER");
        List<String> asNobody =
            new java.util.ArrayList<>(
                List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        asNobody.addAll(words);
        assertThat(output(new ProcessBuilder(words)).lines()).containsExactly("200", "200");
        assertThat(output(new ProcessBuilder(asNobody)).lines()).containsExactly("200", "403");
      }
      agent.writeRules("user root *\n");
      agent.agent.rules().reload();
    }
  }

  private static final String HOLD =
      """
      import socket, sys
      held = []
      for i in range(int(sys.argv[2])):
          s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
          s.sendall(b"GET /v1/secrets/SLOW HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
          held.append(s)
      held[-1].settimeout(30)
      print(held[-1].recv(4096).decode().split("\\r\\n")[0][9:12], flush=True)
      sys.stdin.read()
      """;

  private static String connections(RunningAgent agent) {
    return agent
        .get("/metrics")
        .text()
        .replaceFirst("(?s).*\nsecrets_agent_connections (\\d+)\\s.*", "$1");
  }

  private static Process greedy(Path python, RunningAgent agent) throws IOException {
    return new ProcessBuilder(
            "/usr/bin/setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--clear-groups",
            python.toString(),
            "-c",
            HOLD,
            agent.socket.toString(),
            "24")
        .redirectErrorStream(true)
        .start();
  }

  /** One user takes every connection that he can get and never lets go; another one still reads. */
  @Test
  void oneUserCannotTakeAllConnections() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(
        RunningAgent.OWN_USER.equals("root")
            && Files.exists(Path.of("/usr/bin/setpriv"))
            && Files.exists(python),
        "only root can ask as another user, by setpriv and Python");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    ServerLimits limits = RunningAgent.Adjustments.NONE.limits().withConnections(16);
    try (RunningAgent agent =
        RunningAgent.start(
            folder,
            "user root APP_KEY\nuser nobody SLOW\n",
            FakeStore.create(),
            RunningAgent.Adjustments.NONE
                .limits(limits)
                .provider(builder -> builder.set("timeout", "60s")))) {
      agent.store.holding("APP_KEY", "app").always(FakeStore.Op.FETCH, "SLOW", FakeStep.hang());
      Process greedy = greedy(python, agent);
      try (var said = greedy.inputReader(StandardCharsets.UTF_8)) {
        assertThat(said.readLine()).as("the last of 24, of which 8 are served").isEqualTo("503");
        // Those that were refused may count for a moment yet.
        for (int i = 0; i < 400 && !connections(agent).matches("[0-9]"); i++) {
          LockSupport.parkNanos(50_000_000);
        }
        assertThat(connections(agent)).as("at most 8 of his, and the one that asks").hasSize(1);
        for (int i = 0; i < 20; i++) {
          assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo("app");
        }
      } finally {
        greedy.destroyForcibly();
      }
    }
  }

  private static String verified(Path tool, Path unit) throws Exception {
    return output(new ProcessBuilder(tool.toString(), "verify", unit.toString()));
  }

  @Test
  void unitOfSystemdIsAccepted() throws Exception {
    Path tool = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.exists(tool), "systemd-analyze is not installed");
    Path unit = Path.of("../packaging/secrets-agent.service");
    // The program is installed by the package; here only its place in the file is checked.
    String text = Files.readString(unit);
    assertThat(text).contains("\nExecStart=/usr/bin/secrets agent ");
    Path copy =
        Files.writeString(
            folder.resolve("secrets-agent.service"),
            text.replace("ExecStart=/usr/bin/secrets agent", "ExecStart=/bin/true agent"));
    assertThat(verified(tool, copy)).isEmpty();
    for (List<String> mistake :
        List.of(
            List.of("ProtectSystem=strict", "ProtectSystem=strictly"),
            List.of("NoNewPrivileges=yes", "NoNewPrivilege=yes"),
            List.of("[Service]", "[Srvice]"))) {
      Path wrong =
          Files.writeString(
              folder.resolve("wrong.service"),
              Files.readString(copy).replace(mistake.get(0), mistake.get(1)));
      assertThat(verified(tool, wrong)).as(mistake.get(1)).isNotEmpty();
    }
  }
}
