package de.lifetimecircle.secrets.applications;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Clients that call a service all the time until they are closed, and count what fails. */
public final class Load implements AutoCloseable {
  /** Two cores have other work to do, too. The pages have the figures of the full form. */
  private static final Duration BETWEEN = Duration.ofMillis(Figures.FULL ? 10 : 40);

  private final HttpService service;
  private final String[] paths;
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<String> first = new AtomicReference<>("none");
  private volatile boolean ends;

  /** Starts so many clients, which ask for the paths in turn. */
  public Load(HttpService service, int count, String... paths) {
    this.service = service;
    this.paths = paths;
    for (int i = 0; i < count; i++) {
      int begin = i;
      Thread client = new Thread(() -> run(begin), "client-" + i);
      client.setDaemon(true);
      clients.add(client);
      client.start();
    }
  }

  private void run(int begin) {
    for (int next = begin; !ends; next++) {
      String path = paths[next % paths.length];
      requests.incrementAndGet();
      try {
        int status = service.send(path).statusCode();
        if (status != 200) {
          fails(path + " answers " + status);
        }
      } catch (IOException e) {
        fails(path + ": " + e);
      } catch (InterruptedException e) {
        return;
      }
      Waiting.pause(BETWEEN);
    }
  }

  private void fails(String how) {
    failed.incrementAndGet();
    first.compareAndSet("none", how);
  }

  /** Returns how many requests there were. */
  public long requests() {
    return requests.get();
  }

  /** Returns how many had another answer than 200, or none. */
  public long failed() {
    return failed.get();
  }

  /** Returns how the first of these failed. */
  public String firstFailure() {
    return first.get();
  }

  @Override
  public void close() {
    ends = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
