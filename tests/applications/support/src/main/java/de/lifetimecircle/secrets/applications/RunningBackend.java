package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.testcontainers.lifecycle.Startable;

/** A {@link Backend} with the variables of services that use it, a writer, and a count. */
public final class RunningBackend implements Startable {
  /** The backends that need a server. */
  public static final List<String> CLOUDS = List.of("aws", "azure", "vault");

  private final String scheme;
  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private Backend backend;
  private FaultProxy counting;
  private LongSupplier requests = () -> -1;
  private SecretWriter writer;

  private RunningBackend(String scheme, Path folder) {
    this.scheme = scheme;
    this.folder = folder;
  }

  /**
   * Starts a backend.
   *
   * @param scheme {@code gpg}, {@code aws}, {@code azure} or {@code vault}
   * @param folder for its files and logs
   */
  public static RunningBackend started(String scheme, Path folder) {
    RunningBackend backend = new RunningBackend(scheme, folder);
    backend.start();
    return backend;
  }

  @Override
  public void start() {
    backend = Backend.start(scheme, folder);
    settings.putAll(backend.settings());
    // JVMs that start at once on few cores are slower than the usual 10 s.
    settings.put("timeout", "50s");
    switch (scheme) {
      case "aws" -> {
        counting = FaultProxy.to(URI.create(settings.get("aws.endpoint"))).start();
        settings.put("aws.endpoint", counting.uri().toString());
        requests = counting::requests;
      }
      case "azure" -> requests = backend.server(KeyVaultServer.class)::requests;
      case "vault" -> requests = () -> answers(backend.server(OpenBaoServer.class));
      default -> {}
    }
    writer =
        SecretProvider.builder().environment(environment()).set("overrides", "off").buildWriter();
  }

  private static long answers(OpenBaoServer server) {
    return server.auditLog().stream().filter(line -> line.contains("\"response\"")).count();
  }

  /** Returns its scheme. */
  public String scheme() {
    return scheme;
  }

  /** Returns the variables of a service that uses it. */
  public Map<String, String> environment() {
    return Backend.variables(settings);
  }

  /** Returns the variables of a service that uses it, and one more. */
  public Map<String, String> environment(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment());
    more.put(name, value);
    return more;
  }

  /** Returns the same settings by their keys, such as {@code aws.region}. */
  public Map<String, String> settings() {
    return new TreeMap<>(settings);
  }

  /** Returns a writer, which ends with the backend. */
  public SecretWriter writer() {
    return writer;
  }

  /** Puts a new version, which is current at once. */
  public void put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  /** Returns whether a service can read a version that waits for its promotion. */
  public boolean showsPending() {
    return backend.showsPending();
  }

  /** Returns how many requests the server has had, by its own count; -1 without a server. */
  public long requests() {
    return requests.getAsLong();
  }

  /** Ends the server, and lets what was read from it live on. Twice is harmless. */
  public void stopServer() {
    if (counting != null) {
      counting.close();
    }
    backend.close();
  }

  @Override
  public void stop() {
    writer.close();
    stopServer();
  }
}
