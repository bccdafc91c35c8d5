package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;

/** Translates an ERR line of gpg-agent; the low 16 bits of its number are the gpg-error code. */
final class AgentError {

  private static final int BAD_PASSPHRASE = 11;
  private static final int NO_SECRET_KEY = 17;
  private static final int NO_PINENTRY = 86;
  private static final int NO_PIN = 85;
  private static final int CANCELED = 99;
  private static final int FULLY_CANCELED = 198;
  private static final int ASSUAN_CANCELED = 277;

  private AgentError() {}

  static PgpFailure of(String errLine) {
    int code = code(errLine);
    return switch (code) {
      case BAD_PASSPHRASE ->
          new PgpFailure(
              Reason.WRONG_PASSPHRASE,
              "unlock key in gpg-agent",
              "the passphrase does not open it",
              "Check gpg.passphrase-file or gpg.passphrase-variable; without either, the"
                  + " agent was given a wrong one");
      case CANCELED, FULLY_CANCELED, ASSUAN_CANCELED, NO_PINENTRY, NO_PIN ->
          new PgpFailure(
              Reason.WRONG_PASSPHRASE,
              "unlock key in gpg-agent",
              "it is locked, and no passphrase is configured or cached",
              "Set gpg.passphrase-file or gpg.passphrase-variable, or unlock it in the"
                  + " agent by decrypting any file of the store: gpg -d FILE > /dev/null");
      case NO_SECRET_KEY ->
          new PgpFailure(
              Reason.NO_SECRET_KEY,
              "use gpg-agent",
              "it does not hold the secret key",
              "Compare gpg.certificate with the keys that gpg --list-secret-keys shows for"
                  + " the account of the agent");
      default ->
          new PgpFailure(
              Reason.AGENT,
              "use gpg-agent",
              "it answered with gpg-error code " + code,
              "To see what that means, run: gpg-error " + code);
    };
  }

  private static int code(String errLine) {
    try {
      return Integer.parseInt(errLine.split(" ", 3)[1]) & 0xffff;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
