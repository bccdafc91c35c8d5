package de.lifetimecircle.secrets.azure.login;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpPipeline;
import com.azure.core.util.Configuration;
import com.azure.core.util.ConfigurationBuilder;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import de.lifetimecircle.secrets.azure.config.LoginSettings;
import de.lifetimecircle.secrets.azure.errors.LoginFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the SDK's credentials: on our way to the network, without retries, and working on the
 * calling thread, so that an interrupt reaches them and no pool is left behind. Stateless.
 */
public final class Credentials {
  /** Runs each task on the thread that brings it: a pool that gets no thread of its own. */
  private static final ExecutorService HERE =
      new ThreadPoolExecutor(
          0,
          1,
          0,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> null,
          new ThreadPoolExecutor.CallerRunsPolicy());

  private Credentials() {}

  /**
   * A new credential, which remembers no token, except for a managed identity: MSAL keeps those
   * tokens in one cache of the process until they are due (msal4j 1.26.0), and azure-identity
   * 1.18.7 asks it for no newer one, even with claims. Emptying that cache would gain little,
   * because Azure caches these tokens too.
   */
  public static TokenCredential of(
      LoginSettings login, Map<String, String> environment, HttpPipeline way) {
    return switch (login.kind()) {
      case DEFAULT -> byDefault(login, environment, way);
      case MANAGED_IDENTITY ->
          new ManagedIdentityCredentialBuilder()
              .clientId(login.clientId().orElse(null))
              .configuration(configuration(login, environment))
              .pipeline(way)
              .executorService(HERE)
              .build();
      case CLIENT_SECRET ->
          application(new ClientSecretCredentialBuilder(), login, way)
              .clientSecret(login.clientSecret().orElseThrow())
              .build();
      case CLIENT_CERTIFICATE -> certificate(login, way);
      case WORKLOAD_IDENTITY ->
          application(new WorkloadIdentityCredentialBuilder(), login, way)
              .configuration(configuration(login, environment))
              .tokenFilePath(login.file().orElseThrow().toString())
              .build();
    };
  }

  private static <T extends AadCredentialBuilderBase<T>> T application(
      T builder, LoginSettings login, HttpPipeline way) {
    builder
        .tenantId(login.tenant().orElseThrow())
        .clientId(login.clientId().orElseThrow())
        .authorityHost(login.authority())
        .pipeline(way)
        .executorService(HERE);
    return login.instanceDiscovery() ? builder : builder.disableInstanceDiscovery();
  }

  private static TokenCredential certificate(LoginSettings login, HttpPipeline way) {
    Path file = login.file().orElseThrow();
    ClientCertificateCredentialBuilder builder =
        application(new ClientCertificateCredentialBuilder(), login, way);
    String suffix = file.toString().toLowerCase(Locale.ROOT);
    boolean pfx =
        login.certificatePassword().isPresent()
            || suffix.endsWith(".pfx")
            || suffix.endsWith(".p12");
    String password = login.certificatePassword().orElse("");
    requireUsable(file, pfx, password);
    return pfx
        ? builder.pfxCertificate(file.toString()).clientCertificatePassword(password).build()
        : builder.pemCertificate(file.toString()).build();
  }

  /**
   * The SDK's exception for a file in none of its formats looks like a network failure, so this
   * method checks first.
   */
  private static void requireUsable(Path file, boolean pfx, String password) {
    try {
      if (pfx) {
        requirePkcs12(file, password);
      } else {
        requirePem(file);
      }
    } catch (FileSystemException e) {
      throw LoginFailures.unreadable(e.getFile());
    } catch (IOException | GeneralSecurityException e) {
      throw LoginFailures.unusable();
    }
  }

  private static void requirePkcs12(Path file, String password)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore.getInstance("PKCS12").load(in, password.toCharArray());
    }
  }

  private static void requirePem(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    if (!text.contains("-----BEGIN PRIVATE KEY-----")
        || !text.contains("-----BEGIN CERTIFICATE-----")) {
      throw new IOException("no PEM with a key in PKCS #8 and a certificate");
    }
  }

  private static TokenCredential byDefault(
      LoginSettings login, Map<String, String> environment, HttpPipeline way) {
    DefaultAzureCredentialBuilder builder =
        new DefaultAzureCredentialBuilder()
            .configuration(configuration(login, environment))
            .authorityHost(login.authority())
            .pipeline(way)
            .executorService(HERE);
    login.tenant().ifPresent(builder::tenantId);
    login
        .clientId()
        .ifPresent(id -> builder.managedIdentityClientId(id).workloadIdentityClientId(id));
    return login.instanceDiscovery() ? builder.build() : builder.disableInstanceDiscovery().build();
  }

  /**
   * The environment in the SDK's form, with only the variables that concern logins. It includes the
   * authority, because a copy of the SDK's options prefers this one to the one set on the builder.
   */
  private static Configuration configuration(LoginSettings login, Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(Configuration.PROPERTY_AZURE_AUTHORITY_HOST, login.authority());
    return new ConfigurationBuilder(source -> Map.of(), source -> Map.of(), source -> variables)
        .build();
  }
}
