package org.example.pools;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The login of a service in one backend, and its rotation by the shipped hook. */
final class HookRotation implements RotationListener {
  private static final Duration BETWEEN = Duration.ofSeconds(2);

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {apply: [./postgresql], test: [./postgresql], retire: [./postgresql]}
      secrets:
        DB_ADMIN_PW: {description: password, generator: hex 16, rotation: {every: 6 months%s}}
        DB_USERNAME: {description: user}
        DB_HOST: {description: host}
        DB_PORT: {description: port}
        DB_NAME: {description: database}
        DATABASE_URL:
          description: url
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:{DB_PORT}/{DB_NAME}
      """;

  private final RunningBackend backend;
  private final Rotations rotations;
  private final List<String> passwords = new ArrayList<>();
  private final String role;
  private volatile long applying;
  private volatile long applied;
  private volatile Duration gap = Duration.ZERO;

  /**
   * Makes the roles and stores the login of the first.
   *
   * @param roles one, or two who take turns
   */
  HookRotation(RunningBackend backend, Database database, Path folder, String... roles) throws IOException {
    this.backend = backend;
    this.role = roles[0];
    Files.createDirectories(folder);
    // With the marker that the leak scan of ./verify looks for.
    String first = "CANARY-" + UUID.randomUUID().toString().replace("-", "");
    passwords.add(first);
    for (String each : roles) {
      database.role(each, first);
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("DB_ADMIN_PW", first);
    values.put("DB_USERNAME", role);
    values.put("DB_HOST", "127.0.0.1");
    values.put("DB_PORT", "" + database.port());
    values.put("DB_NAME", "postgres");
    values.put("DATABASE_URL", database.url(role, first));
    values.put("DB_JSON", json(first));
    values.forEach((name, text) -> backend.put("prod/" + name, text));
    String turns =
        roles.length == 1
            ? ""
            : ", alternate: {user: DB_USERNAME, users: [" + String.join(", ", roles) + "]}";
    Path inventory = folder.resolve("secrets.yaml");
    Files.writeString(inventory, INVENTORY.replace("%s", turns));
    Path hook = Files.copy(Pages.ROOT.resolve("examples/hooks/postgresql"), folder.resolve("postgresql"));
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    this.rotations =
        Rotations.of(Inventory.read(inventory), "", backend.writer())
            .journal(folder.resolve(Rotations.FOLDER))
            .hookFolder(folder)
            .hookLimit(Duration.ofMinutes(2))
            .who("anna")
            .listener(this)
            .build();
  }

  /** The form that the driver of AWS reads. */
  private String json(String password) {
    return "{\"username\":\"" + role + "\",\"password\":\"" + password + "\"}";
  }

  /** Replaces the password; 2 s pass between the database and the promotion. */
  void rotate() {
    if (rotations.rotate("DB_ADMIN_PW", Duration.ZERO).outcome() != RotationReport.Outcome.FINISHED) {
      throw new IllegalStateException("the rotation is not finished");
    }
  }

  /** As {@link #rotate}, but leaves the old password valid. */
  void rotateWithGrace() {
    rotations.rotate("DB_ADMIN_PW", Duration.ofHours(1));
  }

  void retire() {
    rotations.retire("DB_ADMIN_PW");
  }

  /** How long the database had a password that was not served, in the last rotation. */
  Duration gap() {
    return gap;
  }

  List<String> passwords() {
    return passwords;
  }

  @Override
  public void at(String name, RotationStep step, Moment moment) {
    if (step == RotationStep.APPLY && moment == Moment.BEFORE) {
      // The hook changes the password while this step runs, so the gap counts from here.
      applying = System.nanoTime();
    } else if (step == RotationStep.APPLY && moment == Moment.DONE) {
      applied = System.nanoTime();
    } else if (step == RotationStep.TEST && moment == Moment.RECORDED) {
      Waiting.pause(BETWEEN.minusNanos(System.nanoTime() - applied));
    } else if (step == RotationStep.RENDER && moment == Moment.DONE) {
      gap = Duration.ofNanos(System.nanoTime() - applying);
      String password = backend.writer().provider().refresh("prod/DB_ADMIN_PW").asString();
      passwords.add(password);
      backend.put("prod/DB_JSON", json(password));
    }
  }
}
