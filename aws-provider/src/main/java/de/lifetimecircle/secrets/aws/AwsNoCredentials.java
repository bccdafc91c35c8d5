package de.lifetimecircle.secrets.aws;

/** Nobody had credentials. Without the SDK's text, which quotes files and answers of others. */
final class AwsNoCredentials extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AwsNoCredentials() {
    super("no credentials were found");
  }
}
