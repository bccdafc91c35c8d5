package de.lifetimecircle.secrets.operations.policy;

/**
 * Writes who owns the files of an OpenPGP store, as commands for its administrator. Stateless.
 *
 * <p>The store is one folder of one user, and every value in it is encrypted to the same keys:
 * whoever reads one secret can read all. So nobody is let into another's store; a deployment gets a
 * key and a copy of its own.
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
        "# The service and who rotates its secrets run as one user, who owns all of it.\n"
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
            + "# What only reads needs no right to write: a unit of systemd says\n"
            + "#   ReadOnlyPaths="
            + folder
            + "\n";
  }
}
