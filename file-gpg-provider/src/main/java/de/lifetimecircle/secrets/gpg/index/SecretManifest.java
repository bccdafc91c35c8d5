package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signed record of one name: its versions and which of them is served. Immutable.
 *
 * @param storeId the store it belongs to, so that it means nothing in another one
 * @param name the name, so that it means nothing for another one
 * @param sequence counts the manifests of the name, from 1 without a gap
 * @param previousHash the hash of the manifest that this one replaced; empty for the first
 * @param state whether it is served
 * @param stages the numbers of the versions with a stage
 * @param versions all kept versions, oldest first
 */
public record SecretManifest(
    String storeId,
    String name,
    long sequence,
    String previousHash,
    State state,
    Stages stages,
    List<Version> versions) {

  /** The most versions a manifest may list; keeps it far below the size of a signed file. */
  static final int MAX_VERSIONS = 128;

  private static final String TYPE = "manifest";

  /** The life cycle of a name. */
  public enum State {
    LIVE,
    DELETED,
    /** Only in the index, which keeps the last number so that none is used twice. */
    PURGED;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static State of(SignedFields json) {
      String text = json.text("state");
      for (State state : values()) {
        if (state.text().equals(text)) {
          return state;
        }
      }
      throw json.malformed("has an unknown state");
    }
  }

  /**
   * One kept version. Immutable.
   *
   * @param number from 1, never used twice for a name
   * @param turn 1, and one more each time it is encrypted again for other recipients
   * @param sha256 the hash of its file
   * @param replaced the hash that {@code NAME.gpg} may still have when a crash came between the
   *     manifest and that file, or null
   * @param created when it was stored
   * @param epoch which list of recipients it was encrypted for
   * @param recipients their fingerprints
   */
  public record Version(
      long number,
      int turn,
      String sha256,
      @Nullable String replaced,
      Instant created,
      long epoch,
      List<String> recipients) {
    /** Copies the recipients. */
    public Version {
      recipients = List.copyOf(recipients);
    }

    /** Returns the path of its file, as a version of that name. */
    public String file(String name) {
      return StoreLayout.version(name, number, turn);
    }

    /** Returns whether these bytes are the file of this version, whole and unchanged. */
    public boolean fits(byte[] file) {
      return Sha256.hex(file).equals(sha256);
    }

    private Map<String, @Nullable Object> toJson() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("n", number);
      json.put("turn", turn);
      json.put("sha256", sha256);
      json.put("replaced", replaced);
      json.put("created", created.toString());
      json.put("epoch", epoch);
      json.put("recipients", recipients);
      return json;
    }

    private static Version of(SignedFields json) {
      try {
        return new Version(
            json.number("n"),
            Math.toIntExact(json.number("turn")),
            json.text("sha256"),
            json.textOrNull("replaced"),
            Instant.parse(json.text("created")),
            json.number("epoch"),
            json.texts("recipients"));
      } catch (DateTimeException | ArithmeticException e) {
        throw json.malformed("has a malformed version");
      }
    }
  }

  /** Copies the versions. */
  public SecretManifest {
    versions = List.copyOf(versions);
  }

  /** Returns the version with a number, if it is kept. */
  public Optional<Version> version(long number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** Returns the number of the version that is served. */
  public long current() {
    return stages.current();
  }

  /** Returns the version that is served; {@link #parse} has made sure that there is one. */
  public Version currentVersion() {
    return version(current()).orElseThrow();
  }

  /** Returns the version with that id. */
  public Version requireVersion(String id) {
    // No leading zero and no sign: one version has one id.
    if (id.matches("[1-9][0-9]{0,17}")) {
      Version version = version(Long.parseLong(id)).orElse(null);
      if (version != null) {
        return version;
      }
    }
    throw StoreFailure.of(
        Kind.VERSION_NOT_FOUND,
        "there is no such version, or it is no longer kept",
        "List the versions; gpg.retention says how many are kept");
  }

  /** Returns the stages of a version. */
  public Set<Stage> stages(long number) {
    Set<Stage> found = EnumSet.noneOf(Stage.class);
    if (number == stages.current()) {
      found.add(Stage.CURRENT);
    }
    if (number == stages.previous()) {
      found.add(Stage.PREVIOUS);
    }
    if (number == stages.pending()) {
      found.add(Stage.PENDING);
    }
    return found;
  }

  /** Returns the number of the newest version. */
  public long lastNumber() {
    return versions.get(versions.size() - 1).number();
  }

  /** Returns whether this store once wrote a {@code NAME.gpg} with that hash. */
  boolean knows(String sha256) {
    return versions.stream()
        .anyMatch(v -> v.sha256().equals(sha256) || sha256.equals(v.replaced()));
  }

  /** Returns the manifest that comes after this one, whose file has that hash. */
  public SecretManifest next(
      String hash, State nextState, Stages nextStages, List<Version> nextVersions) {
    return new SecretManifest(
        storeId, name, sequence + 1, hash, nextState, nextStages, nextVersions);
  }

  /**
   * Which numbers have a stage; 0 for none.
   *
   * @param current the number of the version that is served
   * @param previous the number that was served before
   * @param pending the number that waits for its promotion
   */
  public record Stages(long current, long previous, long pending) {
    /** After that version became current. */
    public Stages promote(long number) {
      return new Stages(number, current, pending == number ? 0 : pending);
    }

    /** Returns the stages after that version became pending. */
    public Stages withPending(long number) {
      return new Stages(current, previous, number);
    }

    /** Returns the stages without a previous version. */
    public Stages withoutPrevious() {
      return new Stages(current, 0, pending);
    }

    /** Returns whether a version has a stage. */
    public boolean contains(long number) {
      return number == current || number == previous || number == pending;
    }
  }

  /** Returns the document that is signed. */
  public byte[] toBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", TYPE);
    json.put("store", storeId);
    json.put("name", name);
    json.put("seq", sequence);
    json.put("prevHash", previousHash);
    json.put("state", state.text());
    json.put("current", stages.current());
    json.put("previous", stages.previous());
    json.put("pending", stages.pending());
    json.put("versions", versions.stream().map(Version::toJson).toList());
    return SignedFields.bytes(json);
  }

  static SecretManifest parse(String file, byte[] bytes) {
    SignedFields json = SignedFields.parse(file, bytes);
    if (!json.text("type").equals(TYPE)) {
      throw json.malformed("is not a manifest");
    }
    List<Version> versions = new ArrayList<>();
    for (SignedFields version : json.objects("versions")) {
      versions.add(Version.of(version));
    }
    SecretManifest manifest =
        new SecretManifest(
            json.text("store"),
            json.text("name"),
            json.number("seq"),
            json.text("prevHash"),
            State.of(json),
            new Stages(json.number("current"), json.number("previous"), json.number("pending")),
            versions);
    manifest.requireSound(json);
    return manifest;
  }

  private void requireSound(SignedFields json) {
    long before = 0;
    for (Version version : versions) {
      if (version.number() <= before || version.turn() < 1) {
        throw json.malformed("lists its versions in a wrong order");
      }
      before = version.number();
    }
    if (versions.size() > MAX_VERSIONS
        || state == State.PURGED
        || version(stages.current()).isEmpty()
        || (stages.previous() != 0 && version(stages.previous()).isEmpty())
        || (stages.pending() != 0 && version(stages.pending()).isEmpty())
        || sequence == 0) {
      throw json.malformed("contradicts itself");
    }
  }
}
