package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.cli.frozen.FolderInMemory;
import de.lifetimecircle.secrets.cli.frozen.FrozenTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Each command prints one document with {@code --json}, and docs/cli-output.schema.json describes
 * it. {@link CommandTest} validates the documents, here and in every other test.
 */
class OutputSchemaTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments:
        prod:
          prefix: prod/
          aws: {region: eu-central-1, account: "210987654321"}
        test: {prefix: test/}
      hooks: {test: [sh, ./probe], deploy: ["true"], verify: ["true"], invalidate-sessions: ["true"]}
      audit: {principals: {service: [app], ci: [ci]}}
      secrets:
        KEY: {description: key, generator: hex 32, rotation: {every: 3 months}, readers: [service]}
        URL: {description: url, template: "https://{HOST}/{KEY}", readers: [service]}
        HOST: {description: host, readers: [service, ci]}
      """;

  @TempDir(factory = FolderInMemory.class)
  Path folder;

  /** For programs, which may not run on a disk in memory. */
  @TempDir Path programs;

  private final Set<String> seen = new TreeSet<>();
  private final Set<String> others = new TreeSet<>();
  private final FrozenTexts frozen = new FrozenTexts("json");
  private final Map<String, Integer> calls = new HashMap<>();
  private Path memory = Path.of("");
  private String inventory = "";

  @AfterEach
  void forget() throws IOException {
    FakeChannelFactory.CHANNEL.remove();
    if (!memory.toString().isEmpty()) {
      Files.delete(memory);
    }
  }

  /** Runs a command and notes it; its exit code is one of those. */
  private void json(FakeTerminal prepared, List<Integer> codes, String... words) {
    List<String> line = new ArrayList<>(Arrays.asList(words));
    line.add("--json");
    int code = runWith(prepared, line.toArray(String[]::new));
    assertThat(code).as("%s: %s", line, terminal.errText()).isIn(codes);
    boolean failed = terminal.outText().isEmpty();
    String printed = failed ? terminal.errText() : terminal.outText();
    seen.add(OutputSchema.valid(printed).get("command").asText());
    String call = "secrets " + String.join(" ", line);
    int times = calls.merge(call, 1, Integer::sum);
    frozen.add(times == 1 ? call : call + " (" + times + ")", printed);
  }

  private void json(String... words) {
    json(new FakeTerminal(), List.of(0), words);
  }

  private void of(String... words) {
    json(new FakeTerminal(), List.of(0, 9), ofInventory(words));
  }

  private String[] ofInventory(String... words) {
    List<String> line = new ArrayList<>(Arrays.asList(words));
    line.addAll(List.of("--inventory", inventory));
    if (!Set.of("diff", "rename", "log").contains(words[0])) {
      line.addAll(List.of("--environment", "prod"));
    }
    return line.toArray(String[]::new);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String place(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void eachCommandIsDescribedAndRuns() throws Exception {
    placeholders();
    clock = () -> Instant.parse("2026-08-20T08:05:00Z");
    store.clock(clock);
    fill();
    single();
    fromTheInventory();
    rotations();
    files();
    inOtherForms();
    anEmergency();
    failures();
    theRest();
    onTheFileStore();
    useStore();
    withoutAScene(CommandTable.whole(new CommandSession(terminal, Map.of())), "");
    frozen.check();
    assertThat(seen).isEqualTo(OutputSchema.commands());
    assertThat(others).isEqualTo(OutputSchema.others());
  }

  /** What differs from run to run or from machine to machine. */
  private void placeholders() {
    String user = Pattern.quote(System.getProperty("user.name"));
    frozen
        .placeholder(folder.toString(), "@folder@")
        .placeholder(programs.toString(), "@programs@")
        .placeholder(Pattern.compile("(\"(?:by|userOfThisMachine)\":\")" + user), "$1@user@")
        .placeholder(Pattern.compile("( rotation that )" + user + " "), "$1@user@ ")
        .placeholder(Runtime.version() + " (" + System.getProperty("java.home") + ")", "@java@")
        .placeholder(Pattern.compile("(\"rotation\":\")[0-9a-f]{16}"), "$1@id@")
        .placeholder(Pattern.compile("(\"head\":\")[0-9a-f]{64}"), "$1@digest@")
        .placeholder(Pattern.compile("\\b[0-9A-F]{40}\\b"), "@key@")
        .placeholder(Pattern.compile("(\"bytes\":\")[0-9]+"), "$1@bytes@");
  }

  /** Runs each command that has no scene, alone or with the inventory, if it takes one. */
  private void withoutAScene(CommandLine parent, String before) {
    for (CommandLine command : parent.getSubcommands().values()) {
      String whole = before + command.getCommandName();
      boolean isHelp = command.getCommandName().equals("help");
      if (OutputSchema.others().contains(whole)) {
        others.add(whole);
      } else if (!isHelp && !seen.contains(whole)) {
        String[] words = whole.split(" ", -1);
        boolean isOfInventory = command.getCommandSpec().findOption("--inventory") != null;
        json(new FakeTerminal(), List.of(0, 9), isOfInventory ? ofInventory(words) : words);
      }
      withoutAScene(command, whole + " ");
    }
  }

  private void fill() throws IOException {
    inventory = file("secrets.yaml", INVENTORY);
    file("probe", "[ ! -e broken ]\n");
    environment.put("SECRETS_PUSH", FakeChannelFactory.WORD);
    FakeChannelFactory.CHANNEL.set(new FakeChannelFactory.FakeChannel());
    store.holding("prod/HOST", "db.test").holding("test/HOST", "db.test").holding("X", "one");
    of("generate", "--all");
  }

  private void single() throws IOException {
    json("put", "X", "--file", file("value", "two"));
    json("get", "X");
    json("list");
    json("describe", "X");
    json("versions", "X");
    json("rollback", "X");
    json("delete", "X", "--yes");
    json("restore", "X");
    json("delete", "X", "--yes");
    json("purge", "X", "--yes");
    json("generate", "Y");
    json("rotate", "Y", "--plain");
    json("import", file("values.env", "Z=zett\n"));
    json(new FakeTerminal(), List.of(3), "get", "missing-name");
  }

  private void fromTheInventory() throws IOException {
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "output-schema");
    environment.put("XDG_RUNTIME_DIR", memory.toString());
    Path editor = Files.writeString(programs.resolve("editor"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
    of("edit", "HOST", "--editor", editor.toString(), "--trust-editor");
    json("fmt", inventory);
    of("check");
    of("check", "--hooks");
    of("document");
    of("due");
    of("status");
    of("status", "--fix");
    of("status", "--claim", "workflow", "--by", "Anna");
    of("status", "--html", place("status.html"));
    of("whoami");
    of("diff", "test", "prod");
    of("history", "HOST");
    of("notify", "HOST");
    of("scan", file("log", "db.test"));
  }

  private void rotations() throws IOException {
    of("rotate", "KEY", "--grace", "1h");
    of("rotate", "retire", "KEY");
    of("rotate", "KEY", "--grace", "1h");
    of("rotate", "rollback", "KEY");
    open();
    of("rotate", "abandon", "KEY");
    open();
    of("rotate", "resume", "KEY");
    of("rotate", "due");
    of("log");
    of("emergency", "KEY", "--drill");
    of("rename", "HOST", "SERVER", "--dry-run");
  }

  /** Leaves a rotation that its hook has stopped. */
  private void open() throws IOException {
    Path broken = Path.of(file("broken", ""));
    assertThat(run(ofInventory("rotate", "KEY", "--json"))).isEqualTo(ExitCode.STOPPED.code());
    Files.delete(broken);
  }

  private void files() throws IOException {
    of("runbook", "--out", place("runbook.md"));
    of("runbook", "--out", "-");
    of("handover", "--to", "sre");
    of("policy", "--backend", "aws", "--for", "service");
    of("policy", "--backend", "aws", "--out", place("policies"));
    of("alerts", "--backend", "aws");
    of("alerts", "--backend", "aws", "--out", place("alerts"));
    of("schedule", "--as", "systemd");
    String[] archive = {"--archive", "https://host/secrets.tar.gz", "--sha256", "a".repeat(64)};
    of("ci", "github", "--backend", "aws", archive[0], archive[1], archive[2], archive[3]);
    of("template", file("in", "{{ KEY }}"), "--to", place("out"), "--force");
    of("export", "--format", "dotenv", "--secret", "KEY", "--output", place("env"), "--force");
    of("export", "--format", "systemd", "--secret", "KEY", "--output", place("unit"), "--force");
    json("init", "--hooks", place("hooks"));
    json("init", "--inventory", place("new.yaml"));
  }

  /** The documents that depend on the language, the system or what is found. */
  private void inOtherForms() throws IOException {
    of("runbook", "--lang", "de", "--out", "-");
    of("handover", "--to", "devops", "--lang", "de");
    of("handover", "--to", "devops", "--backend", "fake", "--out", place("handover"));
    of("status", "--lang", "de");
    of("alerts", "--backend", "azure");
    of("alerts", "--backend", "vault");
    of("schedule", "--as", "cron");
    of("schedule", "--as", "github");
    of("log", "--verify");
    store.holding("prod/HOST", "0bviously-fAke-7Q9x2Zk4");
    of("scan", file("leak", "host=0bviously-fAke-7Q9x2Zk4\n"));
    of("check");
    of("diff", "test", "prod");
    of("history", "KEY");
  }

  /** While one is open, other commands say so. */
  private void anEmergency() throws IOException {
    Path broken = Path.of(file("broken", ""));
    String[] begin = ofInventory("emergency", "KEY", "--yes", "--by", "Anna");
    int code = ExitCode.EMERGENCY.code();
    json(new FakeTerminal(), List.of(ExitCode.STOPPED.code()), begin);
    for (String each : List.of("check", "due", "status")) {
      json(new FakeTerminal(), List.of(code), ofInventory(each));
    }
    json(new FakeTerminal(), List.of(code), "doctor", "--inventory", inventory);
    Files.delete(broken);
    of("emergency", "KEY", "--yes", "--by", "Bert", "--resume", "--lang", "de");
  }

  private void failures() {
    json(new FakeTerminal(), List.of(ExitCode.USAGE.code()), "get");
    json(new FakeTerminal(), List.of(ExitCode.USAGE.code()), "put", "X", "--bogus");
    json(new FakeTerminal(), List.of(ExitCode.INVALID.code()), ofInventory("rotate", "HSOT"));
    json(
        new FakeTerminal(),
        List.of(ExitCode.NOT_FOUND.code()),
        ofInventory("emergency", "KEY", "--resume"));
    json(new FakeTerminal(), List.of(5), "check", "--inventory", place("none.yaml"));
    json(new FakeTerminal(), List.of(2), ofInventory("schedule", "--as", "windows"));
  }

  private void theRest() throws Exception {
    json(new FakeTerminal(), List.of(0, 8), "doctor");
    json(
        new FakeTerminal()
            .input(
                utf8(
                    "{\"audit\":1,\"time\":\"2026-03-02T08:00:00Z\",\"principal\":\"anna\","
                        + "\"operation\":\"read\",\"name\":\"prod/KEY\",\"host\":\"a\","
                        + "\"outcome\":\"ok\"}\n")),
        List.of(9),
        ofInventory("audit", "-", "--state", place("readers")));
    frozen.add("the readers of the audit", Files.readString(folder.resolve("readers")));
    of("rename", "HOST", "SERVER", "--yes");
    frozen.add("the renamed inventory", Files.readString(Path.of(inventory)));
    Process git = new ProcessBuilder("git", "init", "-q", place("tree")).inheritIO().start();
    assertThat(git.waitFor()).isZero();
    of("scan", "--install-hook", place("tree"));
    environment.put("HOME", place("home"));
    environment.put("XDG_DATA_HOME", place("home/data"));
    json("completion", "install", "bash");
  }

  private String gpg(String name) throws IOException {
    return file(
        name + ".properties",
        "backend=gpg\ngpg.store=" + place(name) + "\ngpg.key-file=" + place(name + ".pgp") + "\n");
  }

  private void onTheFileStore() throws IOException {
    environment.clear();
    String first = gpg("first");
    String second = gpg("second");
    json("init", "--config", second, "--write-config", place("settings"));
    frozen.add("the settings", Files.readString(folder.resolve("settings")));
    json("generate", "A", "--config", first);
    json("store", "verify", "--config", first);
    json("store", "backup", place("copy.tar"), "--config", first);
    json("store", "repair", "--yes", "--config", first);
    json("migrate", first, second, "--dry-run");
    json("migrate", first, second, "--journal", place("journal"));
    json("compare", first, second);
    json("migrate", first, second, "--rollback", "--yes", "--journal", place("journal"));
    Path certificate;
    try (var files = Files.list(folder.resolve("second/.fgp/certs"))) {
      certificate = files.findFirst().orElseThrow();
    }
    json("recipients", "add", certificate.toString(), "--config", first);
    json("recipients", "list", "--config", first);
    json("recipients", "--config", first);
    String added = OutputSchema.valid(terminal.outText()).get("result").get(1).asText();
    json("recipients", "remove", added, "--config", first);
  }
}
