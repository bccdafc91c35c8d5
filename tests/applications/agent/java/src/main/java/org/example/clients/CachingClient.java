package org.example.clients;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** Reads by AWS's own cache, before and after a rotation. The endpoint comes from the environment. */
public final class CachingClient {
  private CachingClient() {}

  public static void main(String[] arguments) throws IOException {
    SecretCacheConfiguration configuration = new SecretCacheConfiguration().withCacheItemTTL(1000);
    try (SecretCache cache = new SecretCache(configuration)) {
      System.out.println("version " + version());
      String first = cache.getSecretString("prod/APP_KEY");
      System.out.println("value " + first);
      System.in.read();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (cache.getSecretString("prod/APP_KEY").equals(first) && System.nanoTime() < end) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
      System.out.println("value " + cache.getSecretString("prod/APP_KEY"));
      System.out.println("absent " + code(cache, "prod/ABSENT"));
      System.out.println("denied " + code(cache, "prod/HIDDEN"));
    }
  }

  private static String code(SecretCache cache, String name) {
    try {
      return cache.getSecretString(name);
    } catch (ResourceNotFoundException e) {
      return "not-found";
    } catch (SecretsManagerException e) {
      String code = e.awsErrorDetails().errorCode();
      return code.equals("AccessDeniedException") ? "access-denied" : code;
    }
  }

  /** The version is in the name of its jar. */
  private static String version() {
    String jar =
        String.valueOf(
            Path.of(SecretCache.class.getProtectionDomain().getCodeSource().getLocation().getPath())
                .getFileName());
    return jar.replaceAll("^[a-z-]*|\\.jar$", "");
  }
}
