package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.generation.GenerationResult;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A scratch store to practise on: encrypted files in a temporary folder, with new values for the
 * exposed secret and its parts, and no hooks. The service's own store is neither read nor written.
 * Used by one thread; closing removes the store.
 *
 * @param folder the temporary folder
 * @param writer the writer of the scratch store; closing the drill closes it
 * @param inventory the exposed secret and its parts, without hooks
 */
public record EmergencyDrill(Path folder, SecretWriter writer, Inventory inventory)
    implements AutoCloseable {
  /** Stand-ins for values that people supply; the first that obey the rules are used. */
  private static final List<String> STAND_INS =
      List.of(
          "drill",
          "5432",
          "drill.example",
          "postgresql://drill@drill.example:5432/drill",
          "{}",
          "postgresql://drill@drill.example:5433/drill",
          "{\"drill\": 1}");

  private static final int USUAL_LENGTH = 32;

  /**
   * Makes the store and fills it; blocks for the file system, some seconds at most.
   *
   * @param name the secret to practise with, by its name in the inventory
   * @throws SecretException as {@link EmergencySettings#build}; {@code CONFIGURATION} if the store
   *     cannot be made, for example because the provider for encrypted files is missing
   */
  public static EmergencyDrill open(InventoryLocation site, String name) {
    AffectedSecrets targets = AffectedSecrets.of(site, name);
    Path folder;
    try {
      folder = Files.createTempDirectory("secrets-drill");
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "make the store of the drill")
          .reason(FileFailure.reason(e))
          .advice("Check the folder for temporary files (java.io.tmpdir)")
          .cause(e)
          .build();
    }
    SecretWriter writer = null;
    try {
      Map<String, String> stands = new LinkedHashMap<>();
      Inventory inventory = site.inventory().with(needed(site, targets, stands));
      writer = writer(folder);
      fill(
          new SecretGeneration(inventory, site.environment().name(), writer, SystemRandom.open()),
          stands);
      return new EmergencyDrill(folder, writer, inventory);
    } catch (RuntimeException e) {
      if (writer != null) {
        writer.close();
      }
      remove(folder);
      throw e;
    }
  }

  private static SecretWriter writer(Path folder) {
    return SecretProvider.builder()
        .environment(Map.of())
        .wholeNames()
        .backend("gpg")
        .set("gpg.store", folder.resolve("store").toString())
        .set("gpg.key-file", folder.resolve("key.pgp").toString())
        .set("overrides", "off")
        .buildWriter();
  }

  /**
   * Returns the affected secrets and their parts, without hooks; supplied values get a stand-in.
   */
  private static List<InventorySecret> needed(
      InventoryLocation site, AffectedSecrets targets, Map<String, String> stands) {
    Map<String, String> users = new HashMap<>();
    for (InventorySecret rotated : targets.rotated()) {
      RotationRule.Alternate alternate = rotated.alternate();
      if (alternate != null) {
        users.putIfAbsent(alternate.user(), alternate.users().get(0));
      }
    }
    Set<String> names = new HashSet<>(users.keySet());
    for (InventorySecret secret : site.secrets()) {
      if (targets.changed().contains(site.environment().stored(secret.name()))) {
        names.add(secret.name());
        names.addAll(secret.parts());
      }
    }
    List<InventorySecret> needed = new ArrayList<>();
    for (InventorySecret secret : site.secrets()) {
      if (names.contains(secret.name())) {
        needed.add(secret.valueOnly());
        String user = users.get(secret.name());
        if (user != null) {
          stands.put(secret.name(), user);
        } else if (!secret.isMade()) {
          List<String> obey = standIns(secret);
          if (obey.size() < (targets.rotated().contains(secret) ? 2 : 1)) {
            throw noStandIn(site, secret);
          }
          stands.put(secret.name(), obey.get(0));
        }
      }
    }
    return needed;
  }

  /**
   * Returns the stand-ins that obey the rules; some have the prefix and the length of the rules.
   */
  private static List<String> standIns(InventorySecret secret) {
    String prefix = Objects.requireNonNullElse(secret.rules().prefix(), "");
    int rest = Math.max(USUAL_LENGTH, secret.rules().minLength() - prefix.length());
    return Stream.concat(
            STAND_INS.stream(), Stream.of("0", "1").map(digit -> prefix + digit.repeat(rest)))
        .filter(
            stand -> {
              try (SecretValue value = SecretValue.of(stand)) {
                return secret.rules().broken(value).isEmpty();
              }
            })
        .toList();
  }

  /** Returns a stand-in for the new value of a secret that people supply; the caller closes it. */
  SecretValue another(InventorySecret secret) {
    return SecretValue.of(standIns(secret).get(1));
  }

  private static SecretException noStandIn(InventoryLocation site, InventorySecret secret) {
    return SecretException.of(SecretException.Kind.UNSUPPORTED, "make up a value for the drill of")
        .name(site.environment().stored(secret.name()))
        .reason("a person supplies it, and no stand-in obeys its rules")
        .advice("Practise with another secret, which shares no template with it")
        .build();
  }

  private static void fill(SecretGeneration generation, Map<String, String> stands) {
    stands.forEach(
        (name, stand) -> {
          try (SecretValue value = SecretValue.of(stand)) {
            GenerationResult unused = generation.set(name, value);
          }
        });
    for (String name : generation.names()) {
      GenerationResult unused = generation.make(name);
    }
  }

  Path journal() {
    return folder.resolve("journal");
  }

  @Override
  public void close() {
    writer.close();
    remove(folder);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the folder of the drill: " + folder, e);
    }
  }
}
