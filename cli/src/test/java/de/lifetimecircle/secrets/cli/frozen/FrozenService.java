package de.lifetimecircle.secrets.cli.frozen;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The service of the example inventory in a folder, with a store in memory that describes itself as
 * the named backend does and can do what that one can. Its values begin with {@link
 * FrozenTexts#CANARY}. Used by one thread.
 */
final class FrozenService {
  /** The backends. */
  static final List<String> BACKENDS = AccessPolicy.BACKENDS;

  /** When the values were made. */
  static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");

  /** The day on which the documents are written. */
  static final Instant NOW = Instant.parse("2026-08-20T08:05:00Z");

  final Path folder;
  final String backend;
  Instant now = MADE;
  private final FakeStore store;

  FrozenService(Path folder, String backend) {
    this.folder = folder;
    this.backend = backend;
    Set<Capability> can = EnumSet.allOf(Capability.class);
    if (backend.equals("azure") || backend.equals("vault")) {
      can.remove(Capability.STAGES);
    }
    if (backend.equals("azure")) {
      can.removeAll(Set.of(Capability.PUT_IF_VERSION, Capability.CREATE_ONLY));
    }
    this.store =
        FakeStore.with(can.toArray(new Capability[0])).clock(() -> now).numberingEachName();
    inventory(example());
  }

  /** The example as examples/ltc/service/adapt changes it: nothing in it is a placeholder. */
  static String example() {
    return InventoryText.example()
        .replace("123456789012", "210987654321")
        .replace("00000000-0000-0000-0000-000000000000", "0f0e0d0c-0000-4000-8000-000000000001")
        .replace(".example", ".test")
        .replaceAll("(?m)^  deploy: .*", "  deploy: [sh, ./tools/deploy_prod.sh]")
        .replaceAll("(?m)^  verify: .*", "  verify: [sh, ./tools/verify.sh]")
        .replaceAll(
            "(?m)^  invalidate-sessions: .*", "  invalidate-sessions: [sh, ./tools/end.sh]");
  }

  FrozenService inventory(String text) {
    write("secrets.yaml", text);
    return this;
  }

  FrozenService write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a value for each secret of the inventory. */
  FrozenService fill() {
    return fill("a");
  }

  /** Puts other values, made with that hexadecimal digit. */
  FrozenService fill(String digit) {
    String sixteen = FrozenTexts.CANARY + "012345" + digit + "c";
    Map<String, String> values = new LinkedHashMap<>();
    values.put("LTC_SECRET_KEY", sixteen.repeat(4));
    values.put("DB_ADMIN_PW", sixteen.repeat(2));
    values.put("DB_USERNAME", FrozenTexts.CANARY + "_user");
    values.put("DB_HOST", FrozenTexts.CANARY + ".db.test");
    values.put("DB_PORT", "54321");
    values.put("DB_NAME", FrozenTexts.CANARY + "_name");
    values.put(
        "DATABASE_URL", "postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:54321/{DB_NAME}");
    values.put("ADMIN_API_TOKEN", sixteen.repeat(4).replace('0', 'e'));
    String url = values.get("DATABASE_URL");
    for (Map.Entry<String, String> part : values.entrySet()) {
      url = url.replace("{" + part.getKey() + "}", part.getValue());
    }
    values.put("DATABASE_URL", url);
    values.forEach((name, value) -> store.holding("prod/" + name, value));
    return this;
  }

  /** Returns the current value of a name in the store. */
  String held(String name) {
    try (SecretProvider provider = provider()) {
      return provider.get(name).asString();
    }
  }

  /** Returns the names in the store. */
  List<String> names() {
    return store.secondClient().list("");
  }

  /** Adds the scripts that the inventory names as hooks. */
  FrozenService hooks() {
    for (String hook : List.of("deploy_prod.sh", "verify.sh", "end.sh")) {
      write("tools/" + hook, "cat > /dev/null\n");
    }
    return this;
  }

  InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  SecretProvider provider() {
    return builder().build();
  }

  SecretWriter writer() {
    return builder().buildWriter();
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .environment(Map.of())
        .store(described(store.secondClient()))
        .set("retries", "0")
        .set("overrides", "off")
        .set("backend", backend);
  }

  private SecretStore described(FakeStore client) {
    Class<?>[] all = {
      VersionedStore.class,
      ListableStore.class,
      BatchStore.class,
      WritableStore.class,
      DeletableStore.class,
      RetiringStore.class
    };
    return (SecretStore)
        Proxy.newProxyInstance(
            FrozenService.class.getClassLoader(),
            all,
            (proxy, method, args) -> {
              try {
                Object answer = method.invoke(client, args);
                return switch (method.getName()) {
                  case "describe" -> facts(String.valueOf(args[0]));
                  case "check" -> place();
                  default -> answer;
                };
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** The facts of one secret that documents use, as the provider of the backend has them. */
  private Map<String, String> facts(String name) {
    Map<String, String> facts = new LinkedHashMap<>();
    switch (backend) {
      case "aws" -> {
        facts.put("name", name);
        facts.put(
            "arn", "arn:aws:secretsmanager:eu-central-1:210987654321:secret:" + name + "-AbCdEf");
        facts.put("region", "eu-central-1");
        facts.put("rotation", "off");
      }
      case "azure" -> {
        facts.put("vault", "https://lifetimecircle-prod.vault.azure.net/");
        facts.put("stored as", AccessPolicy.azureName(name));
        facts.put("expires", "never");
      }
      case "vault" -> {
        facts.put("path", "secret/data/" + name);
        facts.put("field", "value");
      }
      default -> facts.put("file", name + ".gpg");
    }
    facts.put("created", MADE.toString());
    return facts;
  }

  private Map<String, String> place() {
    Map<String, String> facts = new LinkedHashMap<>();
    switch (backend) {
      case "aws" -> facts.put("region", "eu-central-1");
      case "azure" -> facts.put("vault", "https://lifetimecircle-prod.vault.azure.net/");
      case "vault" -> {
        facts.put("address", "https://vault.lifetimecircle.test:8200");
        facts.put("mount", "secret");
        facts.put("token ends", "in 1200 s");
      }
      default -> facts.put("store", "/var/lib/lifetimecircle/secrets");
    }
    return facts;
  }
}
