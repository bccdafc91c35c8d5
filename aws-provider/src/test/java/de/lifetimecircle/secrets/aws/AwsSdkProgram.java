package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A program that reads a secret and then interrupts a call that gets no answer, either with the
 * SDK's own signer and its own adapter for Apache's client, or with the store. Its arguments:
 * {@code sdk} or {@code store}, the address, and the session token.
 */
final class AwsSdkProgram {
  private static final String KEY = "AKIAQ7ZJ2LR9XWT4BN8S";

  private AwsSdkProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws InterruptedException {
    if (arguments[0].equals("sdk")) {
      SecretsManagerClient sdk = sdk(URI.create(arguments[1]), arguments[2]);
      run(
          () -> sdk.getSecretValue(r -> r.secretId(AwsFake.NAME)).secretString(),
          () -> sdk.describeSecret(r -> r.secretId(AwsFake.NAME)));
    } else {
      AwsStore store = store(arguments[1], arguments[2]);
      run(() -> store.fetch(AwsFake.NAME).value().asString(), () -> store.describe(AwsFake.NAME));
    }
    Runtime.getRuntime().halt(0);
  }

  @SuppressWarnings("deprecation") // The adapter for the client that the store uses, Apache 4.
  private static SecretsManagerClient sdk(URI address, String token) {
    AwsSessionCredentials keys = AwsSessionCredentials.create(KEY, "secret", token);
    return SecretsManagerClient.builder()
        .region(Region.EU_CENTRAL_1)
        .endpointOverride(address)
        .credentialsProvider(StaticCredentialsProvider.create(keys))
        .httpClient(ApacheHttpClient.create())
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private static AwsStore store(String address, String token) {
    Map<String, String> settings =
        Map.of(
            "region", "eu-central-1",
            "endpoint", address,
            "access-key-id", KEY,
            "secret-access-key", "secret",
            "session-token", token);
    return new AwsStore(
        Settings.of(
            new StoreConfig(
                settings,
                variable -> Optional.empty(),
                Duration.ofSeconds(10),
                InstantSource.system())));
  }

  private static void run(Supplier<String> read, Supplier<?> unanswered)
      throws InterruptedException {
    System.out.println("read a value of " + read.get().length() + " characters");
    Thread reader =
        new Thread(
            () -> {
              try {
                var unused = unanswered.get();
              } catch (SdkException | SecretException e) {
                // The interrupt, or the end of the program.
              }
            });
    reader.setDaemon(true);
    reader.start();
    while (reader.isAlive() && !isReading(reader)) {
      LockSupport.parkNanos(10_000_000);
    }
    System.out.println("interrupts a call that waits: " + reader.isAlive());
    reader.interrupt();
    reader.join(1_000);
    System.out.println("interrupted call goes on: " + reader.isAlive());
  }

  /** Whether it waits for an answer, as far as its stack shows, at a socket or at a channel. */
  private static boolean isReading(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().startsWith("sun.nio.ch.")
                    && (frame.getMethodName().equals("implRead")
                        || frame.getMethodName().equals("blockingRead")));
  }
}
