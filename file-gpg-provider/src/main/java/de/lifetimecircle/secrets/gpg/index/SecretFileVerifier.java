package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.DurableFiles.Content;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Determines which manifest of a name is in force. Changes nothing. Safe for use by several
 * threads.
 *
 * <p>A manifest that the index names is in force. So is a signed manifest that directly follows the
 * one in the index: its writer was interrupted before it could update the index, and {@code
 * NAME.gpg} may already show the new value, so ignoring it would lose an acknowledged write. Any
 * other manifest is older or foreign, and rejected; otherwise one replaced file would roll a secret
 * back.
 */
public final class SecretFileVerifier {
  private final DurableFiles files;
  private final StoreIndex index;
  private final StoreTrust trust;
  private final PgpIdentity identity;
  private final VerifiedSecretCache known;

  /** Verifies the files of the store of that index. */
  public SecretFileVerifier(
      DurableFiles files, StoreIndex index, StoreTrust trust, PgpIdentity identity) {
    this.files = files;
    this.index = index;
    this.trust = trust;
    this.identity = identity;
    this.known = new VerifiedSecretCache(files, VerifiedSecretCache.MAX_WEIGHT);
  }

  /**
   * Does the same as {@link #examine}, but skips files that are unchanged since it verified them.
   */
  public VerifiedSecret recognise(IndexRoot root, String name) throws IOException {
    IndexEntry entry = index.entry(root, name).orElse(null);
    VerifiedSecret view = entry == null ? null : known.view(root, entry, name).orElse(null);
    return view != null ? view : examine(root, name);
  }

  /** Opens and verifies the manifest and {@code NAME.gpg}. */
  public VerifiedSecret examine(IndexRoot root, String name) throws IOException {
    return examine(root, name, trust.now(), manifest(name));
  }

  /** Does the same with a manifest that the caller has just read. */
  public VerifiedSecret examine(IndexRoot root, String name, Instant now, @Nullable Content content)
      throws IOException {
    IndexEntry entry = index.entry(root, name).orElse(null);
    String file = StoreLayout.manifest(name);
    if (content == null) {
      if (entry != null && !entry.isPurged()) {
        throw GpgErrors.corrupt(file, "is gone, though the index has the secret");
      }
      return view(name, entry, null, "", false, false, current(name));
    }
    byte[] bytes = content.bytes();
    String hash = Sha256.hex(bytes);
    if (entry != null && !entry.isPurged() && entry.manifest().equals(hash)) {
      // The signed index names these bytes by their hash, so checking their own signature as well
      // would cost a public-key operation per read and prove nothing more.
      SecretManifest manifest = parse(file, StoreTrust.unverified(file, bytes), root, name);
      Content current = current(name);
      VerifiedSecret view = view(name, entry, manifest, hash, false, false, current);
      if (current != null) {
        known.remember(view, root, content.facts(), current.facts(), now);
      }
      return view;
    }
    SecretManifest manifest = parse(file, trust.verify(file, bytes), root, name);
    if (follows(manifest, entry)) {
      return view(name, entry, manifest, hash, true, false, current(name));
    }
    if (entry != null && entry.isPurged() && manifest.sequence() <= entry.sequence()) {
      return view(name, entry, null, "", false, true, current(name));
    }
    if (entry == null || manifest.sequence() > entry.sequence()) {
      throw GpgErrors.corruptIndex(
          file, "is newer than the index says: the index was put back, or copied earlier");
    }
    throw GpgErrors.corrupt(
        file, "is not the one that the index names: it is older, or another program put it there");
  }

  private static boolean follows(SecretManifest manifest, @Nullable IndexEntry entry) {
    return entry == null
        ? manifest.sequence() == 1 && manifest.previousHash().isEmpty()
        : manifest.sequence() == entry.sequence() + 1
            && manifest.previousHash().equals(entry.manifest());
  }

  /** Returns a manifest that only its own signature proves, without an index that names it. */
  public SecretManifest signed(String name, byte[] bytes) throws IOException {
    return named(name, trust.verify(StoreLayout.manifest(name), bytes));
  }

  /** Parses a manifest that has already been verified. */
  public static SecretManifest named(String name, byte[] payload) {
    String file = StoreLayout.manifest(name);
    SecretManifest manifest = SecretManifest.parse(file, payload);
    if (!manifest.name().equals(name)) {
      throw GpgErrors.corrupt(file, "is about another name");
    }
    return manifest;
  }

  private static SecretManifest parse(String file, byte[] payload, IndexRoot root, String name) {
    SecretManifest manifest = SecretManifest.parse(file, payload);
    if (!manifest.name().equals(name) || !manifest.storeId().equals(root.storeId())) {
      throw GpgErrors.corrupt(file, "is about another name or another store");
    }
    return manifest;
  }

  /** Returns the manifest of a name, whatever it is worth; null if there is none. */
  public @Nullable Content manifest(String name) throws IOException {
    return files.content(StoreLayout.manifest(name), StoreTrust.MAX_SIGNED);
  }

