package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A store in a folder of its own, with what tests do to it from outside. */
public final class TestStore {
  /** What a file of the store or a key must have, and what a folder. */
  public static final Set<PosixFilePermission> FILE_RIGHTS =
      PosixFilePermissions.fromString("rw-------");

  public static final Set<PosixFilePermission> FOLDER_RIGHTS =
      PosixFilePermissions.fromString("rwx------");

  public final Path home;
  public final Path folder;
  public final Map<String, String> settings = new LinkedHashMap<>();
  public final Map<String, String> environment = new LinkedHashMap<>();
  public Duration timeout = Duration.ofSeconds(20);
  public InstantSource clock = InstantSource.system();

  public TestStore(Path home) {
    this(home, "store", "key.pgp");
  }

  public TestStore(Path home, String store, String key) {
    this.home = home;
    this.folder = home.resolve(store);
    settings.put("store", folder.toString());
    settings.put("key-file", home.resolve(key).toString());
  }

  public TestStore with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  public StoreConfig config() {
    return new StoreConfig(
        settings, name -> Optional.ofNullable(environment.get(name)), timeout, clock);
  }

  public GpgStore open() {
    return open(CrashHook.NONE);
  }

  public GpgStore open(CrashHook steps) {
    return new GpgStore(GpgConfig.of(config()), steps);
  }

  public Path file(String file) {
    return folder.resolve(file);
  }

  public byte[] bytes(String file) {
    try {
      return Files.readAllBytes(file(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(String file, byte[] content) {
    try {
      Files.write(file(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String file) {
    try {
      Files.delete(file(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files of the store, relative to it, sorted. */
  public List<String> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the whole store, with the rights of its files. */
  public void copyTo(Path target) {
    copy(folder, target);
  }

  /** Puts the whole store back as it was. */
  public void restoreFrom(Path copy) {
    erase(folder);
    copy(copy, folder);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void erase(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(StoredSecret secret) {
    try (SecretValue value = secret.value()) {
      return value.asString();
    }
  }

  public static String get(GpgStore store, String name) {
    return text(store.fetch(name));
  }

  public static String put(GpgStore store, String name, String value) {
    return store.put(PutRequest.always(name, SecretValue.of(value))).version();
  }
}
