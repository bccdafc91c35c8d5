package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import de.lifetimecircle.secrets.spi.RecipientStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows and changes who can read a store that is encrypted to named recipients. */
@Command(name = "recipients", description = "Show or change who can read the store.")
public final class RecipientsCommand extends SessionCommand implements Runnable {
  @Override
  public void run() {
    list();
  }

  /** Prints the fingerprints of the recipients. */
  @Command(name = "list", description = "List the fingerprints of everyone who can read the store.")
  void list() {
    try (SecretWriter writer = session.openWriter()) {
      List<String> recipients = store(writer).recipients();
      if (session.json) {
        session.output().document(recipients);
      } else {
        recipients.forEach(session.output()::line);
      }
    }
  }

  /** Adds a recipient by the public certificate. */
  @Command(
      name = "add",
      description = {
        "Let one more recipient read the store. This encrypts all versions again; others can use"
            + " the store meanwhile.",
        "For an existing recipient, replace the certificate with a newer one, for example after its"
            + " expiry date was extended."
      })
  void add(
      @Parameters(paramLabel = "FILE", description = "The public certificate, armored or binary.")
          String file) {
    byte[] certificate;
    try {
      certificate = Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw CommandFailure.io("read the certificate from the file", e);
    }
    try (SecretWriter writer = session.openWriter()) {
      RecipientStore store = store(writer);
      String fingerprint = store.addRecipient(certificate, progress());
      session.output().result("Added recipient " + fingerprint, Map.of("fingerprint", fingerprint));
      store.recipientFindings().forEach(session::hint);
    }
  }

  /** Removes a recipient by the fingerprint. */
  @Command(
      name = "remove",
      description = {
        "Remove a recipient from the store. This encrypts all versions again.",
        "The recipient keeps every value it has already read, so rotate the values as well."
      })
  void remove(
      @Parameters(paramLabel = "FPR", description = "The fingerprint, as 'list' shows it.")
          String fingerprint) {
    try (SecretWriter writer = session.openWriter()) {
      RecipientStore store = store(writer);
      store.removeRecipient(fingerprint, progress());
      session
          .output()
          .result("Removed recipient " + fingerprint, Map.of("fingerprint", fingerprint));
      session.hint(
          "that recipient keeps every value it has already read: rotate the values as well.");
      session.hint(
          "that recipient can still sign wherever gpg.signers lists it. Remove it from gpg.signers"
              + " of every reader of the store.");
      store.signerFindings().forEach(session::hint);
      store.recipientFindings().forEach(session::hint);
    }
  }

  private RecipientProgress progress() {
    return new EncryptionProgress(new Progress(session, EncryptionProgress.CHECKED));
  }

  private static RecipientStore store(SecretWriter writer) {
    return writer
        .unwrap(RecipientStore.class)
        .orElseThrow(
            () ->
                SecretException.of(SecretException.Kind.UNSUPPORTED, "manage recipients")
                    .reason("this backend does not encrypt to recipients")
                    .advice("Grant rights with the tools of the backend, or use the gpg backend")
                    .build());
  }
}
