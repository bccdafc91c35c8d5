package de.lifetimecircle.secrets.it.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that call the service all the time and count what goes wrong. */
final class Load implements AutoCloseable {
  private final AtomicBoolean ends = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong serverErrors = new AtomicLong();
  private final AtomicLong brokenConnections = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();

  Load(Service service, int count, String... paths) {
    for (int i = 0; i < count; i++) {
      int first = i;
      Thread client = new Thread(() -> run(service, first, paths), "client-" + i);
      client.setDaemon(true);
      clients.add(client);
      client.start();
    }
  }

  private void run(Service service, int first, String... paths) {
    int next = first;
    while (!ends.get()) {
      try {
        int status = service.get(paths[next++ % paths.length]).statusCode();
        requests.incrementAndGet();
        if (status >= 500) {
          serverErrors.incrementAndGet();
        }
      } catch (IOException e) {
        brokenConnections.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
      LockSupport.parkNanos(10_000_000); // two cores have other work to do, too
    }
  }

  long requests() {
    return requests.get();
  }

  long serverErrors() {
    return serverErrors.get();
  }

  long brokenConnections() {
    return brokenConnections.get();
  }

  @Override
  public void close() throws InterruptedException {
    ends.set(true);
    for (Thread client : clients) {
      client.join(30_000);
    }
  }
}
