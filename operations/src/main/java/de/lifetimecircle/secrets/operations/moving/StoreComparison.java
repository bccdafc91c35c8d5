package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.AwsManagedSecrets;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Compares secrets in two stores without showing or keeping a value: reads each value, digests it
 * under a key of this run and discards it.
 *
 * <p>The current, the previous and the pending version are compared one by one; older ones in any
 * order, because not every backend orders versions within a second. Versions that only one store
 * still keeps are reported and do not count as a difference. Reads only; blocks for both stores.
 * Used by one thread. The caller closes the providers, which must have local overrides off.
 */
public final class StoreComparison {
  private final SecretProvider first;
  private final SecretProvider second;
  private final ValueFingerprints fingerprints;

  /**
   * Begins to compare.
   *
   * @param random the source of the key: {@link
   *     de.lifetimecircle.secrets.operations.generation.SystemRandom} except in tests
   */
  public StoreComparison(SecretProvider first, SecretProvider second, RandomGenerator random) {
    this.first = first;
    this.second = second;
    this.fingerprints = new ValueFingerprints(random);
  }

  /**
   * Returns all names with a prefix in either store, sorted, without those that AWS services manage
   * and those under which rotations keep a value before it is served.
   *
   * @param leftOut takes the managed names
   * @throws SecretException {@code UNSUPPORTED} if one of the stores cannot list
   */
  public List<String> names(String prefix, Consumer<String> leftOut) {
    TreeSet<String> names = new TreeSet<>(AwsManagedSecrets.without(first, prefix, leftOut));
    names.addAll(AwsManagedSecrets.without(second, prefix, leftOut));
    names.removeIf(
        name -> IdlePendingNames.isIdle(first, name) || IdlePendingNames.isIdle(second, name));
    return List.copyOf(names);
  }

  /**
   * Compares one secret.
   *
   * @throws SecretException if a whole store fails, for example with {@code UNAVAILABLE}
   */
  public ComparedSecret compare(String name) {
    return compare(name, Integer.MAX_VALUE, chain -> chain);
  }

  /**
   * Compares one secret, but no pending version and only the newest versions of the first store: at
   * least the current one and the one that its verifiers accept besides.
   */
  ComparedSecret compareServed(String name, int newest) {
    return compare(name, newest, VersionChain::withoutPending);
  }

  private ComparedSecret compare(String name, int newest, UnaryOperator<VersionChain> part) {
    VersionChain.@Nullable VersionDigests one;
    VersionChain.@Nullable VersionDigests other;
    try {
      one = prints(first, name, newest, part);
      other = prints(second, name, Integer.MAX_VALUE, part);
    } catch (SecretException e) {
      if (FreshRead.isOfWholeStore(e)) {
        throw e;
      }
      String why = e.scheme().orElse("a store") + ": " + EnumText.of(e.kind());
      return new ComparedSecret(name, ComparedSecret.Outcome.UNREADABLE, why);
    }
    if (one == null && other == null) {
      return new ComparedSecret(name, ComparedSecret.Outcome.UNREADABLE, "neither has it");
    }
    if (one == null || other == null) {
      ComparedSecret.Outcome outcome =
          one == null ? ComparedSecret.Outcome.ONLY_SECOND : ComparedSecret.Outcome.ONLY_FIRST;
      return new ComparedSecret(name, outcome, "");
    }
    if (one.served().isEmpty() || other.served().isEmpty()) {
      String where = one.served().isEmpty() ? "first" : "second";
      return new ComparedSecret(
          name, ComparedSecret.Outcome.UNREADABLE, "no current version in the " + where);
    }
    return compare(name, one, other);
  }

  private VersionChain.@Nullable VersionDigests prints(
      SecretProvider provider, String name, int newest, UnaryOperator<VersionChain> part) {
    return FreshRead.unless(
            Set.of(SecretException.Kind.NOT_FOUND, SecretException.Kind.PENDING_DELETION),
            () -> {
              VersionChain chain = part.apply(VersionChain.of(provider, name));
              int least = chain.previous() == null ? 1 : 2;
              return chain
                  .newest(Math.max(newest, least))
                  .prints(provider, name, fingerprints, read -> {});
            })
        .orElse(null);
  }

  private static ComparedSecret compare(
      String name, VersionChain.VersionDigests one, VersionChain.VersionDigests other) {
    List<String> different = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int common = Math.min(one.served().size(), other.served().size());
    for (int back = 0; back < Math.min(common, 2); back++) {
      if (!fromEnd(one, back).equals(fromEnd(other, back))) {
        different.add(back == 0 ? "current" : "previous");
      }
    }
    int older = olderDifferent(one, other);
    if (older > 0) {
      different.add(older + " older");
    }
    int more = one.served().size() - other.served().size();
    if (more != 0) {
      String where = more > 0 ? "first" : "second";
      notes.add(Math.abs(more) + " older only in the " + where);
    }
    comparePending(one.pending(), other.pending(), different, notes);
    boolean same = different.isEmpty();
    List<String> words = new ArrayList<>(different);
    words.addAll(notes);
    return new ComparedSecret(
        name,
        same ? ComparedSecret.Outcome.SAME : ComparedSecret.Outcome.DIFFERS,
        String.join(", ", words));
  }

  /** Returns how many old versions of the store with fewer versions the other store lacks. */
  private static int olderDifferent(
      VersionChain.VersionDigests one, VersionChain.VersionDigests other) {
    boolean fewer = one.served().size() <= other.served().size();
    List<ByteBuffer> few = older(fewer ? one : other);
    List<ByteBuffer> many = new ArrayList<>(older(fewer ? other : one));
    int different = 0;
    for (ByteBuffer print : few) {
      different += many.remove(print) ? 0 : 1;
    }
    return different;
  }

  private static List<ByteBuffer> older(VersionChain.VersionDigests prints) {
    return prints.served().subList(0, Math.max(0, prints.served().size() - 2));
  }

  private static void comparePending(
      @Nullable ByteBuffer one,
      @Nullable ByteBuffer other,
      List<String> different,
      List<String> notes) {
    if (one != null && other != null && !one.equals(other)) {
      different.add("pending");
    } else if ((one == null) != (other == null)) {
      notes.add("pending only in the " + (one != null ? "first" : "second"));
    }
  }

  private static ByteBuffer fromEnd(VersionChain.VersionDigests prints, int back) {
    return prints.served().get(prints.served().size() - 1 - back);
  }
}
