package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.List;

/**
 * Rotates again where a backend without stages treats the version before the current one as the
 * previous one; a second rotation displaces it.
 */
final class ExpelStep implements EmergencyAction {
  /** One more rotation than the number of old versions that a backend keeps valid. */
  private static final int MOST_ROUNDS = 2;

  @Override
  public Result run(EmergencyRun run) {
    int rounds = 0;
    for (InventorySecret target : run.situation().targets().rotated()) {
      if (run.journal().isRotated(target)) {
        rounds += expel(run, target);
        askForRevocation(run, target);
      }
    }
    EmergencySituation seen = run.situation();
    String proof = seen.text(rounds == 0 ? "expel.none" : "expel.again");
    List<String> refused =
        seen.targets().rotated().stream().filter(seen::isRefused).map(seen::acceptedBy).toList();
    if (!refused.isEmpty()) {
      proof += "; " + seen.text("expel.refused", String.join(", ", refused));
    }
    for (String target : seen.journal().revoked()) {
      proof += "; " + seen.text("expel.revoked", seen.site().environment().stored(target));
    }
    return run.doneUnlessOpen(
        seen.claim().isEmpty() ? proof : proof + "; " + seen.text("expel.word", seen.claim()));
  }

  /** No program can ask somebody else's system, so a person's word is recorded as one. */
  private static void askForRevocation(EmergencyRun run, InventorySecret target) {
    EmergencySituation seen = run.situation();
    if (seen.isDrill()
        || !seen.claim().isEmpty()
        || !EmergencySituation.isSupplied(target)
        || !seen.isUnproved(target)) {
      return;
    }
    String stored = seen.stored(target);
    String issuer = seen.acceptedBy(target);
    if (run.settings().listener().confirms(seen.text("ask.revoked", stored, issuer))) {
      run.update(run.journal().withRevoked(target.name()));
      run.part(seen.text("part.revoked", stored, issuer));
    }
  }

  /** Returns the number of rounds that it took. */
  private static int expel(EmergencyRun run, InventorySecret target) {
    List<String> valid = stillValid(run, target);
    int rounds = 0;
    for (; !valid.isEmpty(); rounds++) {
      if (rounds == MOST_ROUNDS) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "make invalid")
            .name(String.join(", ", valid))
            .reason("the backend still calls an old version valid after another rotation")
            .advice(
                "Find it with 'secrets versions "
                    + valid.get(0)
                    + "', and delete that version with the backend's own tool")
            .build();
      }
      if (run.situation().isByHand(target) || EmergencySituation.isSupplied(target)) { // by people
        valid.forEach(
            stored ->
                run.exposed()
                    .stillValid(stored)
                    .forEach(version -> run.settings().writer().retire(stored, version)));
      } else {
        run.part(run.situation().text("part.again", String.join(", ", valid)));
        run.rotation(target).replace();
      }
      valid = stillValid(run, target);
    }
    return rounds;
  }

  /** Returns the names that change with a secret and still have a valid old version. */
  private static List<String> stillValid(EmergencyRun run, InventorySecret target) {
    return run.situation().targets().changedBy(target).stream()
        .filter(stored -> !run.exposed().stillValid(stored).isEmpty())
        .toList();
  }
}
