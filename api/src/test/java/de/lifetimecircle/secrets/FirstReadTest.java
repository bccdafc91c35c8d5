package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to read as the first thing that a process does with the library. */
class FirstReadTest {
  /** The process, in a class loader in which nothing of the library has been used. */
  public static final class Program implements Function<String, String> {
    @Override
    public String apply(String way) {
      try (SecretProvider secrets =
          SecretProvider.builder()
              .store(new OneValue())
              .environment(Map.of("LTC_LOCAL", "local"))
              .build()) {
        return switch (way) {
          case "get" -> secrets.get("DB").asString();
          case "override" -> secrets.get("LTC").asString();
          case "getAll" -> secrets.getAll(List.of("DB")).get("DB").orElseThrow().asString();
          case "overrideInGetAll" ->
              secrets.getAll(List.of("LTC")).get("LTC").orElseThrow().asString();
          case "getAsync" -> secrets.getAsync("DB").get().asString();
          case "find" -> secrets.find("NONE").map(Secret::asString).orElse("empty");
          default -> secrets.get("DB", VersionSelector.previous(1)).asString();
        };
      } catch (SecretException e) {
        return e.kind().name();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A store that makes its values and failures when it is asked, as those of a backend do. */
  private static final class OneValue implements SecretStore {
    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      if (!name.equals("DB")) {
        throw SecretException.of(SecretException.Kind.NOT_FOUND, "fetch secret").name(name).build();
      }
      return new StoredSecret(SecretValue.of("stored"), "1", Instant.EPOCH);
    }

    @Override
    public Map<String, String> describe(String name) {
      return Map.of();
    }

    @Override
    public Map<String, String> check() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({
    "get, stored",
    "override, local",
    "getAll, stored",
    "overrideInGetAll, local",
    "getAsync, stored",
    "find, empty",
    "previous, UNSUPPORTED"
  })
  void worksAsTheFirst(String way, String result) throws Exception {
    URL[] classes = {
      place(SecretProvider.class), place(FirstReadTest.class), place(NullMarked.class)
    };
    try (URLClassLoader fresh = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
      Class<?> program = Class.forName(Program.class.getName(), true, fresh);
      @SuppressWarnings("unchecked") // the same source, another class
      Function<String, String> first =
          (Function<String, String>) program.getDeclaredConstructor().newInstance();
      assertThat(first.apply(way)).isEqualTo(result);
    }
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
