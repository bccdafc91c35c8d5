package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.AttestationLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
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
  private final InventoryLocation site;
  private final SecretProvider provider;
  private final InstantSource clock;
  private final Language language;

  /** Begins a checklist of one environment. */
  public Checklist(
      InventoryLocation site, SecretProvider provider, InstantSource clock, Language language) {
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
  public List<ChecklistItem> ticks() {
    ChecklistInput sight =
        ChecklistInput.of(site, provider, clock, LocalizedTexts.of(Checklist.class, language));
    List<ChecklistItem> ticks = new ArrayList<>();
    for (ChecklistPoint point : ChecklistPoint.values()) {
      ChecklistItemBuilder draft = new ChecklistItemBuilder(point, site, sight.texts());
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
  public void claim(ChecklistPoint point, String by) {
    if (!point.claimable()) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "take your word for")
          .name(point.word())
          .reason("this program looks itself")
          .advice("See 'secrets status' for what is missing")
          .build();
    }
    ChecklistInput sight =
        ChecklistInput.of(site, provider, clock, LocalizedTexts.of(Checklist.class, language));
    AttestationLog.of(site)
        .add(
            new AttestationLog.Entry(
                clock.instant(), by, point.word(), AttestationLog.digest(object(point, sight))));
  }

  /** What is claimed: another one is a claim of its own. */
  private static String object(ChecklistPoint point, ChecklistInput sight) {
    return switch (point) {
      case POLICIES -> new PolicyProof(sight).texts();
      default -> sight.scheme();
    };
  }
}
