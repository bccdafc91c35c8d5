package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ValueRules;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that the service's files name each secret that it may read, and that each has a rule.
 * Whether the service starts with them is a claim.
 */
record ServiceCheck(ChecklistContext context) {
  private static final int MOST_FILES = 500;
  private static final long LONGEST = 1024 * 1024;

  void check(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    String place = site.place(InventoryLocation.ProjectFile.SERVICE);
    Path path = site.path(InventoryLocation.ProjectFile.SERVICE);
    List<InventorySecret> read =
        site.secrets().stream().filter(secret -> secret.readers().contains("service")).toList();
    List<String> unruled =
        read.stream().filter(secret -> !ruled(secret)).map(InventorySecret::name).toList();
    if (!unruled.isEmpty()) {
      item.missing(site.editing(), "service.unruled", String.join(", ", unruled), site.file());
    }
    if (!Files.exists(path)) {
      item.onTheirWord("service.none", place);
      return;
    }
    String text = text(path, place);
    List<String> unnamed =
        read.stream()
            .map(secret -> ProgramWiring.variable(secret.name()))
            .filter(variable -> !text.contains(variable))
            .toList();
    if (!unnamed.isEmpty()) {
      item.missing(
          context.site().editing(place), "service.unnamed", place, String.join(", ", unnamed));
    }
    if (item.complete()) {
      // A name in a file does not show that the service starts with the secret.
      item.onTheirWord("service.unclaimed", String.join(" ", context.service().variables()));
      long overridden = read.stream().filter(secret -> secret.localOverride() != null).count();
      item.proven("service.proof", place, read.size());
      item.proven("service.rules", read.size(), overridden);
    }
  }

  private static boolean ruled(InventorySecret secret) {
    return secret.isMade() || !secret.rules().equals(ValueRules.NONE);
  }

  /** Reads one file, or all files of a folder. */
  private static String text(Path path, String place) {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).limit(MOST_FILES).toList()) {
        if (Files.size(file) <= LONGEST) {
          text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "read the service's files")
          .name(place)
          .reason(FileFailure.reason(e))
          .advice("Check them and their permissions")
          .cause(e)
          .build();
    }
    return text.toString();
  }
}
