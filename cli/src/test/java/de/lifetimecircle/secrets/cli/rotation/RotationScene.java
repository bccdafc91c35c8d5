package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/**
 * A service with a database whose users take turns, in a folder of its own: the inventory, hooks,
 * and a door for each user, which is a file with the password that opens it.
 */
final class RotationScene {
  static final String FIRST = "0123456789abcdef0123456789abcdef";

  /** Between braces of the line that a hook gets; the values here have no character to escape. */
  private static final String HOOK =
      """
      #!/bin/sh
      line=$(cat)
      field() { printf '%s' "$line" | sed -n "s/.*\\"$1\\":{[^}]*\\"$2\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }
      case $ROTATION_STEP in
        apply)
          field new DB_ADMIN_PW > "door/.$$"
          mv "door/.$$" "door/$(field new DB_USERNAME)" ;;
        test) [ "$(cat "door/$(field new DB_USERNAME)")" = "$(field new DB_ADMIN_PW)" ] ;;
        deploy)
          echo deployed >> deployments
          if [ -e orphan ]; then rm orphan; echo $$ > orphan-pid; kill -9 $PPID; exec sleep 60; fi ;;
        retire) rm -f "door/$(field old DB_USERNAME)" ;;
      esac
      """;

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {apply: [./hook], test: [./hook], deploy: [./hook], verify: [./hook], retire: [./hook]}
      secrets:
        DB_ADMIN_PW:
          description: password
          generator: hex 16
          rotation:
            every: 3 months
            alternate: {user: DB_USERNAME, users: [ltc_a, ltc_b]}
        DB_USERNAME: {description: user}
        DATABASE_URL: {description: url, template: "postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@db:5432/ltc"}
      """;

  final Path folder;
  final Path inventoryFile;

  private RotationScene(Path folder) {
    this.folder = folder;
    this.inventoryFile = folder.resolve("secrets.yaml");
  }

  /** One that was made before. */
  static RotationScene in(Path folder) {
    return new RotationScene(folder);
  }

  /** Makes it, with a store in that the first user's password is served. */
  static RotationScene make(Path folder, Map<String, String> environment) throws IOException {
    RotationScene scene = new RotationScene(folder);
    Files.createDirectories(folder.resolve("door"));
    Files.writeString(scene.inventoryFile, INVENTORY);
    Path hook = Files.writeString(folder.resolve("hook"), HOOK);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("door/ltc_a"), FIRST);
    try (SecretWriter writer = writer(environment)) {
      put(writer, "prod/DB_ADMIN_PW", FIRST);
      put(writer, "prod/DB_USERNAME", "ltc_a");
      put(writer, "prod/DATABASE_URL", "postgresql://ltc_a:" + FIRST + "@db:5432/ltc");
    }
    return scene;
  }

  private static void put(SecretWriter writer, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  static SecretWriter writer(Map<String, String> environment) {
    return SecretProvider.builder().environment(environment).set("overrides", "off").buildWriter();
  }

  Rotations rotations(SecretWriter writer, String who, RotationListener listener) {
    return Rotations.of(Inventory.read(inventoryFile), "", writer)
        .journal(folder.resolve(Rotations.FOLDER))
        .hookFolder(folder)
        .hookLimit(Duration.ofSeconds(60))
        .who(who)
        .listener(listener)
        .build();
  }

  /** The file that stands for a user's login, with the password that opens it. */
  Path door(String user) {
    return folder.resolve("door").resolve(user);
  }

  /** Whether what a service is served now opens the door of its user. */
  boolean opens(SecretProvider provider) {
    String url = provider.get("prod/DATABASE_URL", Duration.ZERO).asString();
    String[] login = url.substring("postgresql://".length(), url.indexOf('@')).split(":", 2);
    try {
      Path door = door(login[0]);
      return Files.exists(door) && Files.readString(door).equals(login[1]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
