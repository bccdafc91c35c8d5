package de.lifetimecircle.secrets.aws;

import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A program that reads a secret with the SDK's own signer and the SDK's own adapter for Apache's
 * client, and then interrupts a call that gets no answer. Its arguments: the address, and the
 * session token.
 */
@SuppressWarnings("deprecation") // The adapter for the client that the store uses, Apache 4.
final class AwsSdkProgram {
  private AwsSdkProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws InterruptedException {
    AwsSessionCredentials keys =
        AwsSessionCredentials.create("AKIAQ7ZJ2LR9XWT4BN8S", "secret", arguments[1]);
    try (SecretsManagerClient sdk =
        SecretsManagerClient.builder()
            .region(Region.EU_CENTRAL_1)
            .endpointOverride(URI.create(arguments[0]))
            .credentialsProvider(StaticCredentialsProvider.create(keys))
            .httpClient(ApacheHttpClient.create())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build()) {
      var unusedValue = sdk.getSecretValue(r -> r.secretId(AwsFake.NAME));
      Thread reader =
          new Thread(
              () -> {
                try {
                  var unused = sdk.describeSecret(r -> r.secretId(AwsFake.NAME));
                } catch (SdkException e) {
                  // The end of the program.
                }
              });
      reader.setDaemon(true);
      reader.start();
      while (reader.isAlive() && !isReading(reader)) {
        LockSupport.parkNanos(10_000_000);
      }
      reader.interrupt();
      reader.join(1_000);
      System.out.println("interrupted call goes on: " + reader.isAlive());
      Runtime.getRuntime().halt(0);
    }
  }

  /** Whether it waits for an answer, as far as its stack shows. */
  private static boolean isReading(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals("sun.nio.ch.NioSocketImpl")
                    && frame.getMethodName().equals("implRead"));
  }
}
