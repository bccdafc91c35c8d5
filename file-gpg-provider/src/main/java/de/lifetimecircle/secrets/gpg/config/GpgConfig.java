package de.lifetimecircle.secrets.gpg.config;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings. Immutable.
 *
 * @param store the folder of the store
 * @param keySource where the key comes from
 * @param signers the pinned fingerprints; empty for our own key alone
 * @param foreignEdits the policy for files that another program wrote
 * @param retention how many versions of a name are kept
 * @param highWaterFile where the highest generation is remembered, outside the store
 * @param timeout how long a call may take
 * @param clock the time of day
 */
public record GpgConfig(
    Path store,
    KeySource keySource,
    Set<String> signers,
    ForeignEdits foreignEdits,
    int retention,
    Optional<Path> highWaterFile,
    Duration timeout,
    InstantSource clock) {

  /** The policy for a {@code NAME.gpg} that the store did not write. */
  public enum ForeignEdits {
    /** Stores it as a new version: for a store that people also write with {@code pass}. */
    ADOPT,
    /** Refuses to serve it. */
    REJECT
  }

  static final String STORE = "store";
  static final String KEY_FILE = "key-file";
  static final String PASSPHRASE_FILE = "passphrase-file";
  static final String PASSPHRASE_VARIABLE = "passphrase-variable";
  static final String AGENT_SOCKET = "agent-socket";
  static final String CERTIFICATE = "certificate";
  static final String SIGNERS = "signers";
  static final String FOREIGN_EDITS = "foreign-edits";
  static final String RETENTION = "retention";
  static final String HIGH_WATER_FILE = "high-water-file";

  public static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.of(STORE, "Folder of the store; default in the user's data folder."),
          ConfigKey.of(
              KEY_FILE,
              "File with the private OpenPGP key, readable by its owner only and outside the"
                  + " store; made on the first write if neither key nor store is there."),
          ConfigKey.of(
              PASSPHRASE_FILE,
              "File with the passphrase of the key, readable by its owner only; a relative name is"
                  + " looked up in $CREDENTIALS_DIRECTORY first."),
          ConfigKey.of(
              PASSPHRASE_VARIABLE,
              "Name of the environment variable with the passphrase; the last resort, because a"
                  + " process list and a crash report can show it."),
          ConfigKey.of(AGENT_SOCKET, "Socket of the gpg-agent that holds the key."),
          ConfigKey.of(CERTIFICATE, "File with the public certificate of the key in the agent."),
          ConfigKey.of(
              SIGNERS,
              "Fingerprints of the keys whose signatures on the index are trusted, separated by"
                  + " commas; default: our own key."),
          ConfigKey.of(
              FOREIGN_EDITS,
              "Policy for a file that another program wrote: adopt or reject (default)."),
          ConfigKey.of(
              RETENTION,
              "How many versions of a name are kept, 2 to 100; default 10. The current, the"
                  + " previous and the pending one are always kept."),
          ConfigKey.of(
              HIGH_WATER_FILE,
              "File outside the store that records its newest state, so that a rollback of the"
                  + " whole store to an older state is detected."));

  private static final int MIN_RETENTION = 2;
  private static final int MAX_RETENTION = 100;
  private static final String FOLDER = "lifetimecircle-secrets";

  /** Checks everything and reports every mistake at once. */
  public static GpgConfig of(StoreConfig config) {
    return new Reader(config).read();
  }

  /** Reads one configuration; used once. */
  private static final class Reader {
    private final StoreConfig config;
    private final ConfigProblems problems = new ConfigProblems();

    Reader(StoreConfig config) {
      this.config = config;
    }

    GpgConfig read() {
      Path store = path(STORE).orElseGet(() -> home("XDG_DATA_HOME", ".local/share", "store"));
      KeySource keySource = keySource(store);
      Optional<Path> highWater = path(HIGH_WATER_FILE);
      highWater.ifPresent(file -> requireOutside(HIGH_WATER_FILE, file, store));
      GpgConfig checked =
          new GpgConfig(
              store,
              keySource,
              signers(),
              foreignEdits(),
              retention(),
              highWater,
              config.timeout(),
              config.clock());
      problems.throwIfAny();
      return checked;
    }

    private KeySource keySource(Path store) {
      Optional<Path> socket = path(AGENT_SOCKET);
      Optional<Path> certificate = path(CERTIFICATE);
      Path keyFile = path(KEY_FILE).orElseGet(() -> home("XDG_CONFIG_HOME", ".config", "key.pgp"));
      if (socket.isPresent() != certificate.isPresent()) {
        problems.add(
            "gpg.agent-socket, gpg.certificate: one without the other (expected: both or neither)");
      }
      if (socket.isPresent() && config.get(KEY_FILE).isPresent()) {
        problems.add("gpg.key-file: set beside gpg.agent-socket (expected: one of them)");
      }
      requireOutside(KEY_FILE, keyFile, store);
      PassphraseSource passphrase = passphrase();
      return new KeySource(certificate.orElse(keyFile), socket, passphrase);
    }

    private PassphraseSource passphrase() {
      Optional<String> file = config.get(PASSPHRASE_FILE);
      Optional<String> variable = config.get(PASSPHRASE_VARIABLE);
      if (file.isPresent() && variable.isPresent()) {
        problems.add("gpg.passphrase-variable: set beside gpg.passphrase-file (expected: one)");
      }
      if (file.isPresent()) {
        Optional<Path> path = path(PASSPHRASE_FILE);
        Optional<Path> credentials =
            config.environment().apply("CREDENTIALS_DIRECTORY").flatMap(Reader::pathOf);
        String name = file.get();
        return PassphraseSource.file(
            path.orElse(Path.of("")),
            credentials.flatMap(
                folder -> pathOf(name).filter(p -> !p.isAbsolute()).map(folder::resolve)));
      }
      Function<String, Optional<String>> environment = config.environment();
      return variable
          .map(name -> PassphraseSource.variable(name, environment))
          .orElse(PassphraseSource.none());
    }

    private Set<String> signers() {
      Set<String> signers = new LinkedHashSet<>();
      for (String word : config.get(SIGNERS).orElse("").split(",", -1)) {
        String fingerprint = word.replace(" ", "").toUpperCase(Locale.ROOT);
        if (fingerprint.matches("[0-9A-F]{40}")) {
          signers.add(fingerprint);
        } else if (config.get(SIGNERS).isPresent()) {
          problems.add(
              "gpg.signers: "
                  + word.strip()
                  + " (expected: fingerprints of 40 hexadecimal digits)");
        }
      }
      return signers;
    }

    private ForeignEdits foreignEdits() {
      String word = config.get(FOREIGN_EDITS).orElse("reject");
      return switch (word) {
        case "adopt" -> ForeignEdits.ADOPT;
        case "reject" -> ForeignEdits.REJECT;
        default -> {
          problems.add("gpg.foreign-edits: " + word + " (expected: adopt or reject)");
          yield ForeignEdits.REJECT;
        }
      };
    }

    private int retention() {
      String word = config.get(RETENTION).orElse("10");
      try {
        int number = Integer.parseInt(word);
        if (number >= MIN_RETENTION && number <= MAX_RETENTION) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Falls through: it is not a number.
      }
      problems.add(
          "gpg.retention: " + word + " (expected: " + MIN_RETENTION + " to " + MAX_RETENTION + ")");
      return MIN_RETENTION;
    }

    private Optional<Path> path(String key) {
      Optional<String> text = config.get(key);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      Optional<Path> path =
          text.filter(t -> !t.isBlank()).map(this::expanded).flatMap(Reader::pathOf);
      if (path.isEmpty()) {
        problems.add("gpg." + key + ": " + text.get() + " (expected: a path)");
        return Optional.of(Path.of("/nowhere-" + key));
      }
      return path.map(Path::toAbsolutePath).map(Path::normalize);
    }

    private String expanded(String text) {
      return text.startsWith("~/") ? userHome() + text.substring(1) : text;
    }

    private Path home(String variable, String fallback, String name) {
      Path base =
          config
              .environment()
              .apply(variable)
              .flatMap(Reader::pathOf)
              // The XDG specification says to ignore a relative path here.
              .filter(Path::isAbsolute)
              .orElseGet(() -> Path.of(userHome(), fallback));
      return base.resolve(FOLDER).resolve(name).toAbsolutePath().normalize();
    }

    private String userHome() {
      return config
          .environment()
          .apply("HOME")
          .filter(home -> home.startsWith("/"))
          .orElseGet(() -> System.getProperty("user.home", "."));
    }

    private void requireOutside(String key, @Nullable Path file, Path store) {
      if (file != null && file.startsWith(store)) {
        problems.add(
            "gpg." + key + ": " + file + " (expected: outside the store, or a copy has both)");
      }
    }

    private static Optional<Path> pathOf(String text) {
      try {
        return Optional.of(Path.of(text));
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }
  }
}
