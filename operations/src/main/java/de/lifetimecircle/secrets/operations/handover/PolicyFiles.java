package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.Policy;
import de.lifetimecircle.secrets.operations.Words;
import java.util.ArrayList;
import java.util.List;

/** Where the policies of an environment are kept, one file for each audience. Stateless. */
public final class PolicyFiles {
  private PolicyFiles() {}

  /** Those who are granted something: nobody else has a file. */
  public static List<Policy.Audience> audiences(Site site) {
    List<Policy.Audience> audiences = new ArrayList<>();
    for (Policy.Audience audience : Policy.Audience.values()) {
      if (audience == Policy.Audience.ROTATOR
          || site.secrets().stream()
              .anyMatch(secret -> secret.readers().contains(Words.of(audience)))) {
        audiences.add(audience);
      }
    }
    return audiences;
  }

  /** The file's place, relative to the inventory's folder. */
  public static String place(Site site, String backend, Policy.Audience audience) {
    String ending =
        switch (backend) {
          case "vault" -> ".hcl";
          case "gpg" -> ".sh";
          default -> ".json";
        };
    return site.place(Site.Paper.POLICIES) + "/" + Words.of(audience) + ending;
  }

  /** The command that writes it. */
  public static String command(Site site, String backend, Policy.Audience audience) {
    return site.command("policy --for " + Words.of(audience) + " --backend " + backend)
        + " > "
        + place(site, backend, audience);
  }

  /** The commands that write all of them. */
  static List<String> commands(Site site, String backend) {
    return audiences(site).stream().map(audience -> command(site, backend, audience)).toList();
  }
}
