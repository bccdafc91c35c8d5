package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Writes an archive of a store as of one moment. Used once.
 *
 * <p>The archive is written beside its place under a hidden name and gets its own name in one step.
 */
final class StoreBackup {
  private final StoreSession session;
  private final CrashHook steps;
  private final StoreFindings findings = new StoreFindings();

  StoreBackup(StoreSession session, CrashHook steps) {
    this.session = session;
    this.steps = steps;
  }

  StoreReport write(Path file, ExistingFile existing) throws IOException {
    Path target = target(file);
    if (existing == ExistingFile.KEEP && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw exists(target);
    }
    try {
      return writeTo(target, existing);
    } catch (IOException e) {
      // The store is copied by now, so a full or read-only disk is the one of the archive.
      throw GpgErrors.ofBackupDisk(e, target.resolveSibling(""));
    }
  }

  private StoreReport writeTo(Path target, ExistingFile existing) throws IOException {
    Path folder = target.resolveSibling("");
    PartialArchive.removeAbandoned(target);
    try (EncryptedSpool spool = spool(folder)) {
      StoreCopy snapshot = copied(spool, folder);
      requireBetter(target, existing);
      try (PartialArchive partial = PartialArchive.create(target, steps)) {
        try {
          archive(partial, TarReader.isCompressed(target), snapshot, spool);
          publish(partial.path(), target, existing);
        } catch (IOException e) {
          Files.deleteIfExists(partial.path());
          throw e;
        }
      }
      return report(target, snapshot);
    }
  }

  /** Opens a spool on the disk of the store, as the folder of the archive may be a slow share. */
  private EncryptedSpool spool(Path folder) throws IOException {
    Path parent = session.files().root().getParent();
    return parent == null ? EncryptedSpool.in(folder) : EncryptedSpool.in(parent, folder);
  }

  private StoreCopy copied(EncryptedSpool spool, Path folder) throws IOException {
    try {
      return StoreCopy.of(session, spool, findings);
    } catch (IOException e) {
      throw spool.folder().equals(folder) ? GpgErrors.ofBackupDisk(e, folder) : GpgErrors.ofDisk(e);
    }
  }

  private Path target(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null || Files.isDirectory(absolute)) {
      throw unfit(file + " is a folder", "Name a file");
    }
    TrustedPath.requireNoForeignLink(absolute);
    Path folder;
    try {
      folder = parent.toRealPath();
    } catch (NoSuchFileException e) {
      throw unfit("there is no folder " + parent, "Run: mkdir -p " + parent);
    }
    if (folder.startsWith(session.files().root())) {
      throw unfit(
          file + " lies inside the store, which a backup must outlive",
          "Name a file elsewhere, best on another disk");
    }
    return folder.resolve(name.toString());
  }

  private static StoreFailure unfit(String reason, String advice) {
    return StoreFailure.of(Kind.CONFIGURATION, reason, advice);
  }

  private static StoreFailure exists(Path target) {
    return StoreFailure.of(
        Kind.CONFLICT, target + " exists", "Name another file, or replace it with --replace");
  }

  /** Refuses to replace a backup, perhaps the last intact one, by a backup of a damaged store. */
  private void requireBetter(Path target, ExistingFile existing) {
    if (existing == ExistingFile.REPLACE
        && findings.hasDamage()
        && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw StoreFailure.of(
          Kind.CORRUPT,
          "the store is damaged, and " + target + " may be the last whole copy",
          "Run 'secrets store verify', and write this backup to another file");
    }
  }

  private void archive(
      PartialArchive partial, boolean compressed, StoreCopy snapshot, EncryptedSpool spool)
      throws IOException {
    FileChannel channel = partial.channel();
    OutputStream plain = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    OutputStream out = compressed ? new GZIPOutputStream(plain) : plain;
    write(out, snapshot, spool);
    if (out instanceof GZIPOutputStream gzip) {
      gzip.finish();
    }
    plain.flush();
    steps.before("sync", partial.path().toString());
    channel.force(true);
  }

  private void write(OutputStream out, StoreCopy snapshot, EncryptedSpool spool)
      throws IOException {
    Map<String, Object> owner =
        Files.readAttributes(session.files().root(), "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
    TarWriter tar = new TarWriter(out, number(owner, "uid"), number(owner, "gid"));
    long newest =
        snapshot.files().values().stream()
            .mapToLong(StoreCopy.File::modified)
            .max()
            .orElse(Instant.EPOCH.getEpochSecond());
    tar.folder(".", newest);
    Set<String> folders = new TreeSet<>();
    for (Map.Entry<String, StoreCopy.File> file : snapshot.files().entrySet()) {
      addFolders(tar, DurableFiles.folderOf(file.getKey()), folders, newest);
      steps.before("write", file.getKey());
      tar.file("./" + file.getKey(), spool.get(file.getValue().slot()), file.getValue().modified());
    }
    tar.end();
  }

  private static int number(Map<String, Object> owner, String which) {
    return owner.get(which) instanceof Integer number ? number : 0;
  }

  private static void addFolders(TarWriter tar, String folder, Set<String> known, long modified)
      throws IOException {
    if (!folder.isEmpty() && known.add(folder)) {
      addFolders(tar, DurableFiles.folderOf(folder), known, modified);
      tar.folder("./" + folder, modified);
    }
  }

  private void publish(Path partial, Path target, ExistingFile existing) throws IOException {
    steps.before("rename", target.toString());
    if (existing == ExistingFile.REPLACE) {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      try {
        link(partial, target);
      } catch (FileAlreadyExistsException e) {
        Files.delete(partial);
        throw exists(target);
      }
      steps.before("unlink", partial.toString());
      Files.deleteIfExists(partial);
    }
    steps.before("sync", target.toString());
    DurableFiles.syncFolder(target.resolveSibling("."));
  }

  /** Gives the archive its name if the name is free, also on a disk without hard links. */
  private void link(Path partial, Path target) throws IOException {
    try {
      steps.before("link", target.toString());
      Files.createLink(target, partial);
      return;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Without hard links: an empty file claims the name, and the archive replaces it.
      Files.createFile(target, OwnerOnlyFiles.file(target));
    }
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  private StoreReport report(Path target, StoreCopy snapshot) throws IOException {
    findings.fact("archive", target);
    findings.fact("generation", snapshot.root().generation());
    findings.fact("secrets", snapshot.secrets());
    findings.fact("versions", snapshot.versions());
    findings.fact("bytes", Files.size(target));
    for (String file : snapshot.edits()) {
      findings.note(
          file,
          "was written by another program; the archive has it, and the next read takes it over");
    }
    for (String file : snapshot.foreign()) {
      findings.note(file, "was not written by this store; it is in the archive as it was found");
    }
    return findings.report();
  }
}
