package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A file that follows from the inventory alone, such as a policy: it can be compared with the one
 * in the repository. Immutable.
 *
 * @param site the inventory
 * @param place its path relative to the inventory's folder
 * @param words the command whose output it is
 * @param text the text as it would be written now; fails if the inventory lacks a fact
 */
public record GeneratedFile(
    InventoryLocation site, String place, String words, Supplier<String> text) {
  /** Returns the audiences that are granted something; only they have a policy. */
  public static List<AccessPolicy.Audience> audiences(InventoryLocation site) {
    return Arrays.stream(AccessPolicy.Audience.values())
        .filter(
            audience ->
                audience == AccessPolicy.Audience.ROTATOR
                    || site.secrets().stream()
                        .anyMatch(secret -> secret.readers().contains(EnumText.of(audience))))
        .toList();
  }

  /** Returns the policies, one for each audience; none for a backend without policies. */
  public static List<GeneratedFile> policies(InventoryLocation site, String backend) {
    return AccessPolicy.BACKENDS.contains(backend)
        ? audiences(site).stream().map(audience -> policy(site, backend, audience)).toList()
        : List.of();
  }

  /** Returns the policy of an audience. */
  public static GeneratedFile policy(
      InventoryLocation site, String backend, AccessPolicy.Audience audience) {
    return new GeneratedFile(
        site,
        site.place(InventoryLocation.ProjectFile.POLICIES)
            + "/"
            + PolicyFolder.file(audience, backend),
        "policy --for " + EnumText.of(audience) + " --backend " + backend,
        () -> AccessPolicy.text(site.inventory(), site.environment().name(), audience, backend));
  }

  /** Returns the command that writes it. */
  public String writing() {
    return site.writing(words, place);
  }

  /**
   * Returns the text in the repository; empty if there is none. Blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be read
   */
  public Optional<String> kept() {
    return RepositoryFile.read(site.folder().resolve(place), "the file");
  }
}
