package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.config.KeySource;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Recipient;
import de.lifetimecircle.secrets.gpg.index.RollbackGuard;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a store on the first write, and its key if there is neither. Stateless.
 *
 * <p>The store exists from the moment its index does; every step before can be repeated. Nothing is
 * ever created beside the remains of an older store: a new key could not read them, and a new index
 * would forget them.
 */
public final class StoreCreation {
  /** Files that an administrator or a version control may put into an empty folder. */
  private static final Set<String> HARMLESS =
      Set.of(
          StoreLayout.HIDDEN,
          StoreLayout.GPG_ID,
          StoreLayout.GPG_ID_SIGNATURE,
          "lost+found",
          ".git",
          ".gitignore",
          ".gitattributes");

  private StoreCreation() {}

  /** Returns whether there is a store; fails if only remains of one are left. */
  public static boolean isThere(GpgConfig config) throws IOException {
    if (hasIndex(config)) {
      return true;
    }
    try {
      requireNoRemains(config);
      return false;
    } catch (StoreFailure e) {
      // Another process may have made the store meanwhile, its index before all the rest.
      if (hasIndex(config)) {
        return true;
      }
      throw e;
    }
  }

  private static boolean hasIndex(GpgConfig config) throws IOException {
    return DurableFiles.isThere(config.store().resolve(StoreLayout.INDEX));
  }

