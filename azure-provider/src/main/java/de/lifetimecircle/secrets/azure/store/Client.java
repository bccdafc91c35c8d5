package de.lifetimecircle.secrets.azure.store;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import com.azure.security.keyvault.secrets.models.DeletedSecret;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.login.Credentials;
import de.lifetimecircle.secrets.azure.login.LoginPolicy;
import de.lifetimecircle.secrets.azure.login.Tokens;
import de.lifetimecircle.secrets.azure.transport.AnswerGuard;
import de.lifetimecircle.secrets.azure.transport.Transport;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the vault, one request each (a list: one for each page), with every failure
 * translated. The names are the vault's. Safe for use by several threads.
 *
 * <p>The pipeline is ours and has neither the SDK's retries (three, of any failure, writes too) nor
 * its logging.
 */
public final class Client {
  private final SecretClient client;
  private final Tokens tokens;
  private final Duration timeout;
  private final LongSupplier clock;

  /** Makes the client, and the SDK's below it. Calls no server. */
  public Client(Settings config, HttpTransport transport, LongAdder requests) {
    this(config, transport, requests, System::nanoTime);
  }

  /**
   * A client that measures with its own clock how long a list takes.
   *
   * @param requests counts the requests to the vault
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  public Client(Settings config, HttpTransport transport, LongAdder requests, LongSupplier clock) {
    this.clock = clock;
    this.timeout = config.timeout();
    HttpPipeline login =
        pipeline(new Transport(transport, timeout, AnswerGuard::login, new LongAdder()));
    this.tokens =
        new Tokens(
            () -> Credentials.of(config.login(), config.loginEnvironment(), login),
            config.login().tenant().orElse(null),
            config.clock(),
            config.timeout());
    this.client =
        new SecretClientBuilder()
            .vaultUrl(config.vault().toString())
            .serviceVersion(config.apiVersion())
            .pipeline(
                pipeline(
                    new Transport(transport, timeout, AnswerGuard::vault, requests),
                    new LoginPolicy(config, tokens)))
            .buildClient();
  }

  /** Forgets the token; after the transport was closed, which ends a login under way. */
  void forget() {
    tokens.forget();
  }

  private static HttpPipeline pipeline(HttpClient http, HttpPipelinePolicy... policies) {
    return new HttpPipelineBuilder()
        .httpClient(http)
        .policies(new UserAgentPolicy("secrets-azure-provider"))
        .policies(policies)
        .build();
  }

  private static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (Exception e) {
      // All of them: the SDK throws checked ones that it does not declare.
      throw Failures.problem(e);
    }
  }

  /** The current version. */
  public KeyVaultSecret get(String stored) {
    return get(stored, "");
  }

  /** One version. */
  public KeyVaultSecret get(String stored, String version) {
    return call(() -> client.getSecretWithResponse(stored, version, Context.NONE).getValue());
  }

  /** Makes a version, which is the current one then. */
  public KeyVaultSecret set(KeyVaultSecret secret) {
    return call(() -> client.setSecretWithResponse(secret, Context.NONE).getValue());
  }

  /** Disables a version: it cannot be read until it is enabled again. */
  public void disable(SecretProperties version) {
    var unused =
        call(
            () ->
                client.updateSecretPropertiesWithResponse(version.setEnabled(false), Context.NONE));
  }

  /** Facts of all versions in the service's order, which means nothing. */
  public List<SecretProperties> versions(String stored) {
    long end = clock.getAsLong() + timeout.toNanos() / 10 * 9;
    return all(
        token -> page(client.listPropertiesOfSecretVersions(stored), token),
        read -> {
          if (clock.getAsLong() - end > 0) {
            throw Failures.listTooLong(read);
          }
        });
  }

  /**
   * Facts of the current versions of all secrets.
   *
   * @param progress keeps each page, of which there may be hundreds
   */
  public List<SecretProperties> secrets(ListProgress progress) {
    return all(
        token ->
            progress.part("page " + token, () -> page(client.listPropertiesOfSecrets(), token)),
        read -> {});
  }

  /**
   * All pages, one after the other: the service names the next one only in the one before.
   *
   * @param page asks for the page that a token leads to; for the first one if that is null
   * @param onward is called before each page after the first, with the number of the read entries
   */
  private static List<SecretProperties> all(
      Function<@Nullable String, Page> page, IntConsumer onward) {
    List<SecretProperties> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = null;
    do {
      Page read = page.apply(next);
      all.addAll(read.secrets());
      next = read.next();
      if (next != null) {
        onward.accept(all.size());
        if (!seen.add(next)) { // it would lead to pages that are known, without an end
          throw StoreFailure.of(
              SecretException.Kind.UNAVAILABLE,
              "a list leads back to a page it has shown",
              "Check azure.vault-url");
        }
      }
    } while (next != null);
    return all;
  }

  /**
   * A page of secrets.
   *
   * @param next leads to the page after it; null if it is the last one
   */
  private record Page(List<SecretProperties> secrets, @Nullable String next) {}

  /** The page that the token leads to; the first one if that is null. */
  private static Page page(PagedIterable<SecretProperties> list, @Nullable String token) {
    return call(
        () -> {
          Iterator<PagedResponse<SecretProperties>> pages =
              (token == null ? list.iterableByPage() : list.iterableByPage(token)).iterator();
          if (!pages.hasNext()) {
            return new Page(List.of(), null);
          }
          PagedResponse<SecretProperties> page = pages.next();
          String next = page.getContinuationToken();
          return new Page(
              List.copyOf(page.getValue()), next == null || next.isEmpty() ? null : next);
        });
  }

  /** The first page of {@link #secrets}. */
  List<SecretProperties> firstSecrets() {
    return page(client.listPropertiesOfSecrets(), null).secrets();
  }

  /** Begins a deletion. */
  public void delete(String stored) {
    // Making the poller sends the request; it is not asked to poll, as it takes a 403 for success.
    call(() -> client.beginDeleteSecret(stored));
  }

  /**
   * A deleted secret; fails with {@code NOT_FOUND} if there is none, and with {@code DISABLED} if
   * its newest version is disabled, although no value is read.
   */
  DeletedSecret deleted(String stored) {
    return call(() -> client.getDeletedSecretWithResponse(stored, Context.NONE).getValue());
  }

  /** A deleted secret as the list of all deleted ones has it; empty if it is not among them. */
  public Optional<DeletedSecret> listedAsDeleted(String stored) {
    return call(
        () ->
            client.listDeletedSecrets().stream()
                .filter(deleted -> deleted.getName().equalsIgnoreCase(stored))
                .findFirst());
  }

  /** Begins a restoration. */
  void recover(String stored) {
    call(() -> client.beginRecoverDeletedSecret(stored));
  }

  /** Removes a deleted secret for good. */
  public void purge(String stored) {
    call(() -> client.purgeDeletedSecretWithResponse(stored, Context.NONE));
  }
}
