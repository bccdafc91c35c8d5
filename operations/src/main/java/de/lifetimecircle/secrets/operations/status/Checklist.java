package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.handover.Language;
import de.lifetimecircle.secrets.operations.handover.Records;
import de.lifetimecircle.secrets.operations.handover.Site;
import de.lifetimecircle.secrets.operations.handover.Texts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be true before a service goes live with its secrets: eleven points, each with what
 * its tick rests on, or what is missing and the command that mends it. What no program can see,
 * such as whether a policy was attached, rests on somebody's word, and says whose and of which day.
 *
 * <p>Blocks for the backend and the file system. Used by one thread; the provider stays its
 * caller's, and must have local overrides off.
 */
public final class Checklist {
  private final Site site;
  private final SecretProvider provider;
  private final InstantSource clock;
  private final Language language;

  /** Begins a checklist of one environment. */
  public Checklist(Site site, SecretProvider provider, InstantSource clock, Language language) {
    this.site = site;
    this.provider = provider;
    this.clock = clock;
    this.language = language;
  }

  /**
   * All points, in their order.
   *
   * @throws SecretException what the backend fails with when it is asked who it is; {@code CORRUPT}
   *     if the records are damaged
   */
  public List<Tick> ticks() {
    Sight sight = Sight.of(site, provider, clock, Texts.of(Checklist.class, language));
    List<Tick> ticks = new ArrayList<>();
    for (Point point : Point.values()) {
      Draft draft = new Draft(point, site, sight.texts());
      switch (point) {
        case DECISION -> new DecisionProof(sight).look(draft);
        case GENERATED, STORED, ROTATION -> new StoreProof(sight).look(point, draft);
        case POLICIES -> new PolicyProof(sight).look(draft);
        case SERVICE -> new ServiceProof(sight).look(draft);
        case WORKFLOW -> new WorkflowProof(sight).look(draft);
        case AUDIT -> new AuditProof(sight).look(draft);
        case EMERGENCY, RUNBOOK, HANDOVER -> new PaperProof(sight).look(point, draft);
      }
      ticks.add(draft.tick());
    }
    return ticks;
  }

  /**
   * Records that somebody says a point is done which no program can see.
   *
   * @throws SecretException {@code UNSUPPORTED} if the point is one that is proven, {@code
   *     CONFIGURATION} if the name is none or the file cannot be written
   */
  public void claim(Point point, String by) {
    if (!point.claimable()) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "take your word for")
          .name(point.word())
          .reason("this program looks itself")
          .advice("See 'secrets status' for what is missing")
          .build();
    }
    Sight sight = Sight.of(site, provider, clock, Texts.of(Checklist.class, language));
    Records.of(site)
        .add(
            new Records.Entry(
                clock.instant(), by, point.word(), Records.digest(object(point, sight))));
  }

  /** What is claimed: another one is a claim of its own. */
  private static String object(Point point, Sight sight) {
    return switch (point) {
      case POLICIES -> new PolicyProof(sight).texts();
      default -> sight.scheme();
    };
  }
}
