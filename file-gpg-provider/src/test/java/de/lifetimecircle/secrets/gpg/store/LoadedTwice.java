package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.io.File;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * What a class loader does that has the whole library to itself, as two applications in one server
 * have it. Only types of the JDK cross over to the test.
 */
public final class LoadedTwice implements Callable<String> {
  private final Map<String, Object> task;

  /** For {@link #in}. */
  public LoadedTwice(Map<String, Object> task) {
    this.task = task;
  }

  /** A class loader with classes of its own for everything but the JDK. */
  static URLClassLoader newLoader() {
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      try {
        urls.add(Path.of(part).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** The task, with the classes of that loader. */
  @SuppressWarnings("unchecked") // The class implements it; its own type is another one here.
  static Callable<String> in(ClassLoader loader, Map<String, Object> task) throws Exception {
    return (Callable<String>)
        loader
            .loadClass(LoadedTwice.class.getName())
            .getDeclaredConstructor(Map.class)
            .newInstance(task);
  }

  @Override
  public String call() throws Exception {
    return switch (String.valueOf(task.get("do"))) {
      case "hold" -> hold();
      case "try" -> tryLock();
      case "count" -> count();
      default -> throw new IllegalArgumentException("no such task");
    };
  }

  private StoreLock lock() {
    return StoreLock.of((Path) task.get("file"));
  }

  private String hold() throws Exception {
    return lock()
        .toChange(
            CallDeadline.after(Duration.ofSeconds(20)),
            mode -> {
              ((CountDownLatch) task.get("held")).countDown();
              try {
                ((CountDownLatch) task.get("release")).await();
              } catch (InterruptedException e) {
                throw StoreFailure.interrupted();
              }
              return "held";
            });
  }

  private String tryLock() throws Exception {
    try {
      return lock().toChange(CallDeadline.after(Duration.ofMillis(50)), mode -> "entered");
    } catch (StoreFailure e) {
      return e.kind().name();
    }
  }

  private String count() {
    TestStore on = new TestStore((Path) task.get("home")).with("retention", "4");
    on.timeout = Duration.ofMillis((Integer) task.get("timeout"));
    int timeouts = 0;
    try (GpgStore store = on.open()) {
      for (int done = 0; done < (Integer) task.get("times"); ) {
        try {
          StoredSecret current = store.fetch(WriterProcess.COUNTER);
          long next = Long.parseLong(TestStore.text(current)) + 1;
          store.put(
              PutRequest.ifVersion(
                  WriterProcess.COUNTER, current.version(), SecretValue.of(Long.toString(next))));
          done++;
        } catch (SecretException e) {
          if (e.kind() == Kind.TIMEOUT) {
            timeouts++;
          } else if (e.kind() != Kind.CONFLICT) {
            throw e;
          }
        }
      }
    }
    return Integer.toString(timeouts);
  }
}
