package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Version 4.2.2 by its commit, because a tag can be moved. */
  private static final String CHECKOUT =
      "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2";

  /** The settings file, because cron and systemd do not have the variables of a person's shell. */
  private static final String SETTINGS =
      "# The settings file chooses the backend; without it, this user's default store.";

  private RotationSchedule() {}

  /**
   * Returns the definitions by the name of their file.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param hour the hour of the day, 0 to 23, in the inventory's time zone (UTC on GitHub and in
   *     cron's own zone there)
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
    Map<String, String> files = new LinkedHashMap<>();
    String unit = "secrets-rotate-" + id + "-" + name;
    switch (system) {
      case CRON -> files.put(unit, cron(inventory, id, command, hour));
      case SYSTEMD -> {
        files.put(unit + ".service", service(inventory, id, command));
        files.put(unit + ".timer", timer(inventory, name, hour));
      }
      case GITHUB -> files.put("rotate-secrets.yml", github(name, command, file, hour));
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

  private static String lines(String... lines) {
    return String.join("\n", List.of(lines)) + "\n";
  }

  private static String cron(Inventory inventory, String id, String command, int hour) {
    return lines(
        "# Rotates the due secrets of " + inventory.service() + " every night.",
        "# For /etc/cron.d. The hour is in the machine's time zone; cron mails the output.",
        "SHELL=/bin/sh",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        SETTINGS,
        "SECRETS_CONFIG=/etc/" + id + "/secrets.properties",
        "17 " + hour + " * * * " + id + " cd /srv/" + id + " && " + command);
  }

  private static String service(Inventory inventory, String id, String command) {
    return lines(
        "[Unit]",
        "Description=Rotate the due secrets of " + inventory.service(),
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        "User=" + id,
        "WorkingDirectory=/srv/" + id,
        SETTINGS,
        "Environment=SECRETS_CONFIG=/etc/" + id + "/secrets.properties",
        "ExecStart=/usr/bin/env " + command,
        "# An interrupted rotation is resumed the next night.",
        "TimeoutStartSec=1h",
        "PrivateTmp=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=full",
        "UMask=0077");
  }

  private static String timer(Inventory inventory, String environment, int hour) {
    return lines(
        "[Unit]",
        "Description=Every night: rotate the due secrets of " + environment,
        "",
        "[Timer]",
        String.format(
            Locale.ROOT, "OnCalendar=*-*-* %02d:17:00 %s", hour, inventory.zone().getId()),
        "Persistent=yes",
        "RandomizedDelaySec=10min",
        "",
        "[Install]",
        "WantedBy=timers.target");
  }

  private static String github(String environment, String command, String file, int hour) {
    String folder = file.substring(0, file.lastIndexOf('/') + 1) + Rotations.FOLDER;
    return trigger(environment, hour) + job(environment, command, ShellWord.of(folder));
  }

  private static String trigger(String environment, int hour) {
    return lines(
        "name: Rotate secrets",
        "",
        "on:",
        "  schedule:",
        "    # In UTC, the only time zone that GitHub supports here.",
        "    - cron: \"17 " + hour + " * * *\"",
        "  workflow_dispatch:",
        "",
        "permissions: {}",
        "",
        "concurrency:",
        "  group: rotate-secrets-" + environment,
        "  cancel-in-progress: false",
        "");
  }

  private static String job(String environment, String command, String journals) {
    return lines(
        "jobs:",
        "  rotate:",
        "    name: Rotate due secrets",
        "    # Your own runner: it reaches the database, can deploy, and has 'secrets' on its PATH",
        "    # with the identity and the settings (SECRETS_CONFIG) of the rotator.",
        "    runs-on: [self-hosted, secrets-rotator]",
        "    environment: " + environment,
        "    timeout-minutes: 60",
        "    permissions:",
        "      # The repository keeps the journal and the log, which hold no value.",
        "      contents: write",
        "    steps:",
        "      - uses: " + CHECKOUT,
        "        with:",
        "          persist-credentials: true",
        "      - name: Rotate",
        "        run: " + command,
        "      - name: Keep the journal and the log",
        "        if: always()",
        "        run: |",
        "          [ -d " + journals + " ] || exit 0 # nothing was due yet",
        "          git add " + journals,
        "          git diff --cached --quiet && exit 0",
        "          git config user.name secrets-rotator",
        "          git config user.email secrets-rotator@users.noreply.github.com",
        "          git commit --message 'Keep the journal of rotations'",
        "          git push");
  }
}
