package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.spi.StoreReport;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a repair writes. Immutable; the array is shared, and no code writes to it.
 *
 * @param next the root to sign; its buckets are those of {@code buckets}
 * @param buckets the files of the index to write, by the part of the index
 * @param certificates files of certificates to write, which {@code next} names
 * @param before the bytes at the place of the root now; null if there are none
 * @param aside damaged files that are in the way
 * @param recipientsLost whether {@code .gpg-id} must be written from the new root
 * @param needed whether anything is to be done
 * @param report the findings, for a person to read
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the arrays stay in this package.
record RepairPlan(
    IndexRoot next,
    SortedMap<String, byte[]> buckets,
    SortedMap<String, byte[]> certificates,
    byte @Nullable [] before,
    List<String> aside,
    boolean recipientsLost,
    boolean needed,
    StoreReport report) {

  Optional<StoreReport> forPeople() {
    return needed ? Optional.of(report) : Optional.empty();
  }
}
