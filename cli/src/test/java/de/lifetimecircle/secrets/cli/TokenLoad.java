package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Asks one path of a service for signed tokens, again and again, and finds the key of each. */
final class TokenLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI uri;
  private final List<String> keys;
  private final Duration pause;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicLong answers = new AtomicLong();
  private volatile int last = -1;
  private volatile boolean ended;

  /**
   * Begins to ask.
   *
   * @param keys every key that there is; a test may add to it
   */
  TokenLoad(String address, String path, List<String> keys, Duration pause, int clients) {
    this.uri = URI.create(address + path + "?subject=somebody");
    this.keys = keys;
    this.pause = pause;
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(this::ask, "load-" + path + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void ask() {
    while (!ended) {
      try {
        one();
      } catch (IOException | GeneralSecurityException e) {
        errors.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void one() throws IOException, InterruptedException, GeneralSecurityException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      errors.add("status " + answer.statusCode());
      return;
    }
    String token = String.valueOf(((Map<?, ?>) Json.parse(answer.body())).get("token"));
    for (int i = keys.size() - 1; i >= 0; i--) {
      if (isSignedWith(keys.get(i), token)) {
        last = i;
        answers.incrementAndGet();
        return;
      }
    }
    errors.add("a token of no key");
  }

  static boolean isSignedWith(String key, String token) throws GeneralSecurityException {
    int dot = token.lastIndexOf('.');
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(token.substring(0, dot).getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(signature)
        .equals(token.substring(dot + 1));
  }

  /** Waits until the service signs with that key; returns how long it took. */
  Duration awaitKey(int index) {
    return await("key " + index, () -> last == index);
  }

  /** Waits for that many more good answers. */
  Duration awaitAnswers(long more) {
    long goal = answers.get() + more;
    return await(more + " answers", () -> answers.get() >= goal);
  }

  private Duration await(String what, BooleanSupplier isTrue) {
    long begun = System.nanoTime();
    while (!isTrue.getAsBoolean()) {
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      if (waited.compareTo(PATIENCE) > 0) {
        throw new AssertionError(uri + ": no " + what + " in " + waited + "; errors: " + errors);
      }
      LockSupport.parkNanos(10_000_000);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  long answers() {
    return answers.get();
  }

  @Override
  public void close() {
    ended = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
