package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the users of the roles in a folder of policies. Not thread-safe. */
public final class RoleUsersOption {
  private static final String NAME = "[A-Za-z0-9_.-]{1,100}";
  private static final String WITH_ID = NAME + "@[0-9]{1,20}";
  private static final Pattern REPOSITORY =
      Pattern.compile(NAME + "/" + NAME + "|" + WITH_ID + "/" + WITH_ID);

  @Option(
      names = "--repository",
      paramLabel = "OWNER/NAME",
      description = "With --out: the repository of GitHub whose deployments take the role of ci.")
  @Nullable String repository;

  @Option(
      names = "--runs-on",
      paramLabel = "SERVICE",
      description =
          "With --out, on AWS: what takes the role of the service: ecs-tasks (default), ec2 or"
              + " lambda.")
  PolicyFolder.@Nullable Platform platform;

  /** Returns whether one of the options was given. */
  public boolean given() {
    return repository != null || platform != null;
  }

  /**
   * Returns the users.
   *
   * @throws CommandFailure if an option has another form than expected
   */
  public PolicyFolder.Users users() {
    String owner = repository == null ? "" : repository;
    if (repository != null && !REPOSITORY.matcher(owner).matches()) {
      throw CommandFailure.usage(
          "Cannot use --repository (expected: OWNER/NAME or OWNER@ID/NAME@ID).");
    }
    return new PolicyFolder.Users(
        owner, platform == null ? PolicyFolder.Platform.ECS_TASKS : platform);
  }
}
