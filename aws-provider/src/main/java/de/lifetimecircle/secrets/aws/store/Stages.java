package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/** The staging labels of AWS as stages, and the order of versions. Stateless. */
final class Stages {
  static final String CURRENT = "AWSCURRENT";
  static final String PREVIOUS = "AWSPREVIOUS";
  static final String PENDING = "AWSPENDING";

  /**
   * Marks a version between a conditional put and the moment when it becomes current. A writer that
   * dies after that moment leaves the label on it, also when it is the previous version later. All
   * writers use this one label, so the next conditional put moves it, and it never fills the quota
   * of 20 labels.
   */
  static final String CANDIDATE = "secrets-candidate";

  private static final Map<String, Stage> STAGES =
      Map.of(CURRENT, Stage.CURRENT, PREVIOUS, Stage.PREVIOUS, PENDING, Stage.PENDING);

  /**
   * Newest first. Times have a precision of a millisecond at best, so versions of the same time are
   * ordered by stage: the pending version came after the current one, and the current one after the
   * previous one. The id makes the order total.
   */
  private static final Comparator<SecretVersion> NEWEST_FIRST =
      Comparator.comparing(SecretVersion::created)
          .reversed()
          .thenComparing(Stages::rank)
          .thenComparing(SecretVersion::id);

  private Stages() {}

  private static int rank(SecretVersion version) {
    Set<Stage> stages = version.stages();
    if (stages.contains(Stage.CURRENT)) {
      return 1;
    }
    if (stages.contains(Stage.PREVIOUS)) {
      return 2;
    }
    return stages.contains(Stage.PENDING) ? 0 : 3;
  }

  /** All versions in their order, without a candidate: it is not current yet. */
  static List<SecretVersion> versions(Collection<SecretVersionsListEntry> entries) {
    List<SecretVersion> versions = new ArrayList<>();
    for (SecretVersionsListEntry entry : entries) {
      List<String> labels = entry.versionStages();
      if (labels.contains(CANDIDATE) && !isServed(labels)) {
        continue;
      }
      versions.add(new SecretVersion(entry.versionId(), created(entry), stages(labels)));
    }
    versions.sort(NEWEST_FIRST);
    return oneEach(versions);
  }

  /** Whether a version with these labels is current or was so before the current one. */
  private static boolean isServed(Collection<String> labels) {
    return labels.contains(CURRENT) || labels.contains(PREVIOUS);
  }

  /** The id of a version that has become current and still has the label of a candidate. */
  static Optional<String> formerCandidate(Map<String, List<String>> labels) {
    return holder(labels, CANDIDATE).filter(id -> isServed(labels.getOrDefault(id, List.of())));
  }

  private static Instant created(SecretVersionsListEntry entry) {
    return entry.createdDate() == null ? Instant.EPOCH : entry.createdDate();
  }

  /**
   * A rotation by AWS may leave the label of the pending version on the one that it made current
   * (API_RotateSecret, read 2026-12-01): that one waits for nothing.
   */
  private static Set<Stage> stages(Collection<String> labels) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    labels.stream().filter(STAGES::containsKey).map(STAGES::get).forEach(stages::add);
    if (stages.size() > 1) {
      stages.remove(Stage.PENDING);
    }
    return stages;
  }

  /** A label is on one version only; a list that is read while it moves can show it on two. */
  private static List<SecretVersion> oneEach(List<SecretVersion> newestFirst) {
    Set<Stage> seen = EnumSet.noneOf(Stage.class);
    List<SecretVersion> versions = new ArrayList<>();
    for (SecretVersion version : newestFirst) {
      Set<Stage> own = EnumSet.noneOf(Stage.class);
      version.stages().stream().filter(seen::add).forEach(own::add);
      versions.add(new SecretVersion(version.id(), version.created(), own));
    }
    return List.copyOf(versions);
  }

  /** The id of the version that has the label. */
  static Optional<String> holder(DescribeSecretResponse known, String label) {
    return holder(known.versionIdsToStages(), label);
  }

  static Optional<String> holder(Map<String, List<String>> labels, String label) {
    return labels.entrySet().stream()
        .filter(entry -> entry.getValue().contains(label))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
