package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Translates every failure of the store into the one exception of the library, once. Stateless. */
public final class GpgErrors {
  public static final String SCHEME = "gpg";

  private GpgErrors() {}

  /** One call on the store, whose failures {@link GpgErrors#call} translates. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs a call; every failure says which action failed, for which name, and why. */
  static <T> T call(String action, @Nullable String name, Call<T> call) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw StoreProblem.interrupted();
      }
      return call.run();
    } catch (StoreProblem e) {
      throw build(action, name, e);
    } catch (PgpFailure e) {
      throw build(action, name, ofKey(e));
    } catch (IOException e) {
      throw build(action, name, ofDisk(e));
    } catch (PgpIdentity.Closed e) {
      throw build(action, name, closed());
    } catch (SecretException e) {
      throw e;
    } catch (RuntimeException e) {
      // No text of a value is in reach of it: the OpenPGP layer translates its own.
      throw build(action, name, defect(e));
    }
  }

  static StoreProblem closed() {
    return StoreProblem.of(Kind.CLOSED, "the store was closed", "Open a new one");
  }

  private static StoreProblem defect(RuntimeException e) {
    return StoreProblem.of(
            Kind.INTERNAL, "an unexpected " + e.getClass().getSimpleName(), "Please report it")
        .causedBy(e);
  }

  private static SecretException build(String action, @Nullable String name, StoreProblem e) {
    SecretException.Builder builder =
        SecretException.of(e.kind(), action)
            .scheme(SCHEME)
            .reason(e.reason())
            .advice(e.advice())
            .cause(e.getCause());
    if (name != null) {
      builder.name(name);
    }
    e.retryAfter().ifPresent(builder::retryAfter);
    return builder.build();
  }

  /** Translates a failure of the OpenPGP layer with a file of the store. */
  static StoreProblem ofFile(String file, PgpFailure e) {
    if (Thread.currentThread().isInterrupted() && e.reason() == PgpFailure.Reason.AGENT) {
      return StoreProblem.interrupted();
    }
    return switch (e.reason()) {
      case WRONG_KEY ->
          StoreProblem.of(
              Kind.ACCESS_DENIED,
              file + " is not encrypted to this key",
              "Ask a recipient of the store to add this key with addRecipient");
      case UNTRUSTED_SIGNER ->
          StoreProblem.corrupt(
              file,
              "is signed by none of the pinned signers",
              "If somebody you trust wrote it, add the fingerprint of that key to gpg.signers;"
                  + " else restore the store from a backup");
      case BAD_SIGNATURE -> StoreProblem.corrupt(file, "was changed after it was signed");
      case WRONG_PASSPHRASE, NO_SECRET_KEY, AGENT, FOREIGN_AGENT -> ofKey(e);
      case UNACCEPTED_SIGNATURE, EXPIRED_SIGNER, REVOKED_SIGNER, UNFIT_SIGNER ->
          StoreProblem.corrupt(file, "is not accepted (" + plain(e) + ")");
      default -> StoreProblem.corrupt(file, "is damaged or was replaced (" + plain(e) + ")");
    };
  }

  /** Translates a failure of the OpenPGP layer with our own key, or with the recipients. */
  static StoreProblem ofKey(PgpFailure e) {
    if (Thread.currentThread().isInterrupted() && e.reason() == PgpFailure.Reason.AGENT) {
      return StoreProblem.interrupted();
    }
    Kind kind =
        switch (e.reason()) {
          case WRONG_PASSPHRASE, BAD_KEY_FILE, DAMAGED, NOT_A_MESSAGE -> Kind.UNAUTHENTICATED;
          case NO_SECRET_KEY, WRONG_KEY, FOREIGN_AGENT -> Kind.ACCESS_DENIED;
          case AGENT -> Kind.UNAVAILABLE;
          case TOO_LARGE -> Kind.TOO_LARGE;
          case EXPIRED_KEY, UNUSABLE_SIGNER, UNUSABLE_RECIPIENT -> Kind.DISABLED;
          default -> Kind.CORRUPT;
        };
    // The layer below names the remedy, where it knows one, after its first sentence.
    String[] text = plain(e).replaceFirst("^Cannot ", "cannot ").split("\\. ", 2);
    String usual =
        e.reason() == PgpFailure.Reason.AGENT
            ? "Try again; if that fails too, restart it: gpgconf --kill gpg-agent"
            : "See gpg.key-file, gpg.signers and the recipients";
    return StoreProblem.of(kind, text[0], text.length > 1 ? text[1] : usual);
  }

  /** Translates a failure of the operating system. */
  static StoreProblem ofDisk(IOException e) {
    if (e instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      return StoreProblem.interrupted();
    }
    String what = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
    String why = FileFailure.reason(e);
    if (e instanceof AccessDeniedException) {
      return StoreProblem.of(
              Kind.ACCESS_DENIED,
              "the operating system denies access to " + what,
              "Give the account that runs this process the rights on it")
          .causedBy(e);
    }
    return StoreProblem.of(Kind.UNAVAILABLE, (what.isEmpty() ? "" : what + ": ") + why, advice(why))
        .causedBy(e);
  }

  /** Translates a failure of the disk that a backup is written to, seldom that of the store. */
  static StoreProblem ofBackupDisk(IOException e, Path folder) {
    StoreProblem problem = ofDisk(e);
    String why = FileFailure.reason(e);
    if (problem.kind() != Kind.UNAVAILABLE || !(isFull(why) || isReadOnly(why))) {
      return problem;
    }
    String advice =
        isFull(why)
            ? "Free space on the disk of " + folder
            : "Mount the disk of " + folder + " writable";
    return StoreProblem.of(
            problem.kind(), problem.reason(), advice + ", or write the backup to another disk")
        .causedBy(e);
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

  private static boolean isFull(String why) {
    String reason = why.toLowerCase(Locale.ROOT);
    return reason.contains("no space") || reason.contains("quota");
  }

  private static boolean isReadOnly(String why) {
    return why.toLowerCase(Locale.ROOT).contains("read-only");
  }

  /** Returns the text of a failure without "Cannot", which the message has already. */
  static String plain(PgpFailure e) {
    String text = String.valueOf(e.getMessage()).strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
