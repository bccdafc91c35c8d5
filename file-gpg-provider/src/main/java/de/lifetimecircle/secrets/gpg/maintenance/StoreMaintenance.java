package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.RollbackGuard;
import de.lifetimecircle.secrets.gpg.session.StoreCreation;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Verifies, backs up and repairs a store, each time with a session of its own: also one that cannot
 * be opened to read secrets. Safe for use by several threads.
 */
public record StoreMaintenance(GpgConfig config, CrashHook steps) {
  /** Verifies the store. */
  public StoreReport verify() throws IOException {
    return check(config, Level.DAMAGED);
  }

  /** Verifies a copy of the store: an archive or a folder. */
  public StoreReport verify(Path copy) throws IOException {
    if (Files.isDirectory(copy)) {
      return verifyFolder(copy);
    }
    if (!Files.isRegularFile(copy)) {
      throw StoreFailure.of(
          Kind.NOT_FOUND, "there is no file or folder " + copy, "Name a backup, or a folder");
    }
    // Readable by its owner alone, and its content is encrypted.
    Path folder = Files.createTempDirectory("secrets-verify");
    try (InputStream file = new BufferedInputStream(Files.newInputStream(copy));
        InputStream in = TarReader.isCompressed(copy) ? new GZIPInputStream(file) : file) {
      new TarReader(copy.toString(), in).extractTo(folder);
      return named(verifyFolder(folder), folder, copy);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw StoreFailure.of(
          Kind.CORRUPT, copy + " is damaged, or is not compressed", "Use another backup");
    } finally {
      erase(folder);
    }
  }

  private StoreReport verifyFolder(Path copy) throws IOException {
    if (!hasHidden(copy) && StoreCreation.secretIn(copy).isPresent()) {
      throw GpgErrors.corrupt(StoreLayout.HIDDEN, "is missing in this copy", "Use another backup");
    }
    GpgConfig ofCopy =
        new GpgConfig(
            copy,
            config.keySource(),
            config.signers(),
            config.foreignEdits(),
            config.retention(),
            Optional.empty(),
            config.timeout(),
            config.clock());
    return check(ofCopy, Level.NOTE);
  }

  private StoreReport check(GpgConfig of, Level older) throws IOException {
    try (StoreSession session = open(of, Optional.empty())) {
      return new StoreCheck(session).run(highWater().remembered(), older);
    }
  }

  private RollbackGuard highWater() {
    return new RollbackGuard(config.highWaterFile());
  }

  private static StoreReport named(StoreReport report, Path folder, Path copy) {
    Map<String, String> facts = new LinkedHashMap<>(report.facts());
    facts.replace("store", folder.toString(), copy.toString());
    return new StoreReport(facts, report.findings());
  }

  private static void erase(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  /** Writes an archive of the store. */
  public StoreReport backup(Path file, ExistingFile existing) throws IOException {
    try (StoreSession session = open(config, config.highWaterFile())) {
      return new StoreBackup(session, steps).write(file, existing);
    }
  }

  /** Returns what a repair would do; empty if there is nothing to repair. */
  public Optional<StoreReport> planRepair() throws IOException {
    try (StoreSession session = open(config, Optional.empty())) {
      return session.rebuild(mode -> new StoreRepair(session, highWater()).plan().forPeople());
    }
  }

  /** Carries out a plan, if it is still the one that was approved. */
  public StoreReport repair(StoreReport plan) throws IOException {
    try (StoreSession session = open(config, Optional.empty())) {
      return session.rebuild(mode -> new StoreRepair(session, highWater()).apply(plan));
    }
  }

  private StoreSession open(GpgConfig of, Optional<Path> mark) throws IOException {
    if (!hasHidden(of.store())) {
      Optional<String> secret = StoreCreation.secretIn(of.store());
      if (secret.isPresent()) {
        throw StoreCreation.withoutHidden(of, secret.get());
      }
      throw StoreFailure.of(
          Kind.NOT_FOUND,
          "there is no store in " + of.store(),
          "Set gpg.store, or name its folder");
    }
    return StoreSession.open(of, steps, mark);
  }

  private static boolean hasHidden(Path store) throws IOException {
    Path hidden = store.resolve(StoreLayout.HIDDEN);
    return DurableFiles.isThere(hidden) && Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS);
  }
}
