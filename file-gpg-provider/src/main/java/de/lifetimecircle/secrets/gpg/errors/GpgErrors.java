package de.lifetimecircle.secrets.gpg.errors;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Translates every failure of the store into the one exception of the library, once. Stateless. */
public final class GpgErrors {
  public static final String SCHEME = "gpg";

  /** Advice for a {@code .gpg-id} that differs from the index. */
  public static final String GPG_ID_ADVICE =
      "Delete .gpg-id and .gpg-id.sig, which are then written again from the signed index; after"
          + " that, add a recipient with 'secrets recipients add FILE', or remove one with 'secrets"
          + " recipients remove FINGERPRINT'";

  private GpgErrors() {}

  /** One call on the store, whose failures {@link GpgErrors#call} translates. */
  @FunctionalInterface
  public interface Call<T> {
    /** Makes the call. */
    T run() throws IOException;
  }

  /** Runs a call; every failure says which action failed, for which name, and why. */
  public static <T> T call(String action, @Nullable String name, Call<T> call) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailure.interrupted();
      }
      return call.run();
    } catch (StoreFailure e) {
      throw e.toException(SCHEME, action, name);
    } catch (PgpFailure e) {
      throw ofKey(e).toException(SCHEME, action, name);
    } catch (IOException e) {
      throw ofDisk(e).toException(SCHEME, action, name);
    } catch (PgpIdentity.Closed e) {
      throw StoreFailure.closed().toException(SCHEME, action, name);
    } catch (SecretException e) {
      throw e;
    } catch (RuntimeException e) {
      throw StoreFailure.unexpected(e).toException(SCHEME, action, name);
    }
  }

  /** Reports a file that is damaged or was changed by an unauthorized person. */
  public static StoreFailure corrupt(String file, String why, String advice) {
    return StoreFailure.of(Kind.CORRUPT, file + " " + why, advice);
  }

  /** Reports a file that this store cannot have written, and advises to restore a backup. */
  public static StoreFailure corrupt(String file, String why) {
    return corrupt(file, why, "Restore the store from a backup");
  }

  /** Reports a file of the index, which a repair can rebuild. */
  public static StoreFailure corruptIndex(String file, String why) {
    return corrupt(
        file,
        why,
        "Run 'secrets store repair', which rebuilds the index and says what it cannot prove; or"
            + " restore the store from a backup");
  }

  /**
   * Throws this failure again, unless a file is damaged, missing or not ours. Such a file may only
   * mean that a writer was at work, or concerns one secret of many.
   */
  public static void requireCorrupt(StoreFailure e) {
    if (e.kind() != Kind.CORRUPT) {
      throw e;
    }
  }

  /**
   * Reports that the lock of the store did not become free in time.
   *
   * @param timeout of the call. A second attempt within it would only hide this message behind the
   *     caller's own, so none is advised before.
   */
  public static StoreFailure locked(String holder, Duration timeout) {
    return StoreFailure.of(
            Kind.TIMEOUT,
            holder + " holds the lock of the store",
            "Try again, or raise 'timeout'; a writer holds the lock for less than a second, a"
                + " backup or a repair for longer; if neither runs, look for a process that hangs")
        .after(timeout);
  }

  /** Returns reason and advice as sentences, for a list of findings. */
  public static String sentences(StoreFailure e) {
    return e.reason() + ". " + advice(e) + ".";
  }

  /** Returns the advice, which every failure of this store has. */
  public static String advice(StoreFailure e) {
    return e.advice().orElse("");
  }

  /** Translates a failure of the OpenPGP layer with a file of the store. */
  public static StoreFailure ofFile(String file, PgpFailure e) {
    return switch (e.reason()) {
      case WRONG_KEY ->
          StoreFailure.of(
              Kind.ACCESS_DENIED,
              file + " is not encrypted to this key",
              "Ask a recipient of the store to run 'secrets recipients add FILE' with its"
                  + " certificate; or, if the key has a new encryption key, export it with the"
                  + " secret part of that one");
      case UNTRUSTED_SIGNER -> GpgErrors.corrupt(file, "is signed by none of the pinned signers");
      case BAD_SIGNATURE -> GpgErrors.corrupt(file, "was changed after it was signed");
      case WRONG_PASSPHRASE, NO_SECRET_KEY, AGENT, FOREIGN_AGENT -> ofKey(e);
      case UNACCEPTED_SIGNATURE, EXPIRED_SIGNER, REVOKED_SIGNER, UNFIT_SIGNER ->
          GpgErrors.corrupt(file, "is not accepted (" + e.text() + ")");
      default -> GpgErrors.corrupt(file, "is damaged or was replaced (" + e.text() + ")");
    };
  }

  /** As {@link #ofFile}, for a message: a wrong key file is no fault of the store. */
  public static StoreFailure ofMessage(String file, PgpFailure e) {
    return e.reason() == PgpFailure.Reason.BAD_KEY_FILE ? ofKey(e) : ofFile(file, e);
  }

  /** Translates a failure of the OpenPGP layer with our own key, or with the recipients. */
  public static StoreFailure ofKey(PgpFailure e) {
    if (Thread.currentThread().isInterrupted() && e.reason() == PgpFailure.Reason.AGENT) {
      return StoreFailure.interrupted();
    }
    Kind kind =
        switch (e.reason()) {
          case WRONG_PASSPHRASE, BAD_KEY_FILE, DAMAGED, NOT_A_MESSAGE -> Kind.UNAUTHENTICATED;
          case NO_SECRET_KEY, WRONG_KEY, FOREIGN_AGENT -> Kind.ACCESS_DENIED;
          case AGENT -> Kind.UNAVAILABLE;
          case TOO_LARGE -> Kind.TOO_LARGE;
          case EXPIRED_KEY, EARLY_KEY, UNUSABLE_SIGNER, UNUSABLE_RECIPIENT -> Kind.DISABLED;
          default -> Kind.CORRUPT;
        };
    String usual =
        e.reason() == PgpFailure.Reason.AGENT
            ? "Try again; if that fails too, restart it: gpgconf --kill gpg-agent"
            : "See gpg.key-file, gpg.signers and the recipients";
    return StoreFailure.of(kind, "cannot " + e.problem(), e.advice().orElse(usual));
  }

  /** Translates a failure of the operating system. */
  public static StoreFailure ofDisk(IOException e) {
    if (e instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      return StoreFailure.interrupted();
    }
    String what = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
    String why = FileFailure.reason(e);
    if (e instanceof AccessDeniedException) {
      return StoreFailure.of(
              Kind.ACCESS_DENIED,
              "the operating system denies access to " + what,
              "Give the account that runs this process the rights on it")
          .causedBy(e);
    }
    return StoreFailure.of(Kind.UNAVAILABLE, (what.isEmpty() ? "" : what + ": ") + why, advice(why))
        .causedBy(e);
  }

  /** Translates a failure of the disk that a backup is written to, seldom that of the store. */
  public static StoreFailure ofBackupDisk(IOException e, Path folder) {
    StoreFailure problem = ofDisk(e);
    String why = FileFailure.reason(e);
    if (problem.kind() != Kind.UNAVAILABLE || !(isFull(why) || isReadOnly(why))) {
      return problem;
    }
    String advice =
        isFull(why)
            ? "Free space on the disk of " + folder
            : "Mount the disk of " + folder + " writable";
    return problem.advising(advice + ", or write the backup to another disk");
  }

  private static String advice(String why) {
    if (isFull(why)) {
      return "Free space on the disk of the store; secrets stored before are still served";
    }
    if (isReadOnly(why)) {
      return "Mount the disk of the store writable; reads still work";
    }
    return "Check the disk of the store and the rights on it";
  }

  /** By the system's words: the JDK has no type for it, and they come in the account's language. */
  private static boolean isFull(String why) {
    String reason = why.toLowerCase(Locale.ROOT);
    return Stream.of("no space", "kein speicherplatz", "quota").anyMatch(reason::contains);
  }

  private static boolean isReadOnly(String why) {
    String reason = why.toLowerCase(Locale.ROOT);
    return Stream.of("read-only", "nur lesbar").anyMatch(reason::contains);
  }
}
