package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A rotation of an exposed secret that was open when the emergency came to it: its new value may be
 * exposed as well. Ends it, whatever state it is in. Used by one thread.
 */
final class EarlierRotation {
  /** How a version fails that is given out no more, so that no program can have it from there. */
  private static final Set<SecretException.Kind> GONE =
      Set.of(SecretException.Kind.VERSION_NOT_FOUND, SecretException.Kind.DISABLED);

  private final Rotations rotations;
  private final String name;

  EarlierRotation(Rotations rotations, String name) {
    this.rotations = rotations;
    this.name = name;
  }

  static boolean isGone(SecretException e) {
    return GONE.contains(e.kind());
  }

  /**
   * Ends it where one is open. One of a store that the secret has been moved from is passed by: it
   * knows versions of that store, and what is valid here is made invalid all the same.
   *
   * @param told takes the name of the secret that has one
   */
  void end(Consumer<String> told) {
    if (rotations.passForeignBy(name).isPresent()) {
      return;
    }
    Optional<RotationReport> open = rotations.open(name);
    if (open.isEmpty()) {
      return;
    }
    told.accept(open.get().name());
    boolean promoted = !open.get().changes().get(0).newVersion().isEmpty();
    RotationReport ended = promoted ? resume() : abandon();
    if (ended.outcome() == RotationReport.Outcome.WAITING) {
      RotationReport unused = orGivenUp(() -> rotations.retire(name));
    }
  }

  /**
   * Gives it up where one is open, since people have replaced the value: nobody may go on with it.
   *
   * @param told takes the name of the secret that has one
   */
  void giveUp(Consumer<String> told) {
    if (rotations.passForeignBy(name).isPresent()) {
      return;
    }
    Optional<RotationReport> open = rotations.open(name);
    if (open.isEmpty()) {
      return;
    }
    told.accept(open.get().name());
    try {
      RotationReport unused = rotations.abandon(name);
    } catch (SecretException e) {
      if (!endsIt(e)) {
        throw e;
      }
      RotationReport unused = rotations.setAside(name);
    }
  }

  /** A crash may have come between the promotion and its line in the journal. */
  private RotationReport abandon() {
    try {
      return rotations.abandon(name);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CONFLICT) {
        throw e;
      }
      return resume();
    }
  }

  /** Goes on with it, or gives it up where nobody can go on with it. */
  RotationReport resume() {
    return orGivenUp(() -> rotations.resume(name));
  }

  /**
   * One that nobody can go on with, as somebody has changed what is served, is given up: what is
   * served is replaced next. Where it cannot be given up either it is of another store of the same
   * kind, and its journal is set aside.
   */
  private RotationReport orGivenUp(Supplier<RotationReport> way) {
    try {
      return way.get();
    } catch (RotationStopped e) {
      if (!(e.getCause() instanceof SecretException why) || !endsIt(why)) {
        throw e;
      }
      try {
        return rotations.abandon(name);
      } catch (SecretException refused) {
        if (!endsIt(refused)) {
          e.addSuppressed(refused);
          throw e;
        }
        return rotations.setAside(name);
      }
    }
  }

  private static boolean endsIt(SecretException why) {
    return why.kind() == SecretException.Kind.CONFLICT || isGone(why);
  }
}
