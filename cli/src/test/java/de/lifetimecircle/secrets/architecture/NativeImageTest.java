package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What GraalVM cannot find in the code of a library stands in the library's jar, so that an
 * application can become a native image. {@code native-image} itself registers services and classes
 * that the code names by a constant.
 */
class NativeImageTest {
  private static final String FOLDER = "META-INF/native-image/de.lifetimecircle.secrets/";

  private static final String OPERATIONS = "de.lifetimecircle.secrets.operations.";
  private static final String JOURNAL = OPERATIONS + "journal.";
  private static final String MAPPING = JOURNAL + "RecordMapping";

  /** The forms of files, each with the type of its records. */
  private static final Set<String> FORMS = Set.of(JOURNAL + "JsonFile", JOURNAL + "JsonLog$Form");

  /** A class that a setting of a framework names, in an example of the documentation. */
  private static final Pattern BY_SETTING =
      Pattern.compile("\\.class=(de\\.lifetimecircle\\.secrets\\.[\\w.]+)");

  @TempDir Path folder;

  private static Object metadata(String module, String artifact, String file) throws IOException {
    Path path = Checkout.ROOT.resolve(module).resolve("src/main/resources/" + FOLDER);
    Object parsed = Json.parse(Files.readString(path.resolve(artifact).resolve(file)));
    assertThat(parsed).as(path.toString()).isNotNull();
    return parsed;
  }

  private static List<String> texts(Object list, String member) {
    return ((List<?>) list).stream().map(each -> Json.text((Map<?, ?>) each, member)).toList();
  }

  private static List<String> resourcePatterns(String module, String artifact) throws IOException {
    Map<?, ?> parsed = (Map<?, ?>) metadata(module, artifact, "resource-config.json");
    return texts(Json.object(parsed, "resources").get("includes"), "pattern");
  }

  @Test
  void eachResourceThatOperationsReadIsKept() throws IOException {
    List<String> patterns = resourcePatterns("operations", "secrets-operations");
    Path classes = Checkout.ROOT.resolve("operations/target/classes");
    Set<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.walk(classes.resolve("de"))) {
      all.filter(Files::isRegularFile)
          .map(file -> classes.relativize(file).toString().replace('\\', '/'))
          .forEach(files::add);
    }
    Set<String> kept =
        files.stream()
            .filter(file -> patterns.stream().anyMatch(file::matches))
            .collect(Collectors.toCollection(TreeSet::new));
    files.removeIf(file -> file.endsWith(".class"));
    assertThat(files).contains("de/lifetimecircle/secrets/operations/inventory/hooks/postgresql");
    assertThat(kept).isEqualTo(files);
  }

  @Test
  void theConfigurationOnTheClassPathIsKept() throws IOException {
    assertThat(resourcePatterns("api", "secrets-api")).anyMatch("secrets.properties"::matches);
    Object beans = metadata("api", "secrets-api", "reflect-config.json");
    assertThat(texts(beans, "name"))
        .containsExactlyElementsOf(
            ArchitectureTest.SHIPPED.stream()
                .map(type -> type.getName())
                .filter(name -> name.endsWith("MXBean"))
                .toList());
  }

  /** Journals are records, and their mapping to JSON asks for their components. */
  @Test
  void theComponentsOfJournalsAreKept() throws IOException {
    Set<String> records = new TreeSet<>(Set.of(OPERATIONS + "documents.ClaimLog$Entry"));
    ArchitectureTest.SHIPPED.stream()
        .filter(type -> type.isRecord() && type.getName().startsWith(OPERATIONS))
        .filter(type -> !type.getName().startsWith(JOURNAL))
        .filter(
            type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(each -> each.getTargetClass().getName().equals(MAPPING)))
        .forEach(type -> add(type, records));
    ArchitectureTest.SHIPPED.stream()
        .flatMap(type -> type.getFields().stream())
        .filter(field -> FORMS.contains(field.getRawType().getName()))
        .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
        .filter(type -> type.isRecord() && !type.getName().startsWith(JOURNAL))
        .forEach(type -> add(type, records));
    Object listed = metadata("operations", "secrets-operations", "reflect-config.json");
    assertThat(texts(listed, "name")).containsExactlyElementsOf(records);
  }

  private static void add(JavaClass type, Set<String> records) {
    // Settings are only copied, which asks for no component of a component.
    if (records.add(type.getName()) && !type.getSimpleName().endsWith("Settings")) {
      type.getFields().stream()
          .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
          .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
          .filter(part -> part.isRecord() && part.getName().startsWith(OPERATIONS))
          .forEach(part -> add(part, records));
    }
  }

  @Test
  void kafkaMakesTheClassesThatItsSettingsName() throws IOException, InterruptedException {
    Set<String> named = new TreeSet<>();
    Checkout.texts()
        .forEach(
            (path, text) -> {
              if (path.startsWith("docs/")) {
                named.addAll(Checkout.found(BY_SETTING, text));
              }
            });
    assertThat(named).hasSizeGreaterThan(2);
    Object listed = metadata("integrations/kafka", "secrets-kafka", "reflect-config.json");
    assertThat(texts(listed, "name")).containsExactlyElementsOf(named);
  }

  /** The wrapper of a store is a proxy with the interfaces of the store, in their order. */
  @Test
  void theAuditLogWrapsEachStore() throws IOException {
    Map<String, Map<String, String>> settings =
        Map.of(
            "aws", Map.of("region", "eu-central-1"),
            "azure", Map.of("vault-url", "https://shop.vault.azure.net"),
            "gpg", Map.of("store", folder.resolve("store").toString()),
            "vault", Map.of("address", "https://localhost:8200", "token-file", "token"));
    Set<List<String>> proxies = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    for (SecretStoreFactory factory : ServiceLoader.load(SecretStoreFactory.class)) {
      Map<String, String> given = settings.get(factory.scheme());
      if (given != null) { // not a store of the tests here
        try (SecretStore store = factory.open(config(given))) {
          proxies.add(interfaces(wrapped(store, factory.scheme())));
        }
      }
    }
    List<List<?>> listed = new ArrayList<>();
    for (Object each : (List<?>) metadata("audit-log", "secrets-audit-log", "proxy-config.json")) {
      listed.add((List<?>) ((Map<?, ?>) each).get("interfaces"));
    }
    assertThat(listed)
        .as("expected: %s", Json.write(List.copyOf(proxies)))
        .hasSameElementsAs(proxies);
    Object named = metadata("audit-log", "secrets-audit-log", "reflect-config.json");
    assertThat(texts(named, "name"))
        .containsExactlyElementsOf(
            proxies.stream().flatMap(List::stream).sorted().distinct().toList());
  }

  private StoreConfig config(Map<String, String> settings) {
    return new StoreConfig(
        settings, variable -> Optional.empty(), Duration.ofSeconds(5), InstantSource.system());
  }

  private SecretStore wrapped(SecretStore store, String scheme) {
    StoreConfig settings = config(Map.of("log", folder.resolve("audit.log").toString()));
    SecretAudit audit = ServiceLoader.load(SecretAudit.class).findFirst().orElseThrow();
    return audit.around(store, scheme, settings);
  }

  private static List<String> interfaces(SecretStore proxy) {
    return Stream.of(proxy.getClass().getInterfaces()).map(Class::getName).toList();
  }
}
