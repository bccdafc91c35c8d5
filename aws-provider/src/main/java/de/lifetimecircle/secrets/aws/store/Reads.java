package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/** Reads values, versions and names. Its only state is the store's own writes and lists. */
record Reads(RecentWrites recent, VersionLists lists) {
  /**
   * The size from which it pays to ask for the version first: about what the answer to that
   * question takes.
   */
  static final int WORTH_ASKING = 2048;

  private static final int PAGE = 100;

  /** The times of a new secret and of its first version may differ by less. */
  private static final Duration ONE_CREATION = Duration.ofSeconds(1);

  /**
   * The possible ids of versions. AWS limits their length only (SecretVersionIdType in the model of
   * its API, read 2026-12-02): most are UUIDs, but a writer may choose another token.
   */
  private static final Pattern VERSION = Pattern.compile("[\\x21-\\x7e]{32,64}");

  /**
   * The current version. The label is named although it is what AWS reads by default: a stand-in
   * takes "by default" for "the newest".
   */
  StoredSecret current(Call call) {
    Optional<RecentWrites.Known> known = recent.last(call.name());
    GetSecretValueResponse read = call.labelled(Stages.CURRENT);
    if (known.isEmpty() || known.get().version().equals(read.versionId())) {
      return Values.stored(read);
    }
    try {
      String current = confirmed(call, read.versionId(), known.get()).orElse(known.get().version());
      return Values.stored(current.equals(read.versionId()) ? read : shown(call, current));
    } catch (AwsServiceException e) {
      if (ErrorCodes.kind(e) == Kind.ACCESS_DENIED) {
        return Values.stored(read); // without the right to ask, nothing is newer
      }
      throw e;
    }
  }

