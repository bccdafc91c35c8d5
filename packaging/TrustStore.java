import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the trust store of the packages from pinned authorities, and compares a trust store with them.
 *
 * <p>A JDK of Debian has a link to the trust store of its machine, and {@code jlink} copies what the
 * link points to. So the packages never take the trust store of the JDK that builds them.
 */
final class TrustStore {
  private TrustStore() {}

  /** Runs one of three commands: list PEM, make PEM LIST STORE, or check STORE LIST. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    if (args.length == 2 && args[0].equals("list")) {
      pem(Path.of(args[1])).forEach((print, authority) -> System.out.println(line(print, authority)));
    } else if (args.length == 4 && args[0].equals("make")) {
      SortedMap<String, X509Certificate> found = pem(Path.of(args[1]));
      compare(found, Path.of(args[2]), args[1]);
      write(found, Path.of(args[3]));
    } else if (args.length == 3 && args[0].equals("check")) {
      SortedMap<String, X509Certificate> found = store(args[1]);
      compare(found, Path.of(args[2]), args[1]);
      System.out.println("trust store: " + found.size() + " authorities, all pinned");
    } else {
      throw new IllegalArgumentException("list PEM, make PEM LIST STORE, or check STORE LIST");
    }
  }

  private static SortedMap<String, X509Certificate> pem(Path file)
      throws IOException, GeneralSecurityException {
    SortedMap<String, X509Certificate> all = new TreeMap<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        all.put(fingerprint((X509Certificate) each), (X509Certificate) each);
      }
    }
    return all;
  }

  private static SortedMap<String, X509Certificate> store(String file)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(new File(file), (char[]) null);
    SortedMap<String, X509Certificate> all = new TreeMap<>();
    for (String alias : Collections.list(store.aliases())) {
      if (!(store.getCertificate(alias) instanceof X509Certificate certificate)) {
        throw new CertificateException("Cannot read the entry " + alias + " of " + file);
      }
      all.put(fingerprint(certificate), certificate);
    }
    return all;
  }

  /** Fails if the authorities are not exactly the pinned ones, and names each difference. */
  private static void compare(SortedMap<String, X509Certificate> found, Path list, String source)
      throws IOException {
    SortedMap<String, String> pinned = new TreeMap<>();
    for (String line : Files.readAllLines(list)) {
      if (!line.startsWith("#")) {
        pinned.put(line.substring(0, line.indexOf(' ')), line);
      }
    }
    int wrong = 0;
    for (var each : found.entrySet()) {
      if (!pinned.containsKey(each.getKey())) {
        System.err.println("not pinned: " + line(each.getKey(), each.getValue()));
        wrong++;
      }
    }
    for (var each : pinned.entrySet()) {
      if (!found.containsKey(each.getKey())) {
        System.err.println("missing: " + each.getValue());
        wrong++;
      }
    }
    if (wrong > 0 || pinned.isEmpty()) {
      System.err.println("Cannot accept " + source + ": " + wrong + " differences from " + list);
      System.exit(1);
    }
  }

  /** Without a password, as the JDK's own: a salt would make each build different. */
  private static void write(SortedMap<String, X509Certificate> all, Path file)
      throws IOException, GeneralSecurityException {
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var each : all.entrySet()) {
      store.setCertificateEntry(each.getKey(), each.getValue());
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, null);
    }
  }

  private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.of().formatHex(hash);
  }

  private static String line(String fingerprint, X509Certificate authority) {
    return fingerprint + " " + authority.getSubjectX500Principal().getName();
  }
}
