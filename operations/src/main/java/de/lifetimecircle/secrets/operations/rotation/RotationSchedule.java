package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes definitions that rotate due secrets: a line for cron, units for systemd, a workflow for
 * GitHub. They run every night, because {@code rotate due} itself knows which secrets are due.
 * Stateless.
 */
public final class RotationSchedule {
  /** The system that runs the definitions. */
  public enum For {
    /** A file for {@code /etc/cron.d}. */
    CRON,
    /** A service and a timer. */
    SYSTEMD,
    /** A workflow of GitHub Actions. */
    GITHUB
  }

  /** Characters that a shell, cron, systemd and YAML read alike. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@+=:,./_-]+");

  private RotationSchedule() {}

  /**
   * The facts that the definitions state. cron and systemd do not have the variables of a person's
   * shell, so they name a settings file.
   *
   * @param id the service's name, for users and folders
   * @param zone the inventory's time zone
   * @param journals the folder of the journals, quoted for a shell
   */
  record Job(
      String service,
      String id,
      String environment,
      String zone,
      int hour,
      String command,
      String journals) {}

  /**
   * Returns the definitions by the name of their file.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param hour the hour of the day, 0 to 23, in the inventory's time zone; for cron in that of the
   *     machine
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if there is no such
   *     environment, or if the path has a space or another character that needs quotes
   */
  public static Map<String, String> text(
      Inventory inventory, String environment, String file, For system, int hour) {
    String name = inventory.environment(environment).name();
    String command =
        "secrets rotate due --environment "
            + name
            + (file.equals(Inventory.FILE) ? "" : " --inventory " + requirePlain(file));
    String id = inventory.service().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String folder = file.substring(0, file.lastIndexOf('/') + 1) + Rotations.FOLDER;
    String zone = inventory.zone().getId();
    Job job = new Job(inventory.service(), id, name, zone, hour, command, ShellWord.of(folder));
    Map<String, String> files = new LinkedHashMap<>();
    String unit = "secrets-rotate-" + id + "-" + name;
    switch (system) {
      case CRON -> files.put(unit, Templates.text(out -> JteCronGenerated.render(out, null, job)));
      case SYSTEMD -> {
        files.put(
            unit + ".service",
            Templates.text(out -> JteSystemdServiceGenerated.render(out, null, job)));
        files.put(
            unit + ".timer",
            Templates.text(out -> JteSystemdTimerGenerated.render(out, null, job)));
      }
      case GITHUB ->
          files.put(
              "rotate-secrets.yml",
              Templates.text(out -> JteGithubScheduleGenerated.render(out, null, job)));
    }
    return files;
  }

  private static String requirePlain(String file) {
    if (!PLAIN.matcher(file).matches()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the schedule")
          .reason(
              "the path of the inventory has a character that cron, systemd or YAML reads as more")
          .advice("Move it to a folder whose name has only letters, digits and ./_-")
          .build();
    }
    return file;
  }
}
