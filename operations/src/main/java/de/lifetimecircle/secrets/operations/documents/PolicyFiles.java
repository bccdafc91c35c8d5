package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.util.ArrayList;
import java.util.List;

/** Names the policy files of an environment, one for each audience. Stateless. */
public final class PolicyFiles {
  private PolicyFiles() {}

  /** Returns the audiences that are granted something; only they have a file. */
  public static List<AccessPolicy.Audience> audiences(InventoryLocation site) {
    List<AccessPolicy.Audience> audiences = new ArrayList<>();
    for (AccessPolicy.Audience audience : AccessPolicy.Audience.values()) {
      if (audience == AccessPolicy.Audience.ROTATOR
          || site.secrets().stream()
              .anyMatch(secret -> secret.readers().contains(EnumText.of(audience)))) {
        audiences.add(audience);
      }
    }
    return audiences;
  }

  /** Returns the file's path relative to the inventory's folder. */
  public static String place(
      InventoryLocation site, String backend, AccessPolicy.Audience audience) {
    return site.place(InventoryLocation.Paper.POLICIES)
        + "/"
        + PolicyFolder.file(audience, backend);
  }

  /** Returns the command that writes the file. */
  public static String writing(
      InventoryLocation site, String backend, AccessPolicy.Audience audience) {
    return site.writing(
        "policy --for " + EnumText.of(audience) + " --backend " + backend,
        place(site, backend, audience));
  }

  /** Returns the commands that write all files. */
  public static List<String> commands(InventoryLocation site, String backend) {
    return audiences(site).stream().map(audience -> writing(site, backend, audience)).toList();
  }
}
