package de.lifetimecircle.secrets.gpg.files;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The paths in a store, relative to its folder. Stateless. */
public final class StoreLayout {
  public static final String HIDDEN = ".fgp";
  public static final String FORMAT = HIDDEN + "/format";
  public static final String LOCK = HIDDEN + "/lock";
  public static final String INDEX = HIDDEN + "/index.pgp";
  public static final String BUCKETS = HIDDEN + "/index";
  public static final String CERTIFICATES = HIDDEN + "/certs";
  public static final String VERSIONS = HIDDEN + "/versions";
  public static final String TEMPORARY = HIDDEN + "/tmp";
  public static final String ASIDE = HIDDEN + "/aside";
  public static final String GPG_ID = ".gpg-id";
  public static final String GPG_ID_SIGNATURE = ".gpg-id.sig";
  public static final String EXTENSION = ".gpg";

  private static final String COPY = "NAME.gpg";
  private static final String MANIFEST = "MANIFEST.pgp";
  private static final Pattern BUCKET =
      Pattern.compile(Pattern.quote(BUCKETS) + "/([0-9a-f]{2})-([1-9][0-9]{0,14})[.]json");

  private StoreLayout() {}

  /** Returns the copy of the current version, which {@code pass} and {@code gpg} read. */
  public static String current(String name) {
    return name + EXTENSION;
  }

  /** Returns whether a file is the copy of a current version, or of a secret of {@code pass}. */
  public static boolean isSecret(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(EXTENSION) && !name.startsWith(".");
  }

  /**
   * Returns the folder of a name; {@code ~} is in no name, so {@code a} and {@code a/b} stay apart.
   */
  public static String folder(String name) {
    return VERSIONS + "/" + name + "~";
  }

  /** Returns the file of the manifest of a name. */
  public static String manifest(String name) {
    return folder(name) + "/" + MANIFEST;
  }

  /**
   * Returns the file of a version. It is never rewritten: encrypted again, the version gets another
   * file with the next turn.
   */
  public static String version(String name, long number, int turn) {
    // Not String.format: the digits of a locale are some 35 classes before the first secret.
    String digits = String.valueOf(number);
    return folder(name)
        + "/"
        + "0".repeat(Math.max(0, 8 - digits.length()))
        + digits
        + (turn == 1 ? "" : ".r" + turn)
        + ".pgp";
  }

  /** Returns the file of the certificate of a key. */
  public static String certificate(String fingerprint) {
    return CERTIFICATES + "/" + fingerprint + ".asc";
  }

  /**
   * Returns the bucket of a name. It hashes the folded form, so that two names that differ only in
   * case share a bucket and are detected without reading the others.
   */
  public static String bucketOf(String name) {
    return Sha256.hex(StoreNames.folded(name)).substring(0, 2);
  }

  /**
   * Returns the place of a name in the order of a change of the recipients: by bucket, then by
   * name. One bucket after the other changes, so a reader of the index finds most of them
   * unchanged.
   */
  public static String placeOf(String name) {
    return bucketOf(name) + " " + name;
  }

  /** Returns the file of a bucket as of a generation. */
  public static String bucket(String bucket, long generation) {
    return BUCKETS + "/" + bucket + "-" + generation + ".json";
  }

  /** Returns whether a file is one of a bucket. */
  public static boolean isBucket(String file) {
    return BUCKET.matcher(file).matches();
  }

  /** Which bucket a file of one holds. */
  public static String bucketIn(String file) {
    return file.substring(BUCKETS.length() + 1, BUCKETS.length() + 3);
  }

  /** In which generation a file of a bucket was written. */
  public static long generationOf(String file) {
    return Long.parseLong(file.substring(BUCKETS.length() + 4, file.length() - ".json".length()));
  }

  /** Returns a new path, used by no other file, for a file that nothing in force names. */
  public static String aside(String file) {
    String place =
        file.startsWith(HIDDEN + "/")
            ? ASIDE + file.substring(HIDDEN.length())
            : file.endsWith(EXTENSION)
                ? asideFolder(file.substring(0, file.length() - EXTENSION.length())) + "/" + COPY
                : ASIDE + "/" + file;
    return place + "." + DurableFiles.random().substring(0, 8);
  }

  /** Returns the folder of all files of a name that were moved aside. */
  public static String asideFolder(String name) {
    return ASIDE + folder(name).substring(HIDDEN.length());
  }
}
