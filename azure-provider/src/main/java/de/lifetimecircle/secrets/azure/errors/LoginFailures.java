package de.lifetimecircle.secrets.azure.errors;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Translates failures of a login. Stateless. */
public final class LoginFailures {
  private static final Pattern CODE = Pattern.compile("AADSTS[0-9]{4,8}");

  private LoginFailures() {}

  /** Translates a chain of causes; null if no part of it comes from a login. */
  public static @Nullable StoreFailure problem(List<Throwable> chain) {
    for (Throwable each : chain) {
      StoreFailure found = ofCause(each);
      if (found != null) {
        return found;
      }
    }
    for (Throwable each : chain) {
      if (each instanceof CredentialUnavailableException) {
        return unavailable();
      }
      if (each instanceof MsalException || each instanceof ClientAuthenticationException) {
        return refused("", "");
      }
    }
    return null;
  }

  private static @Nullable StoreFailure ofCause(Throwable e) {
    if (e instanceof MsalServiceException answer) {
      return refused(codeIn(answer.getMessage()), String.valueOf(answer.errorCode()));
    }
    if (e instanceof FileSystemException file) {
      return unreadable(file.getFile());
    }
    return e instanceof GeneralSecurityException ? unusable() : null;
  }

  /** A file of the login that is not there, or not for us. */
  public static StoreFailure unreadable(String file) {
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the file " + file + " of the login cannot be read",
        "Check azure.client-certificate-file or azure.federated-token-file");
  }

  /**
   * Creates the failure for a file that is not a certificate, or that the password does not open.
   */
  public static StoreFailure unusable() {
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the key or the certificate of the login cannot be used",
        "Check azure.client-certificate-file (PEM with a PKCS #8 key, or PKCS #12) and"
            + " azure.client-certificate-password");
  }

  private static String codeIn(@Nullable String text) {
    Matcher matcher = CODE.matcher(String.valueOf(text));
    return matcher.find() ? matcher.group() : "";
  }

  private static StoreFailure unavailable() {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "no credential was found",
        "Set azure.credential and what it needs, or give this host a managed identity");
  }

  private static StoreFailure refused(String code, String error) {
    String word = code.isEmpty() ? error : code;
    String shown = word.matches("[0-9A-Za-z_]{1,60}") ? " (" + word + ")" : "";
    return StoreFailure.of(Kind.UNAUTHENTICATED, "the login was refused" + shown, advice(code));
  }

  private static String advice(String code) {
    return switch (code) {
      case "AADSTS7000215" -> "Correct azure.client-secret: the value, not the id of the secret";
      case "AADSTS7000222" -> "Make a new client secret: this one has expired";
      case "AADSTS700016" -> "Correct azure.client-id: the tenant has no such application";
      case "AADSTS90002", "AADSTS900023" -> "Correct azure.tenant-id: there is no such tenant";
      case "AADSTS700027" -> "Register the certificate with the application";
      case "AADSTS70021", "AADSTS700211", "AADSTS700213" ->
          "Add the federated credential of this workload to the application";
      case "AADSTS700024" -> "Check the clock of this host and the age of the token file";
      default -> "Check azure.credential, azure.tenant-id, azure.client-id and azure.authority";
    };
  }
}
