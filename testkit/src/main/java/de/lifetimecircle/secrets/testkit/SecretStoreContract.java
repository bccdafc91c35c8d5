package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract that every backend passes: a backend's test class extends this one and says how to
 * open its store, what it declares, how large it is and how it can be made to fail.
 *
 * <pre>{@code
 * final class MyStoreContractTest extends SecretStoreContract {
 *   @TempDir Path folder;
 *
 *   public String scheme() { return "my"; }
 *   public SecretStore open() { return new MyStore(folder); }
 *   public Set<Capability> declared() { return EnumSet.of(Capability.WRITE, Capability.LIST); }
 *   public StoreLimits limits() { return StoreLimits.of(25_000, 127); }
 * }
 * }</pre>
 *
 * <p>Each test finds an empty backend: the subclass prepares one before each test ({@code
 * BeforeEach} or {@code TempDir}), and every {@link #open} of one test reaches the same one. A
 * capability that is declared is tested, one that is not must be refused with {@code UNSUPPORTED}.
 * No test is left out silently: the console and the report in {@code target/contract} name each
 * one.
 *
 * <p>If the backend shows writes later than it acknowledges them, do not declare {@code
 * READ_AFTER_WRITE} and say in {@link StoreLimits#visibility} how much later: after each write, the
 * tests wait for at most that long. A backend that is too slow for a test's two minutes needs a
 * longer {@code Timeout} on the subclass.
 */
@ExtendWith(ContractReporter.class)
@Timeout(120) // your build may have no limit for what hangs; the slowest case of ours takes 7 s
@SuppressWarnings("exports") // the parts of the contract are for JUnit, not for subclasses
public abstract class SecretStoreContract
    implements CapabilityContract,
        ErrorContract,
        LeakContract,
        VersionContract,
        WriteContract,
        DeleteContract,
        BatchContract,
        NameContract,
        ValueContract,
        VisibilityContract,
        ConcurrencyContract,
        RemoteContract,
        RotationContract,
        CacheContract,
        WarmContract {

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, String> measures = new TreeMap<>();

  /** Of one test, before any fault. A client for each seed would log in a hundred times in some. */
  private @Nullable ContractClient seeding;

  /** For subclasses. */
  protected SecretStoreContract() {}

  /** The word that names the backend in reports; good as a file name. */
  @Override
  public abstract String scheme();

  /** The server or the program behind the backend, with its version, for the report. */
  protected String server() {
    return "this machine";
  }

  /** One more client onto the backend of this test. The contract closes it. */
  @Override
  public abstract SecretStore open();

  /** Returns the backend's capabilities; every client must declare exactly these. */
  @Override
  public abstract Set<Capability> declared();

  /** Returns the limits of the values and names that the backend accepts. */
  @Override
  public abstract StoreLimits limits();

  /** Makes the backend fail; by default it cannot be made to. */
  @Override
  public FaultSwitch faults() {
    return FaultSwitch.none();
  }

  /**
   * Returns the known deviations of a stand-in server: for each test ({@code method}, or {@code
   * method[display name]} for one case of a repeated test), the documented behaviour and what the
   * stand-in does instead.
   *
   * <p>An excused test must fail. One that passes no longer needs its excuse, and fails the run.
   * The report lists every excuse.
   */
  protected Map<String, String> excuses() {
    return Map.of();
  }

  /** What the clients log in with: searched for wherever values are searched for. */
  @Override
  public Set<String> credentials() {
    return Set.of();
  }

  /**
   * How long a call may take before its provider gives up: 10 s, which is a provider's default too.
   * A server that finishes some calls later needs more. This is only an upper limit; no call waits
   * that long without need. Cases that are about timeouts set their own.
   */
  @Override
  public Duration timeout() {
    return Duration.ofSeconds(10);
  }

  /**
   * Makes the backend hold a value. By default a client writes it, the same for all seeds of a
   * test; a backend that cannot be written to overrides this.
   *
   * @throws IllegalStateException if it neither declares {@code WRITE} nor overrides this
   */
  @Override
  public void seed(String name, String text) {
    if (!can(Capability.WRITE)) {
      throw new IllegalStateException(
          "Cannot make the backend hold '"
              + name
              + "': it does not declare WRITE. Override seed in "
              + getClass().getSimpleName()
              + ", and put the value there without the store.");
    }
    ContractClient client = seeding == null ? client() : seeding;
    seeding = client;
    client.put(name, text);
  }

  /**
   * Hands out the report after the last test: prints its line and writes it to {@code
   * target/contract}.
   */
  @OutsideTheRules
  protected void publish(ContractReport report) {
    try {
      report.write(Path.of("target", "contract"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report of the contract", e);
    }
    System.out.println(report.line());
  }

  @Override
  public final ContractClient client() {
    return new ContractClient(closing(settled()));
  }

  @Override
  public final <T extends AutoCloseable> T closing(T resource) {
    synchronized (opened) {
      opened.push(resource);
    }
    return resource;
  }

  @Override
  public final void measured(String what, String howMuch) {
    measures.put(what, howMuch);
  }

  final Map<String, String> measures() {
    return Map.copyOf(measures);
  }

  @AfterEach
  final void closeAll() throws Exception {
    seeding = null;
    if (!faults().supported().isEmpty()) {
      faults().clear();
    }
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
