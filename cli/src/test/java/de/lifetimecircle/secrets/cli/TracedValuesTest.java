package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs commands under strace with a canary as the value: it is in no argument and in no environment
 * of a program, and nothing writes it but to memory (tmpfs), to a pipe or to the terminal.
 *
 * <p>The short form is {@code exec --file}; {@code -Dcli.traced=all} adds the editors, an import
 * and a redaction.
 */
class TracedValuesTest {
  private static final String INVENTORY =
      """
      version: 1
      service: a
      owner: b
      environments: {prod: {prefix: p/}}
      secrets: {KEY: {description: c}}
      """;

  private static final String CANARY = "c4n4ry-Zq8vT2wX-c4n4ry";
  private static final boolean ALL = "all".equals(System.getProperty("cli.traced"));

  /** A call with the canary: its name, and the file or pipe that it writes to. */
  private static final Pattern WRITE =
      Pattern.compile("\\b(write|writev|pwrite64|pwritev|sendto|sendmsg)\\(\\d+<([^>]*)>");

  @TempDir Path folder;
  private Path memory = Path.of("");
  private CliProcess cli;

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "traced");
    cli = CliProcess.in(folder);
    cli.environment.put("HOME", folder.toString());
    cli.environment.put("XDG_RUNTIME_DIR", memory.toString());
    cli.environment.put("TERM", "xterm");
    cli.environment.put("SECRETS_BACKEND", "gpg");
    cli.succeed("", "init");
    cli.succeed(CANARY, "put", "KEY");
  }

  @AfterEach
  void nothingIsLeftInMemory() throws IOException {
    Files.delete(memory); // fails if something is in it
  }

  static Stream<String> kinds() {
    return ALL
        ? Stream.of("exec", "stdin", "import", "redact", "vim", "nano", "emacs", "vi")
        : Stream.of("exec");
  }

  /** The keys that append a line, store the file and end the editor. */
  private static String keys(String editor) {
    return switch (editor) {
      case "nano" -> "new-\\r\\017\\r\\030";
      case "emacs" -> "new-\\030\\023\\030\\003";
      default -> "inew-\\033:wq\\r";
    };
  }

  /** Waits until the editor has opened the value, because strace makes it slow. */
  private static String untilReadBy(String editor) {
    return "for i in $(seq 200); do sed -n '/execve(\"[^\"]*\\/"
        + editor
        + "\"/,$p' trace.txt 2>/dev/null | grep -q '/secret\", O_RDONLY' && break; sleep 0.3; done";
  }

  private String line(String kind) throws IOException {
    return switch (kind) {
      case "exec" ->
          "$trace secrets exec --file KEY=KEY_FILE -- sh -c 'cat \"$KEY_FILE\" >/dev/null'";
      case "stdin" -> "$trace secrets exec --stdin KEY -- cat >/dev/null";
      case "import" -> {
        Files.writeString(folder.resolve("export.env"), "OTHER=" + CANARY + "\n");
        yield "$trace secrets import export.env && rm export.env";
      }
      case "redact" -> {
        Files.writeString(folder.resolve("inventory.yaml"), INVENTORY); // KEY is p/KEY then
        yield "secrets get KEY | secrets put p/KEY && mv inventory.yaml secrets.yaml"
            + " && secrets get p/KEY | $trace secrets redact >out.txt; cat out.txt";
      }
      default ->
          "("
              + untilReadBy(kind)
              + "; sleep 3; printf '"
              + keys(kind)
              + "'; sleep 9) | script -qec \"$trace secrets edit KEY --editor "
              + kind
              + "\" /dev/null";
    };
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noValueInAnArgumentOrInAFileThatStays(String kind) throws Exception {
    Path trace = folder.resolve("trace.txt");
    String strace =
        "export trace='strace -f -qq -y -v -s 8192 -o "
            + trace
            + " -e trace=execve,openat,open,creat,write,writev,pwrite64,pwritev,sendto,sendmsg,"
            + "rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat'; ";
    CliProcess.Result result = cli.run("", "sh", "-c", strace + line(kind));
    assertThat(result.code()).as(result.text()).isZero();
    List<String> calls = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);
    assertThat(calls).as("calls").hasSizeGreaterThan(100);
    assertThat(calls.stream().filter(this::showsTheValue)).isEmpty();
    Set<String> written = new TreeSet<>();
    Matcher opened =
        Pattern.compile("openat\\([^,]*, \"([^\"]*)\", O_(?:WRONLY|RDWR)")
            .matcher(String.join("\n", calls));
    while (opened.find()) {
      Path file = folder.resolve(opened.group(1));
      if (Files.isRegularFile(file) && !file.equals(trace)) {
        written.add(file.toString());
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
      }
    }
    if (kind.equals("redact")) {
      assertThat(result.text()).endsWith("[secret p/KEY]");
    }
    if (List.of("vim", "nano", "emacs", "vi").contains(kind)) {
      assertThat(cli.succeed("", "get", "KEY")).startsWith("new-").endsWith(CANARY);
      assertThat(written).as("the store was written").isNotEmpty();
    }
  }

  /** Whether a call has the value in an argument, or writes it to a file outside of memory. */
  private boolean showsTheValue(String call) {
    if (!call.contains(CANARY)) {
      return false;
    }
    Matcher write = WRITE.matcher(call);
    return !write.find()
        || !(write.group(2).startsWith(memory + "/")
            || write.group(2).startsWith("/dev/")
            || write.group(2).startsWith("pipe:"));
  }

  /** Asks for names as a shell does, with a backend that is a service. */
  @Test
  void aCompletionConnectsToNothing() throws Exception {
    Path trace = folder.resolve("trace.txt");
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    cli.environment.put("SECRETS_BACKEND", "vault");
    cli.environment.put("SECRETS_VAULT_ADDRESS", "http://127.0.0.1:9");
    String line =
        "strace -f -qq -o " + trace + " -e trace=%network secrets complete names get 2>&1";
    assertThat(cli.run("", "sh", "-c", line).text()).isEqualTo("KEY\tc\np/KEY\tc\n");
    // The JVM asks whether the machine has IPv6, and the C library looks for its name service.
    assertThat(Files.readAllLines(trace))
        .isNotEmpty()
        .noneMatch(call -> call.contains("connect(") && !call.contains("/nscd/"))
        .noneMatch(call -> call.contains("sendto(") || call.contains("sendmsg("));
  }
}
