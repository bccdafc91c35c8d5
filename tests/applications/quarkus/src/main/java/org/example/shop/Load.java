package org.example.shop;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask the application without a pause until it is closed. */
final class Load implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<String> first = new AtomicReference<>("");
  private volatile boolean ends;

  Load(Shop shop, int clients, String... paths) {
    for (int i = 0; i < clients; i++) {
      String path = paths[i % paths.length];
      Thread thread = new Thread(() -> ask(shop, path), "client-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void ask(Shop shop, String path) {
    while (!ends) {
      requests.incrementAndGet();
      try {
        HttpResponse<String> answer = shop.send(path);
        if (answer.statusCode() != 200) {
          fails(path + " answers " + answer.statusCode());
        }
      } catch (IOException e) {
        fails(path + ": " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      LockSupport.parkNanos(10_000_000L);
    }
  }

  private void fails(String how) {
    failed.incrementAndGet();
    first.compareAndSet("", how);
  }

  long requests() {
    return requests.get();
  }

  long failed() {
    return failed.get();
  }

  String firstFailure() {
    return first.get();
  }

  @Override
  public void close() {
    ends = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
