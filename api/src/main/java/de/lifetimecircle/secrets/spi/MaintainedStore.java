package de.lifetimecircle.secrets.spi;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A store that keeps its secrets in files of its own, so that a person can verify, back up and
 * repair it. Reached through {@link de.lifetimecircle.secrets.SecretWriter#unwrap}.
 *
 * <pre>{@code
 * try (SecretWriter writer = SecretWriter.open()) {
 *   MaintainedStore files = writer.unwrap(MaintainedStore.class).orElseThrow();
 *   StoreReport report =
 *       files.backup(Path.of("secrets.tgz"), MaintainedStore.ExistingFile.KEEP);
 *   for (StoreReport.Finding finding : report.findings()) {
 *     System.err.println(finding.level() + " " + finding.subject() + ": " + finding.text());
 *   }
 * }
 * }</pre>
 *
 * <p>Every method blocks, reads the whole store, and may take minutes on a large one. Readers and
 * writers go on while it is verified or backed up; while a repair is planned or carried out, others
 * who need the lock of the store wait, and fail with {@code TIMEOUT} after their own time. No
 * report holds a value.
 */
public interface MaintainedStore extends SecretStore {
  /** The treatment of a file that already exists at the place of a backup. */
  enum ExistingFile {
    /** It stays, and the backup fails with {@code CONFLICT}. */
    KEEP,
    /** It is replaced in one step, but only by a backup of a store that is whole. */
    REPLACE
  }

  /**
   * Verifies every signature, hash and version of this store. Changes nothing.
   *
   * @return the counts of verified items, and each problem; no finding of level {@code DAMAGED} if
   *     the store is whole
   * @throws de.lifetimecircle.secrets.SecretException if it cannot be verified at all, such as
   *     {@code UNAUTHENTICATED} without its key; damage is in the report
   */
  StoreReport verify();

  /**
   * Verifies a copy of a store of this kind with the key and the signers of this one. Changes
   * nothing.
   *
   * @param copy an archive that {@link #backup} wrote, or a folder
   * @return as {@link #verify()}, about the copy
   * @throws de.lifetimecircle.secrets.SecretException as {@link #verify()}; {@code NOT_FOUND} if
   *     there is no such file
   */
  StoreReport verify(Path copy);

  /**
   * Writes an archive of the store as it was at one moment, while others write to it.
   *
   * @param file the archive, outside the store; compressed if its name ends with {@code .gz} or
   *     {@code .tgz}
   * @param existing whether an earlier archive at that place stays or is replaced
   * @return the counts of written items, and each problem of the store that was found
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFLICT} if there is such a file,
   *     {@code UNAVAILABLE} on a full disk; no part of an archive is left at that place then
   */
  StoreReport backup(Path file, ExistingFile existing);

  /**
   * Plans a repair for a person to agree to. Changes nothing.
   *
   * @return the steps that {@link #repair} would take, and the facts that nothing proves; empty if
   *     there is nothing that a repair could do
   */
  Optional<StoreReport> planRepair();

  /**
   * Rebuilds the files that readers need to find the secrets. Deletes nothing: replaced files are
   * kept.
   *
   * @param plan the answer of {@link #planRepair}, to which a person has agreed
   * @return the steps that were taken
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFLICT} if the store has changed
   *     since the plan
   */
  StoreReport repair(StoreReport plan);
}
