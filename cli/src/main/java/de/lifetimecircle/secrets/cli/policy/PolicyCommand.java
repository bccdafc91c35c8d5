package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.FolderOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a least-privilege policy for one kind of user. */
@Command(
    name = "policy",
    description = {
      "Write the least-privilege policy of the service, a deployment or a rotator, in the form of"
          + " the backend that --backend or the settings name: aws, azure, vault or gpg.",
      "With --out it writes a folder with the policies, who may take each role, and the commands"
          + " that attach them.",
      "Does not contact the backend: its facts (region, account, ...) come from the inventory."
    })
public final class PolicyCommand extends SessionCommand implements Runnable {
  @Option(
      names = "--for",
      paramLabel = "WHO",
      description = "The role: service, ci or rotator. With --out: every role by default.")
  AccessPolicy.@Nullable Audience who;

  @Mixin RoleUsersOption roles = new RoleUsersOption();

  @Mixin FolderOption folder = new FolderOption();

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    String backend =
        session
            .chosenBackend()
            .filter(AccessPolicy.BACKENDS::contains)
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "Cannot write the policy: add --backend with one of "
                            + String.join(", ", AccessPolicy.BACKENDS)
                            + "."));
    if (folder.given()) {
      writeFolder(backend);
      return;
    }
    if (who == null) {
      throw CommandFailure.usage("Cannot write the policy: add --for, or --out for all of them.");
    }
    Inventory read = inventory.read();
    String text = AccessPolicy.text(read, inventory.environment, who, backend);
    warn(read, backend);
    session.output().text("policy", text, text);
  }

  private void writeFolder(String backend) {
    PolicyFolder.Users users = roles.users();
    InventoryLocation site = inventory.site();
    List<AccessPolicy.Audience> audiences =
        who == null ? GeneratedFile.audiences(site) : List.of(who);
    warn(site.inventory(), backend);
    folder.write(
        session,
        PolicyFolder.files(site.inventory(), site.environment().name(), audiences, backend, users));
  }

  private void warn(Inventory read, String backend) {
    warnOfAnotherStore(read);
    Placeholders.warning(Placeholders.in(read, read.environment(inventory.environment), backend))
        .ifPresent(warning -> session.hint(read.source() + " " + warning));
  }

  /** By the configuration alone: whoever writes a policy needs no rights at the backend. */
  private void warnOfAnotherStore(Inventory read) {
    try (SecretProvider provider = session.openToReport()) {
      StorePlace.configured(read.environment(inventory.environment), provider)
          .forEach(
              each -> session.hint(read.source() + " " + each.text() + "; " + each.advice() + "."));
    } catch (SecretException e) {
      return; // no store is configured here, so none contradicts the inventory
    }
  }
}
