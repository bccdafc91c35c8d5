package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The content of a service's {@code secrets.yaml}: its secrets, how their values are generated,
 * their readers and their rotations. It holds no value. Immutable and safe to share.
 *
 * @param service the name of the service
 * @param contact the contact for an emergency, if the file has one
 * @param zone the time zone of its dates
 * @param environmentsByName its environments, in the order of the file
 * @param audit the expected readers, hours and addresses
 * @param secretsByName its secrets without prefix, in the order of the file
 * @param text the text of the file
 * @param source the path of the file as it was given to {@link #read}, or the name of its text
 * @param hint the hint that completes its commands
 */
public record Inventory(
    String service,
    Optional<String> contact,
    ZoneId zone,
    Map<String, ServiceEnvironment> environmentsByName,
    AuditRules audit,
    Map<String, InventorySecret> secretsByName,
    String text,
    String source,
    CommandHint hint) {
  /** The usual name of the file. */
  public static final String FILE = "secrets.yaml";

  /** Copies the maps. */
  public Inventory {
    environmentsByName = Collections.unmodifiableMap(new LinkedHashMap<>(environmentsByName));
    secretsByName = Collections.unmodifiableMap(new LinkedHashMap<>(secretsByName));
  }

  /** Returns the source only: a person may have put a value into the text by mistake. */
  @Override
  public String toString() {
    return source;
  }

  /**
   * Reads an inventory from a file in UTF-8; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read, or with all its
   *     mistakes at once, each with line and column
   */
  public static Inventory read(Path file) {
    return parse(textOf(file), file.toString());
  }

  /**
   * Reads an inventory from its text.
   *
   * @param source the name of the text in messages
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once, each with line and
   *     column
   */
  public static Inventory parse(String text, String source) {
    return InventoryReader.read(text, new InventoryMistakes(source));
  }

  /**
   * Returns the text of an inventory without checking it; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read
   */
  public static String textOf(Path file) {
    try {
      if (Files.size(file) > YamlFile.LONGEST) {
        throw unreadable("it is longer than 1 MiB", file);
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (NoSuchFileException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "read the inventory")
          .name(file.toString())
          .reason("there is no such file")
          .advice(
              Files.isDirectory(file.toAbsolutePath().resolveSibling("."))
                  ? "Name it with --inventory, or write one with '"
                      + beginning(file.toString())
                      + "'"
                  : "Name it with --inventory; there is no such folder either")
          .build();
    } catch (CharacterCodingException e) {
      throw unreadable("it is not UTF-8", file);
    } catch (IOException e) {
      throw unreadable(FileFailure.reason(e), file);
    }
  }

  private static SecretException unreadable(String why, Path file) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "read the inventory")
        .name(file.toString())
        .reason(why)
        .advice("Check the file and its rights")
        .build();
  }

  /**
   * Returns a command on this inventory that can be pasted in the directory where the inventory was
   * read: with {@code --inventory} if the file has another name than the usual one, and with {@code
   * --environment} if there are several.
   */
  public String command(String words, ServiceEnvironment environment) {
    String one = environmentsByName.size() > 1 ? " --environment " + environment.name() : "";
    return hint.complete(onThis(words) + one);
  }

  /** Returns a command on all environments, as {@link #command}. */
  public String commandOnAll(String words) {
    return hint.complete(onThis(words));
  }

  private String onThis(String words) {
    String command = "secrets " + words;
    return source.equals(FILE) ? command : command + " --inventory " + ShellWord.of(source);
  }

  /** Returns a command on the same store that needs no inventory. */
  public String storeCommand(String words) {
    return hint.complete("secrets " + words);
  }

  /** Returns the command that writes an example inventory to a file that does not exist yet. */
  static String beginning(String source) {
    return "secrets init --inventory" + (source.equals(FILE) ? "" : " " + ShellWord.of(source));
  }

  /** Returns a copy whose commands are completed by this hint. */
  public Inventory withHint(CommandHint completing) {
    return named(source, completing);
  }

  /**
   * Returns a copy for a document, whose commands people paste beside the file.
   *
   * @param file the name of the file in its folder
   */
  public Inventory inDocument(String file) {
    return named(file, CommandHint.BARE);
  }

  private Inventory named(String name, CommandHint completing) {
    return new Inventory(
        service, contact, zone, environmentsByName, audit, secretsByName, text, name, completing);
  }

  /** Returns the names of the environments, in the order of the file. */
  public List<String> environmentNames() {
    return List.copyOf(environmentsByName.keySet());
  }

  /** Returns the names of the secrets, without prefix, in the order of the file. */
  public List<String> names() {
    return List.copyOf(secretsByName.keySet());
  }

  /**
   * Returns an environment by its name.
   *
   * @param name its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is none, or more than one to choose from
   */
  public ServiceEnvironment environment(String name) {
    if (name.isEmpty() && environmentsByName.size() == 1) {
      return environmentsByName.values().iterator().next();
    }
    ServiceEnvironment found = environmentsByName.get(name);
    if (found == null) {
      String known = String.join(", ", environmentsByName.keySet());
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "choose the environment")
          .reason(
              name.isEmpty() ? "the inventory has several" : "the inventory has none of that name")
          // A command may take the name as an argument, and have no such option.
          .advice((name.isEmpty() ? "Give --environment with one of: " : "Use one of: ") + known)
          .build();
    }
    return found;
  }

  /** Returns all environments, in the order of the file. */
  public List<ServiceEnvironment> environments() {
    return List.copyOf(environmentsByName.values());
  }

  /**
   * Returns the environment of a name, or all if the name is empty.
   *
   * @throws SecretException {@code CONFIGURATION} if there is no environment of that name
   */
  public List<ServiceEnvironment> environments(String name) {
    return name.isEmpty() ? environments() : List.of(environment(name));
  }

  /** Returns the secrets of an environment; a template after its parts. */
  public List<InventorySecret> secrets(ServiceEnvironment environment) {
    return TemplateCycles.partsFirst(
        secretsByName.values().stream()
            .filter(secret -> secret.environments().contains(environment.name()))
            .toList());
  }

  /**
   * Returns the secrets whose templates use one of these names, directly or through another
   * template, the nearest first.
   *
   * @param secrets as {@link #secrets} returns them, a template after its parts
   */
  public static List<String> users(Collection<InventorySecret> secrets, Collection<String> names) {
    List<String> users = new ArrayList<>();
    for (InventorySecret secret : secrets) {
      if (secret.parts().stream().anyMatch(part -> names.contains(part) || users.contains(part))) {
        users.add(secret.name());
      }
    }
    return users;
  }

  /**
   * Returns the purpose of a secret.
   *
   * @param stored its name in the store
   */
  public Optional<String> description(String stored) {
    for (ServiceEnvironment environment : environmentsByName.values()) {
      for (InventorySecret secret : secretsByName.values()) {
        if (secret.environments().contains(environment.name())
            && environment.stored(secret.name()).equals(stored)) {
          return Optional.of(secret.description());
        }
      }
    }
    return Optional.empty();
  }

  /** Returns a copy with other secrets, for example for a drill. */
  public Inventory with(Collection<InventorySecret> others) {
    Map<String, InventorySecret> byName = new LinkedHashMap<>();
    others.forEach(secret -> byName.put(secret.name(), secret));
    return new Inventory(
        service, contact, zone, environmentsByName, audit, byName, text, source, hint);
  }

  /** Returns a copy with this environment in place of the one of its name. */
  public Inventory with(ServiceEnvironment other) {
    Map<String, ServiceEnvironment> byName = new LinkedHashMap<>(environmentsByName);
    byName.put(other.name(), other);
    return new Inventory(service, contact, zone, byName, audit, secretsByName, text, source, hint);
  }

  /** Returns the secrets of an environment by their names. */
  public Map<String, InventorySecret> byName(ServiceEnvironment environment) {
    return secrets(environment).stream()
        .collect(Collectors.toMap(InventorySecret::name, secret -> secret));
  }
}