  /**
   * Fails if there was a store, or if its folder holds something else, with the same advice for
   * every call: a write must not refuse what a read advises.
   */
  private static void requireNoRemains(GpgConfig config) throws IOException {
    Path store = config.store();
    if (hasEntries(store.resolve(StoreLayout.VERSIONS))
        || hasEntries(store.resolve(StoreLayout.BUCKETS))) {
      throw GpgErrors.corruptIndex(StoreLayout.INDEX, "is gone");
    }
    boolean isMarked = new RollbackGuard(config.highWaterFile()).remembered().isPresent();
    boolean wasThere = isMarked || StoreRegistry.isKnown(config);
    Optional<String> secret = secretIn(config.store());
    if (secret.isPresent() && (wasThere || config.foreignEdits() == ForeignEdits.REJECT)) {
      throw withoutHidden(config, secret.get());
    }
    if (wasThere) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "there is no store in "
              + config.store()
              + " any more: its folder is empty, or its disk is not mounted",
          "Mount or restore it; if a new, empty store is meant, " + forgetting(config));
    }
    if (config.foreignEdits() == ForeignEdits.REJECT) {
      requireEmpty(config.store());
    }
  }

  /**
   * Returns the problem of a folder with secrets and without {@code .fgp}, as a copy or a clone
   * without hidden files has it.
   *
   * @param secret one of the files
   */
  public static StoreFailure withoutHidden(GpgConfig config, String secret) {
    return GpgErrors.corrupt(
        StoreLayout.HIDDEN,
        "is missing in "
            + config.store()
            + ", or empty, but secrets such as "
            + secret
            + " are there",
        "Restore that folder from a backup: it has the versions and the signed index. Without one,"
            + " the current values can be taken over as those of a pass store: set"
            + " gpg.foreign-edits=adopt, and "
            + forgetting(config));
  }

  /** Returns the command that removes the memory of an older store, as the end of an advice. */
  private static String forgetting(GpgConfig config) {
    return "first run: rm -f "
        + ShellWord.quoted(StoreRegistry.file(config).toString())
        + config.highWaterFile().map(mark -> " " + ShellWord.quoted(mark.toString())).orElse("");
  }

  /** Returns a file of a secret in a folder, if there is one. */
  public static Optional<String> secretIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    Path root = folder.toRealPath();
    List<String> found = new ArrayList<>(1);
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes facts) {
            boolean isHidden = String.valueOf(entered.getFileName()).startsWith(".");
            return isHidden && !entered.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
            if (!facts.isRegularFile() || !StoreLayout.isSecret(file)) {
              return FileVisitResult.CONTINUE;
            }
            found.add(root.relativize(file).toString());
            return FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // what may not be read is no secret of ours
          }
        });
    return found.stream().findFirst();
  }

  /**
   * Fails if a key but no store exists, which points to a missing mount; a first use has neither.
   */
  public static void requireFirstUse(GpgConfig config) {
    if (config.keySource().exists()) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "there is no store in " + config.store() + ", though its key is there",
          "Mount or restore it, or set gpg.store; the first put makes a new one");
    }
  }

  /**
   * Makes the store, unless another process is first. All that computes comes before the lock: on a
   * busy machine a new process needs longer for its key and its first signatures than another one
   * waits for the lock.
   */
  public static void create(GpgConfig config, CrashHook steps) throws IOException {
    TrustedPath.requireNoForeignLink(config.store());
    Files.createDirectories(config.store(), OwnerOnlyFiles.folder(config.store()));
    Path root = config.store().toRealPath();
    PrivateFiles.requireFolder("store", root);
    DurableFiles files = new DurableFiles(root, steps);
    files.makeFolder(StoreLayout.HIDDEN);
    KeySource key = config.keySource();
    boolean isFirst = !key.exists();
    if (isFirst) {
      key.create(config.clock().instant());
    }
    try (PgpIdentity identity = key.load()) {
      StoreTrust trust = new StoreTrust(identity, config, files);
      StoreTransaction transaction = prepared(config, files, trust);
      boolean isMade =
          StoreLock.of(files.path(StoreLayout.LOCK))
              .toChange(
                  CallDeadline.within(config.timeout()),
                  mode -> {
                    if (isThere(config)) {
                      return false;
                    }
                    requireOwnGpgId(files, trust);
                    transaction.run();
                    return true;
                  });
      if (isMade) {
        // Both are lost with this machine unless the user backs them up, and for that must know of
        // them.
        StoreLog.LOG.log(
            System.Logger.Level.INFO,
            "Made the store {0} {1} the key {2}. {3}",
            config.store(),
            isFirst ? "and" : "for",
            key.file(),
            key.protection());
      }
    }
  }

  private static void requireEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!HARMLESS.contains(name)) {
          throw GpgErrors.corrupt(
              name,
              "is in the folder of the store, which is not empty and has no index",
              "Set gpg.store to an empty folder");
        }
      }
    }
  }

  /** Returns the change that writes an empty store; nothing is written yet. */
  private static StoreTransaction prepared(GpgConfig config, DurableFiles files, StoreTrust trust)
      throws IOException {
    trust.requireWriter();
    PgpCertificate own = trust.ownCertificate();
    own.requireUsable(config.clock().instant());
    byte[] certificate = own.armored();
    IndexRoot root =
        new IndexRoot(
            DurableFiles.random(),
            1,
            1,
            false,
            "",
            List.of(new Recipient(own.fingerprint(), Sha256.hex(certificate))),
            new TreeMap<>());
    StoreTransaction transaction = new StoreTransaction(files, "");
    transaction
        .replace(StoreLayout.FORMAT, StoreSession.FORMAT)
        .replace(StoreLayout.certificate(own.fingerprint()), certificate);
    new StoreRecipients(files, trust).stageGpgId(transaction, root);
    new StoreIndex(files, trust, new RollbackGuard(config.highWaterFile()))
        .stage(transaction, root);
    return transaction;
  }

  /** Rejects a {@code .gpg-id} with other keys: their owners must not silently lose access. */
  private static void requireOwnGpgId(DurableFiles files, StoreTrust trust) throws IOException {
    byte[] ids = files.read(StoreLayout.GPG_ID, FolderRecipients.MAX_BYTES);
    PgpCertificate own = trust.ownCertificate();
    FolderRecipients recipients =
        new FolderRecipients(files, new StoreRecipients(files, trust), trust);
    for (String id : FolderRecipients.ids(ids == null ? new byte[0] : ids)) {
      if (!recipients.isMeant(id, own)) {
        throw GpgErrors.corrupt(
            StoreLayout.GPG_ID,
            "names a key other than ours, by the fingerprint " + own.fingerprint(),
            "Let it hold that fingerprint alone, then run 'secrets recipients add FILE' for the"
                + " others");
      }
    }
  }

  private static boolean hasEntries(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }
}