  private @Nullable Content current(String name) throws IOException {
    return files.content(StoreLayout.current(name), PgpMessage.MAX_BYTES);
  }

  private static VerifiedSecret view(
      String name,
      @Nullable IndexEntry entry,
      @Nullable SecretManifest manifest,
      String hash,
      boolean ahead,
      boolean leftover,
      @Nullable Content current) {
    byte[] file = current == null ? null : current.bytes();
    FileState state = compare(manifest, file);
    return new VerifiedSecret(name, entry, manifest, hash, ahead, leftover, state, file);
  }

  /** Returns how {@code NAME.gpg} compares with a manifest, which the index need not name. */
  public FileState state(SecretManifest manifest) throws IOException {
    Content current = current(manifest.name());
    return compare(manifest, current == null ? null : current.bytes());
  }

  private static FileState compare(@Nullable SecretManifest manifest, byte @Nullable [] file) {
    boolean served = manifest != null && manifest.state() == State.LIVE;
    if (file == null) {
      return served ? FileState.MISSING : FileState.AS_STORED;
    }
    String hash = Sha256.hex(file);
    if (manifest == null || !manifest.knows(hash)) {
      return FileState.FOREIGN;
    }
    return served && manifest.currentVersion().sha256().equals(hash)
        ? FileState.AS_STORED
        : FileState.OLDER;
  }

  /** Returns the stored bytes of a version: exactly those that the manifest names. */
  public byte[] stored(VerifiedSecret view, Version version) throws IOException {
    byte[] copy = view.file();
    if (copy != null && version.fits(copy)) {
      return copy;
    }
    String file = version.file(view.name());
    byte[] bytes = files.read(file, PgpMessage.MAX_BYTES);
    if (bytes == null) {
      throw GpgErrors.corrupt(file, "is gone");
    }
    if (!version.fits(bytes)) {
      throw GpgErrors.corrupt(file, "is not what was stored: it was damaged or replaced");
    }
    return bytes;
  }

  /** Returns whether the file of a version is there and exactly what its manifest names. */
  public boolean isWhole(String name, Version version) throws IOException {
    byte[] bytes = files.read(version.file(name), PgpMessage.MAX_BYTES);
    return bytes != null && version.fits(bytes);
  }

  /** Decrypts a version. The caller overwrites the returned array. */
  public byte[] decrypt(VerifiedSecret view, Version version) throws IOException {
    return decrypt(version.file(view.name()), stored(view, version));
  }

  /** Decrypts a file. The caller overwrites the returned array. */
  public byte[] decrypt(String file, byte[] message) {
    try {
      return PgpCodec.decrypt(message, identity);
    } catch (PgpFailure e) {
      throw GpgErrors.ofMessage(file, e);
    }
  }

  /**
   * Returns the files of a name that are not in force: those that its manifest does not list, or
   * all, including the manifest, if none is in force.
   */
  public List<String> stray(VerifiedSecret view) throws IOException {
    String folder = StoreLayout.folder(view.name());
    List<String> listed = new ArrayList<>();
    SecretManifest manifest = view.manifest();
    if (manifest != null) {
      listed.add(StoreLayout.manifest(view.name()));
      manifest.versions().forEach(v -> listed.add(v.file(view.name())));
    }
    List<String> stray = new ArrayList<>();
    for (String fileName : files.list(folder)) {
      String file = folder + "/" + fileName;
      if (!listed.contains(file) && !files.isFolder(file)) {
        stray.add(file);
      }
    }
    return stray;
  }

  /** Rejects a name whose file another program wrote. */
  public void requireOwn(VerifiedSecret view) throws IOException {
    byte[] copy = view.file();
    if (view.state() != FileState.FOREIGN || copy == null) {
      return;
    }
    String file = StoreLayout.current(view.name());
    String away = moveAway(file);
    for (String version : stray(view)) {
      byte[] bytes = files.read(version, PgpMessage.MAX_BYTES);
      if (Arrays.equals(bytes, copy)) {
        throw GpgErrors.corrupt(
            file,
            "is the version in "
                + version
                + ", which the signed manifest does not list: the manifest was put back to an older"
                + " state",
            "Restore the newest backup; if the older state is meant, keep the newer value"
                + " elsewhere: "
                + away);
      }
    }
    throw GpgErrors.corrupt(
        file,
        view.manifest() == null
            ? "was not written by this store"
            : "was changed by another program",
        "To restore the stored value, move the file away: "
            + away
            + "; or accept edits by other programs with gpg.foreign-edits=adopt");
  }

  /** Returns the command that moves a file out of the store. */
  public String moveAway(String file) {
    String target = files.root() + ".aside." + file.replace('/', '.');
    return "mv -n "
        + ShellWord.quoted(files.path(file).toString())
        + " "
        + ShellWord.quoted(target);
  }
}
