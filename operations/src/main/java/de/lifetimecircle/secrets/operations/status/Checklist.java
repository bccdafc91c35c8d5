package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckWatch;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks eleven points that must be true before a service goes live with its secrets. Each has its
 * evidence, or the missing parts and the command that fixes them. Points that no program can check,
 * such as whether a policy is attached, need a person's claim and show its author and date.
 *
 * <p>Blocks for the backend and the file system. Used by one thread. The caller closes the
 * provider, which must have local overrides off.
 */
public final class Checklist {
  private final InventoryLocation site;
  private final StoreSnapshot store;
  private final InstantSource clock;
  private final Language language;
  private CheckWatch watch = CheckWatch.NONE;

  /** Begins a checklist of one environment. */
  public Checklist(
      InventoryLocation site, StoreSnapshot store, InstantSource clock, Language language) {
    this.site = site;
    this.store = store;
    this.clock = clock;
    this.language = language;
  }

  /**
   * Returns all points, in their order.
   *
   * @throws SecretException if the backend cannot describe itself; {@code CORRUPT} if the records
   *     are damaged
   */
  public List<ChecklistItem> items() {
    return items(input());
  }

  private ChecklistContext input() {
    return ChecklistContext.of(site, store, clock, texts(), watch);
  }

  private LocalizedTexts texts() {
    return LocalizedTexts.of(Checklist.class, language);
  }

  /** Reports the progress of the slowest part, which reads every secret, to a listener. */
  public Checklist watchedBy(CheckWatch listener) {
    this.watch = listener;
    return this;
  }

  /** Returns one line about all points. */
  public String summary(List<ChecklistItem> items) {
    return texts()
        .text(
            "summary",
            items.size(),
            count(items, ChecklistItem.State.PROVEN),
            count(items, ChecklistItem.State.CLAIMED),
            count(items, ChecklistItem.State.MISSING));
  }

  /** Returns the text that stands for missing parts that an earlier point has named. */
  public String repeated(long parts) {
    return texts().text("repeated", parts);
  }

  static long count(List<ChecklistItem> items, ChecklistItem.State state) {
    return items.stream().filter(item -> item.state() == state).count();
  }

  static List<ChecklistItem> items(ChecklistContext context) {
    List<ChecklistItem> items = new ArrayList<>();
    for (ChecklistPoint point : ChecklistPoint.values()) {
      ChecklistItemBuilder item = new ChecklistItemBuilder(point, context);
      if (context.down().isPresent() && point.needsStore()) {
        unchecked(point, context, item);
        items.add(item.build());
        continue;
      }
      switch (point) {
        case DECISION -> new DecisionCheck(context).check(item);
        case GENERATED -> new StoreChecks(context).generated(item);
        case STORED -> new StoreChecks(context).stored(item);
        case POLICIES -> new PolicyCheck(context).check(item);
        case SERVICE -> new ServiceCheck(context).check(item);
        case WORKFLOW -> new WorkflowCheck(context).check(item);
        case ROTATION -> new StoreChecks(context).rotation(item);
        case AUDIT -> new AuditCheck(context).check(item);
        case EMERGENCY -> new DocumentChecks(context).emergency(item);
        case RUNBOOK -> new DocumentChecks(context).runbook(item);
        case HANDOVER -> new DocumentChecks(context).handover(item);
      }
      items.add(item.build());
    }
    return items;
  }

  /** Reports the cause once, with the first point that needs the store. */
  private static void unchecked(
      ChecklistPoint point, ChecklistContext context, ChecklistItemBuilder item) {
    String doctor = context.site().inventory().storeCommand("doctor");
    if (point == ChecklistPoint.GENERATED) {
      item.missing(doctor, "store.down", EnumText.of(context.down().orElseThrow()));
    } else {
      item.missing(doctor, "store.unchecked");
    }
  }

  /**
   * Records the claim of a person that a point is done, if no program can check the point.
   *
   * @throws SecretException {@code UNSUPPORTED} if the program checks the point itself, {@code
   *     CONFIGURATION} if the name is not one of a person or the file cannot be written
   */
  public void claim(ChecklistPoint point, String by) {
    if (!point.claimable()) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "record a claim for")
          .name(point.word())
          .reason("this program checks it itself")
          .advice("Run '" + site.command("status") + "' to see the missing parts")
          .build();
    }
    ChecklistContext context = input();
    ClaimLog.of(site)
        .add(
            new ClaimLog.Entry(
                clock.instant(), by, point.word(), ClaimLog.digest(object(point, context))));
  }

  /** Returns the subject of a claim: another subject needs a new claim. */
  static String object(ChecklistPoint point, ChecklistContext context) {
    return point == ChecklistPoint.POLICIES ? new PolicyCheck(context).texts() : context.scheme();
  }
}
