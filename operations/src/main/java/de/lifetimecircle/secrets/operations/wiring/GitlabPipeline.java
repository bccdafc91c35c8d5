package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.text.Templates;

/**
 * Writes a GitLab pipeline of one job that deploys a service. The job logs in with an ID token of
 * GitLab; the secrets exist only in the program that deploys, and a filter hides them in the log.
 * Stateless; does not call the backend.
 */
public final class GitlabPipeline {
  private GitlabPipeline() {}

  /**
   * Returns the pipeline as YAML.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param backend one of {@link GithubWorkflow#BACKENDS}
   * @throws SecretException {@code CONFIGURATION} as {@link GithubWorkflow#text}
   * @throws IllegalArgumentException for another backend
   */
  public static String text(
      Inventory inventory,
      String environment,
      String file,
      String backend,
      GithubWorkflow.Archive archive) {
    Deployment job = Deployment.of(inventory, environment, file, backend, archive);
    return Templates.text(out -> JteGitlabPipelineGenerated.render(out, null, job));
  }
}
