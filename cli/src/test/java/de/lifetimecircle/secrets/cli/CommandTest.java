package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Runs commands in this JVM on a store in memory. */
public abstract class CommandTest {
  /** A value that must never be seen where it does not belong. */
  public static final String CANARY = "c4n4ry-Zq8vT2wX-c4n4ry";

  public final Map<String, String> environment = new LinkedHashMap<>();
  public FakeStore store = FakeStore.create();
  public FakeTerminal terminal = new FakeTerminal();
  public InstantSource clock = InstantSource.system();

  @BeforeEach
  public void useStore() {
    environment.put("SECRETS_BACKEND", "fake");
    environment.put("SECRETS_RETRIES", "0");
    use(store);
  }

  @AfterEach
  void forgetStore() {
    FakeStoreFactory.STORE.remove();
  }

  public void use(FakeStore other) {
    store = other;
    FakeStoreFactory.STORE.set(other);
  }

  /** Runs a command; its exit code. Afterwards {@link #terminal} has what it printed. */
  public int run(String... args) {
    return runWith(new FakeTerminal(), args);
  }

  /** Does the same on a prepared terminal; with {@code --json} the output follows its schema. */
  public int runWith(FakeTerminal prepared, String... args) {
    terminal = prepared;
    int code = new CommandLineRun(terminal, environment, clock).run(args);
    OutputSchema.check(args, code, terminal.outText(), terminal.errText());
    AdvisedOptions.check(args, terminal.errText());
    return code;
  }

  public String succeed(String... args) {
    int code = run(args);
    assertThat(terminal.errText()).isEmpty();
    assertThat(code).isZero();
    return terminal.outText();
  }

  /** Runs a command that must fail with that code and print one line of error, nothing else. */
  public String fail(ExitCode code, String... args) {
    int got = run(args);
    assertThat(got).as(terminal.errText()).isEqualTo(code.code());
    assertThat(terminal.outText()).isEmpty();
    assertThat(terminal.errText()).startsWith("secrets: ").endsWith("\n").hasLineCount(1);
    return terminal.errText();
  }

  /** Returns the result in what a command has printed with {@code --json}. */
  public static Object result(String printed) {
    return Objects.requireNonNull(
        ((Map<?, ?>) Objects.requireNonNull(Json.parse(printed))).get("result"));
  }

  /** Returns what a command that ends with 0 prints with {@code --json} for that result. */
  public static String printed(String command, String result) {
    return "{\"command\":\"" + command + "\",\"exitCode\":0,\"result\":" + result + "}\n";
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
