package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Secrets as files of a folder, for their owner only but not encrypted: an example, not a place for
 * secrets.
 *
 * <p>A file holds the id of its version (36 characters) and then the value. It is replaced at once,
 * so a reader finds the old one or the new one. Safe for use by several threads and processes:
 * there is no state but the folder and a flag.
 */
final class PlainStore implements WritableStore, ListableStore, DeletableStore {
  static final int MAX_BYTES = 65_536;
  static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Capability.WRITE,
              Capability.LIST,
              Capability.DELETE,
              Capability.EMPTY_VALUE,
              Capability.READ_AFTER_WRITE));

  private static final int ID_LENGTH = 36;

  private final Path folder;
  private volatile boolean closed;

  PlainStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  private Path file(String name) {
    return folder.resolve(PlainNames.encode(name));
  }

  private void requireOpen(String action, String name) {
    if (closed) {
      throw PlainErrors.failure(Kind.CLOSED, action, name, "the store was closed");
    }
  }

  @Override
  public StoredSecret fetch(String name) {
    requireOpen("fetch secret", name);
    Path file = file(name);
    return PlainErrors.call("fetch secret", name, () -> read(name, file));
  }

  private static StoredSecret read(String name, Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length < ID_LENGTH) {
      throw PlainErrors.failure(Kind.CORRUPT, "fetch secret", name, "its file was cut short");
    }
    String id = new String(content, 0, ID_LENGTH, StandardCharsets.US_ASCII);
    byte[] value = Arrays.copyOfRange(content, ID_LENGTH, content.length);
    Arrays.fill(content, (byte) 0);
    StoredSecret secret =
        new StoredSecret(SecretValue.of(value), id, Files.getLastModifiedTime(file).toInstant());
    Arrays.fill(value, (byte) 0);
    return secret;
  }

  @Override
  public PutResult put(PutRequest request) {
    String name = request.name();
    requireOpen("put secret", name);
    Path file = file(name);
    if (request.condition() != PutRequest.Condition.ALWAYS || request.stage() != Stage.CURRENT) {
      throw PlainErrors.unsupported("put secret", name);
    }
    if (request.value().size() > MAX_BYTES) {
      throw PlainErrors.failure(
          Kind.TOO_LARGE, "put secret", name, "a value has at most " + MAX_BYTES + " bytes");
    }
    return PlainErrors.call("put secret", name, () -> write(request, file));
  }

  private PutResult write(PutRequest request, Path file) throws IOException {
    PutResult.Outcome outcome = PutResult.Outcome.CREATED;
    try {
      StoredSecret held = read(request.name(), file);
      try (SecretValue value = held.value()) {
        if (value.equals(request.value())) {
          return new PutResult(held.version(), PutResult.Outcome.UNCHANGED);
        }
      }
      outcome = PutResult.Outcome.UPDATED;
    } catch (NoSuchFileException e) {
      Files.createDirectories(folder, OwnerOnlyFiles.folder(folder));
    }
    String id = UUID.randomUUID().toString();
    byte[] value = request.value().asBytes();
    byte[] content =
        Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), ID_LENGTH + value.length);
    System.arraycopy(value, 0, content, ID_LENGTH, value.length);
    try {
      // Its draft begins with a dot, as no name of a secret does there.
      OwnerOnlyFiles.write(file, content);
    } finally {
      Arrays.fill(value, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
    return new PutResult(id, outcome);
  }

  @Override
  public void promote(String name, String version) {
    throw PlainErrors.unsupported("promote secret", name);
  }

  @Override
  public List<String> list(String prefix) {
    requireOpen("list secrets", "");
    return PlainErrors.call(
        "list secrets",
        "",
        () -> {
          List<String> names = new ArrayList<>();
          if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*")) {
              for (Path file : files) {
                String name = PlainNames.decode(file.getFileName().toString());
                if (name.startsWith(prefix)) {
                  names.add(name);
                }
              }
            }
          }
          Collections.sort(names);
          return List.copyOf(names);
        });
  }

  @Override
  public void delete(String name) {
    requireOpen("delete secret", name);
    Path file = file(name);
    var unused =
        PlainErrors.call(
            "delete secret",
            name,
            () -> {
              Files.delete(file);
              return name;
            });
  }

  @Override
  public void restore(String name) {
    throw PlainErrors.unsupported("restore secret", name);
  }

  @Override
  public void purge(String name) {
    throw PlainErrors.unsupported("purge secret", name);
  }

  @Override
  public Map<String, String> describe(String name) {
    requireOpen("describe secret", name);
    Path file = file(name);
    return PlainErrors.call(
        "describe secret",
        name,
        () -> {
          Map<String, String> facts = new LinkedHashMap<>();
          facts.put("changed", Files.getLastModifiedTime(file).toString());
          return facts;
        });
  }

  @Override
  public Map<String, String> check() {
    requireOpen("check the store", "");
    return Map.of("folder", folder.toString());
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Shows the folder. */
  @Override
  public String toString() {
    return "PlainStore[" + folder + "]";
  }
}
