package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A separate process that writes and reads, for tests of properties of a whole process. */
final class StoreProcess {
  static final String TEXT = "p\u00e4ss\u20ac \ud83d\udd11";
  static final String NAME = "schl\u00fcssel/\ud83d\udd11";

  private StoreProcess() {}

  /** Arguments: file with the settings, file for the answer. */
  public static void main(String[] arguments) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
      properties.load(in);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(k -> settings.put(k, properties.getProperty(k)));
    StoreConfig config =
        new StoreConfig(
            settings,
            name -> Optional.ofNullable(System.getenv(name)),
            Duration.ofSeconds(20),
            InstantSource.system());
    try (AzureStore store = (AzureStore) new AzureStoreFactory().open(config);
        SecretValue value = SecretValue.of(TEXT.getBytes(StandardCharsets.UTF_8))) {
      store.put(PutRequest.always(NAME, value));
      Files.write(Path.of(arguments[1]), store.fetch(NAME).value().asBytes());
    }
  }
}