  /** Whether the version that was read as the current one is that for certain. */
  boolean isCurrent(Call call, String read) {
    Optional<RecentWrites.Known> known = recent.last(call.name());
    try {
      return known.isEmpty()
          || known.get().version().equals(read)
          || confirmed(call, read, known.get()).filter(read::equals).isPresent();
    } catch (AwsServiceException e) {
      if (ErrorCodes.kind(e) == Kind.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Returns the version that AWS confirms as current; empty if it lags behind the known one.
   *
   * @param read the version that was read as the current one
   */
  private Optional<String> confirmed(Call call, String read, RecentWrites.Known known) {
    Map<String, List<String>> labels = call.describe().versionIdsToStages();
    String current = Stages.holder(labels, Stages.CURRENT).orElse(read);
    List<String> ofKnown = labels.get(known.version());
    if (ofKnown == null) {
      // It is not there yet. Or it has no label any more, as after two later writes: a description
      // leaves such a version out (reference of DescribeSecret, read 2026-11-27).
      Optional<GetSecretValueResponse> found = call.found(() -> call.version(known.version()));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      ofKnown = found.get().versionStages();
    }
    if (lags(current, ofKnown, known)) {
      return Optional.empty();
    }
    recent.replace(call.name(), known, current);
    return Optional.of(current);
  }

  /**
   * Whether AWS shows a moment from before a version became current, as far as its labels tell.
   * They do not where a version that was the previous one was made current again.
   */
  private static boolean lags(String current, List<String> labels, RecentWrites.Known known) {
    if (labels.contains(Stages.CURRENT)) {
      return true; // The other version was read before.
    }
    return labels.isEmpty()
        ? !known.isNew()
        : current.equals(known.before()) && !labels.contains(Stages.PREVIOUS);
  }

  /** A version that a read by its id finds sooner or later. */
  private GetSecretValueResponse shown(Call call, String version) {
    return recent.until(
        call, "it was written and is not shown yet", () -> call.found(() -> call.version(version)));
  }

  /**
   * The current version, unless it is that one; asks for the version first if that saves bytes. The
   * id alone is not enough: a secret that was deleted without recovery can be created again with
   * the same ClientRequestToken.
   */
  Optional<StoredSecret> unless(Call call, String version, Instant created, int size) {
    boolean certain = recent.agrees(call.name(), version);
    if (size > WORTH_ASKING && certain && isDescribed(call.describeLive(), version, created)) {
      return Optional.empty();
    }
    StoredSecret read = current(call);
    if (read.version().equals(version)
        && (created.equals(Instant.EPOCH) || created.equals(read.created()))) {
      read.value().close();
      return Optional.empty();
    }
    return Optional.of(read);
  }

  /** A description has no time of a version; a secret is no younger than its versions. */
  private static boolean isDescribed(DescribeSecretResponse now, String version, Instant created) {
    boolean isYounger =
        now.createdDate() != null && now.createdDate().minus(ONE_CREATION).isAfter(created);
    return Stages.holder(now, Stages.CURRENT).filter(version::equals).isPresent()
        && (created.equals(Instant.EPOCH) || !isYounger);
  }

  StoredSecret version(Call call, String version) {
    Optional<GetSecretValueResponse> read =
        VERSION.matcher(version).matches() ? find(call, version) : Optional.empty();
    if (read.isEmpty()) {
      throw missing(call);
    }
    return Values.stored(read.get());
  }

  /** Waits a little for a version that this store wrote and AWS does not show yet. */
  private Optional<GetSecretValueResponse> find(Call call, String version) {
    Optional<GetSecretValueResponse> read = call.found(() -> call.version(version));
    if (read.isEmpty() && recent.knows(call.name(), version)) {
      return recent.waitFor(call, () -> call.found(() -> call.version(version)));
    }
    return read;
  }

  /** A missing version or a missing secret: the answer is the same but for its text. */
  private static RuntimeException missing(Call call) {
    try {
      var unused = call.describeLive();
    } catch (AwsServiceException e) {
      if (!ErrorCodes.kind(e).equals(Kind.ACCESS_DENIED)) {
        return e;
      }
      // Without that right it can only be said that the version is not there.
    }
    return StoreFailure.of(
        Kind.VERSION_NOT_FOUND,
        "it has no such version",
        "List its versions: AWS removes old ones that have no label");
  }

  List<SecretVersion> versions(Call call) {
    // A list of versions is answered for a deleted secret as well.
    DescribeSecretResponse now = call.describeLive();
    Optional<List<SecretVersion>> unchanged = lists.unchanged(call.name(), now);
    if (unchanged.isPresent()) {
      return unchanged.get();
    }
    List<SecretVersion> listed = Stages.versions(entries(call));
    List<SecretVersion> versions =
        listed.stream().filter(version -> !isWithoutValue(call, version)).toList();
    if (versions.size() == listed.size()) {
      lists.remember(call.name(), now, versions);
    }
    return versions;
  }

  /**
   * Whether it is a version that AWS has made for a rotation and that has no value yet, as before
   * the first step of the rotation and after one that failed. Only a read tells (API_DescribeSecret
   * and API_RotateSecret, read 2026-12-01).
   */
  private static boolean isWithoutValue(Call call, SecretVersion version) {
    if (!version.stages().contains(Stage.PENDING)) {
      return false;
    }
    try {
      return call.found(() -> call.version(version.id())).isEmpty();
    } catch (AwsServiceException e) {
      if (ErrorCodes.kind(e) == Kind.ACCESS_DENIED) {
        return false; // a reader who asks for it gets the reason
      }
      throw e;
    }
  }

  /** Every version, with those that have no label any more. */
  List<SecretVersionsListEntry> entries(Call call) {
    List<SecretVersionsListEntry> entries = new ArrayList<>();
    Pages pages = new Pages();
    do {
      ListSecretVersionIdsResponse page =
          call.ask(
              sdk ->
                  sdk.listSecretVersionIds(
                      r ->
                          r.secretId(call.name())
                              .includeDeprecated(true)
                              .maxResults(PAGE)
                              .nextToken(pages.token)
                              .overrideConfiguration(call.inTime())));
      entries.addAll(page.versions());
      pages.follow(page.nextToken());
    } while (pages.token != null);
    return entries;
  }

  List<String> names(Call call, String prefix, ListProgress progress) {
    // Legal names are ASCII, where the order of characters is that of code points.
    Set<String> names = new TreeSet<>();
    if (!Names.isPrefix(prefix)) {
      return List.of();
    }
    Pages pages = new Pages();
    do {
      String token = pages.token;
      NamePage page = progress.part("page " + token, () -> page(call, prefix, token));
      names.addAll(page.readable());
      pages.follow(page.next());
    } while (pages.token != null);
    return List.copyOf(names);
  }

  /** The part of a page that a list needs. */
  private record NamePage(List<String> readable, @Nullable String next) {}

  /** A page, which has the time of a call. */
  private static NamePage page(Call call, String prefix, @Nullable String token) {
    call.renew();
    ListSecretsResponse page = ask(call, prefix, token);
    List<String> readable = new ArrayList<>();
    for (SecretListEntry entry : page.secretList()) {
      if (entry.deletedDate() == null
          && entry.name().startsWith(prefix)
          && Names.isReadable(entry.name())) {
        readable.add(entry.name());
      }
    }
    return new NamePage(readable, page.nextToken());
  }

  private static ListSecretsResponse ask(Call call, String prefix, @Nullable String token) {
    List<Filter> filters =
        prefix.isEmpty()
            ? List.of()
            : List.of(Filter.builder().key(FilterNameStringType.NAME).values(prefix).build());
    return call.ask(
        sdk ->
            sdk.listSecrets(
                r ->
                    r.filters(filters)
                        .maxResults(PAGE)
                        .nextToken(token)
                        .overrideConfiguration(call.inTime())));
  }

  /** Follows the pages of a list, and not in a circle. */
  private static final class Pages {
    private final Set<String> seen = new HashSet<>();
    private @Nullable String token;

    void follow(@Nullable String next) {
      token = next == null || next.isEmpty() ? null : next;
      if (token != null && !seen.add(token)) {
        throw StoreFailure.of(
            Kind.UNAVAILABLE, "a list leads back to a page it has shown", "Check aws.endpoint");
      }
    }
  }
}
