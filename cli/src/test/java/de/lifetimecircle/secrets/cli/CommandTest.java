package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Runs commands in this JVM on a store in memory. */
public abstract class CommandTest {
  /** A value that must never be seen where it does not belong. */
  public static final String CANARY = "c4n4ry-Zq8vT2wX-c4n4ry";

  public final Map<String, String> environment = new LinkedHashMap<>();
  public FakeStore store = FakeStore.create();
  public FakeTerminal terminal = new FakeTerminal();

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
    terminal = new FakeTerminal();
    return new CommandLineRun(terminal, environment).run(args);
  }

  public int runWith(FakeTerminal prepared, String... args) {
    terminal = prepared;
    return new CommandLineRun(terminal, environment).run(args);
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

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
