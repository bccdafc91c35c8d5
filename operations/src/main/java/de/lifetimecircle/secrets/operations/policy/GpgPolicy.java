package de.lifetimecircle.secrets.operations.policy;

/**
 * Writes commands that set the owner of an OpenPGP store's files, for its administrator. Stateless.
 *
 * <p>The store is one folder of one user, and every value in it is encrypted to the same keys:
 * whoever can read one secret can read all. So nobody shares a store; a deployment gets its own key
 * and copy.
 */
final class GpgPolicy {
  private GpgPolicy() {}

  static String text(AccessPolicy.Facts facts, AccessPolicy.Audience audience) {
    if (audience == AccessPolicy.Audience.CI) {
      return """
          # A store cannot let somebody read a part of it. Give the deployment a key of its own:
          secrets recipients add deployment-public-key.asc
          # and a copy of the store, which it reads with that key.
          """;
    }
    String folder = facts.required("folder");
    String user = facts.required("user");
    String group = facts.required("group");
    String owner = user + ":" + group;
    String common =
        "# The service and its rotator run as one user, who owns all files.\n"
            + "install -d -m 0700 -o "
            + user
            + " -g "
            + group
            + " "
            + folder
            + "\n"
            + "chown -R "
            + owner
            + " "
            + folder
            + "\n"
            + "chmod -R u=rwX,go= "
            + folder
            + "\n";
    return audience == AccessPolicy.Audience.ROTATOR
        ? common
        : common
            + "# A program that only reads needs no write permission; in a systemd unit:\n"
            + "#   ReadOnlyPaths="
            + folder
            + "\n";
  }
}
