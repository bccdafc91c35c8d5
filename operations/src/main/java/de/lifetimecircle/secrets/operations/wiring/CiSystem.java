package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A system that runs deployments, and the file that tells it to deploy a service. The secrets exist
 * only in the step or program that deploys, the log shows none, and the job logs in to the backend
 * with a short-lived token of the system. Does not call the backend.
 */
public enum CiSystem {
  /** A workflow of GitHub Actions; the values are masked. */
  GITHUB,
  /** A pipeline of GitLab of one job; a filter hides the values in its log. */
  GITLAB;

  /** The backends that accept a token of these systems, by scheme. */
  public static final List<String> BACKENDS = Deployment.SCHEMES;

  private static final Pattern ADDRESS = Pattern.compile("https://[A-Za-z0-9._~:/%+=&?@-]{1,500}");
  private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");

  /**
   * The archive of the command {@code secrets} that a runner fetches. Immutable.
   *
   * @param address its address, by {@code https}
   * @param sha256 its SHA-256 as 64 small hexadecimal digits; the runner checks it
   */
  public record Archive(String address, String sha256) {
    /**
     * Checks both.
     *
     * @throws SecretException {@code CONFIGURATION} if one has another form
     */
    public Archive {
      if (!ADDRESS.matcher(address).matches()) {
        throw Deployment.failure("the address of the archive is not of the form https://HOST/PATH")
            .advice("Name a place that runners of GitHub can reach")
            .build();
      }
      if (!SUM.matcher(sha256).matches()) {
        throw Deployment.failure(
                "the checksum of the archive is not of 64 small hexadecimal digits")
            .advice("Take what 'sha256sum' prints for it")
            .build();
      }
    }
  }

  /**
   * Returns the file as YAML.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param backend one of {@link #BACKENDS}
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, if it lacks a
   *     fact about the backend or a hook {@code deploy}, or if {@code ci} reads none of its secrets
   * @throws IllegalArgumentException for another backend
   */
  public String text(
      Inventory inventory, String environment, String file, String backend, Archive archive) {
    Deployment job = Deployment.of(inventory, environment, file, backend, archive);
    return Templates.text(
        out -> {
          switch (this) {
            case GITHUB -> JteGithubWorkflowGenerated.render(out, null, job);
            case GITLAB -> JteGitlabPipelineGenerated.render(out, null, job);
          }
        });
  }
}
