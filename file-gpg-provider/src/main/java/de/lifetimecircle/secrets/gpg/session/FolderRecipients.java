package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.openpgp.PGPPublicKey;

/**
 * Compares the {@code .gpg-id} that decides for a name with the recipients of the store. Stateless.
 *
 * <p>As for {@code pass}, the nearest {@code .gpg-id} upward decides. The store knows one list of
 * recipients, so below another one it writes nothing: it would shut people out, or let them in. The
 * variable {@code PASSWORD_STORE_KEY}, which makes {@code pass} ignore every {@code .gpg-id}, has
 * no effect here.
 */
public record FolderRecipients(DurableFiles files, StoreRecipients recipients, StoreTrust trust) {
  /** The largest {@code .gpg-id}. */
  static final int MAX_BYTES = 64 * 1024;

  private static final int SHORTEST_KEY_ID = 16;

  /** Refuses to write a name below a {@code .gpg-id} with other recipients than the store's. */
  void requireOurs(IndexRoot root, String name) throws IOException {
    Optional<String> other = other(root, name);
    if (other.isEmpty()) {
      return;
    }
    String file = other.get();
    if (file.equals(StoreLayout.GPG_ID)) {
      throw GpgErrors.corrupt(
          file,
          "names other recipients than the signed index, so '" + name + "' is not written",
          GpgErrors.GPG_ID_ADVICE);
    }
    String folder = file.substring(0, file.lastIndexOf('/'));
    throw StoreFailure.of(
        Kind.CONFLICT,
        file + " names other recipients than the store, so '" + name + "' is not written",
        "Write it with pass, which encrypts to the recipients of that folder; or let the store's"
            + " recipients count there too: pass init -p "
            + folder
            + " ''");
  }

  /** Returns the nearest {@code .gpg-id}, if it names other recipients than the store has. */
  Optional<String> other(IndexRoot root, String name) throws IOException {
    String folder = name;
    while (folder.contains("/")) {
      folder = folder.substring(0, folder.lastIndexOf('/'));
      String file = folder + "/" + StoreLayout.GPG_ID;
      if (files.isFolder(folder) && files.exists(file)) {
        return isOther(root, file) ? Optional.of(file) : Optional.empty();
      }
    }
    return files.exists(StoreLayout.GPG_ID) && isOther(root, StoreLayout.GPG_ID)
        ? Optional.of(StoreLayout.GPG_ID)
        : Optional.empty();
  }

  /** Returns the ids that a {@code .gpg-id} lists, without its comments. */
  public static List<String> ids(byte[] gpgId) {
    return new String(gpgId, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split("#", 2)[0].strip())
        .filter(id -> !id.isEmpty())
        .toList();
  }

  private boolean isOther(IndexRoot root, String file) throws IOException {
    byte[] bytes = files.read(file, MAX_BYTES);
    if (bytes == null) {
      return false; // Removed meanwhile.
    }
    Set<String> named = new TreeSet<>();
    List<PgpCertificate> certificates = null;
    for (String id : ids(bytes)) {
      if (root.hasRecipient(id)) {
        named.add(id);
        continue;
      }
      certificates = certificates == null ? recipients.certificates(root) : certificates;
      Optional<String> fingerprint = recipient(id, certificates);
      if (fingerprint.isEmpty()) {
        return true;
      }
      named.add(fingerprint.get());
    }
    return !named.equals(new TreeSet<>(root.fingerprints()));
  }

  /** Which recipient of the store gpg would take for an id; empty if none, or if it is unsure. */
  private Optional<String> recipient(String id, List<PgpCertificate> certificates) {
    List<String> found =
        certificates.stream()
            .filter(certificate -> isMeant(id, certificate))
            .map(PgpCertificate::fingerprint)
            .distinct()
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Returns whether gpg may take that key for an id of a {@code .gpg-id}. */
  boolean isMeant(String id, PgpCertificate certificate) {
    boolean thisKeyOnly = id.endsWith("!");
    String key = id.replaceFirst("!$", "").replaceFirst("^0[xX]", "").toUpperCase(Locale.ROOT);
    if (!key.matches("[0-9A-F]+")) {
      return !thisKeyOnly && hasUserId(id, certificate);
    }
    if (key.length() < SHORTEST_KEY_ID) {
      return false; // Short ids can be made to collide.
    }
    for (PGPPublicKey each : certificate.keys()) {
      if (PgpCertificate.hex(each).endsWith(key)) {
        return !thisKeyOnly || isEncryptionKey(each, certificate);
      }
    }
    return false;
  }

  /** With {@code !} gpg takes that very subkey; the store takes the newest. */
  private boolean isEncryptionKey(PGPPublicKey key, PgpCertificate certificate) {
    try {
      PGPPublicKey taken = certificate.encryptionKey(trust.now());
      return PgpCertificate.hex(taken).equals(PgpCertificate.hex(key));
    } catch (PgpFailure e) {
      throw GpgErrors.ofKey(e);
    }
  }

  /**
   * Returns whether the id is a whole user id, or the mail address in one. A part of either could
   * mean another person.
   */
  private static boolean hasUserId(String name, PgpCertificate certificate) {
    String wanted = name.replaceFirst("^=", "").replaceAll("^<(.*)>$", "$1");
    return certificate.userIds().stream()
        .anyMatch(id -> id.equals(wanted) || mail(id).equalsIgnoreCase(wanted));
  }

  private static String mail(String userId) {
    return userId.replaceFirst("^.*<([^<>]*)>$", "$1");
  }
}
