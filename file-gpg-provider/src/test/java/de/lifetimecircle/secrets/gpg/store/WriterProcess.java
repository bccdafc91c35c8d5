package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Another process that writes, until it is killed or has done its work.
 *
 * <p>Says on its standard output what it is about to do ({@code ? NAME VALUE}) and what the store
 * has acknowledged ({@code ! NAME VALUE}); the value of a deleted secret is {@code -}.
 */
final class WriterProcess {
  static final String COUNTER = "shared/counter";

  private final GpgStore store;
  private final PrintStream out;

  private WriterProcess(GpgStore store, PrintStream out) {
    this.store = store;
    this.out = out;
  }

  /**
   * Arguments: home of the store, {@code chaos NAME SEED}, {@code count TIMES} or {@code train}.
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    TestStore on = new TestStore(Path.of(arguments[0])).with("retention", "4");
    if (arguments[1].equals("train")) {
      train(on);
      return;
    }
    try (GpgStore store = on.open()) {
      WriterProcess writer = new WriterProcess(store, out);
      store.list("");
      if (arguments[1].equals("chaos")) {
        // Else the kill would most often come while the JVM still loads the code of a write.
        put(store, "warm/" + arguments[2], arguments[3]);
      }
      out.println("ready");
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      if (in.readLine() == null) {
        return;
      }
      if (arguments[1].equals("count")) {
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
          writer.increment(COUNTER);
        }
        out.println("done");
      } else {
        writer.chaos(arguments[2], new SplittableRandom(Long.parseLong(arguments[3])));
      }
    }
  }

  /** Loads every class that the others need. */
  private static void train(TestStore on) {
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      store.put(PutRequest.pending("a", SecretValue.of("two")));
      store.promote("a", "2");
      store.delete("a");
      store.restore("a");
      TestStore.get(store, "a");
    }
  }

  private void chaos(String name, SplittableRandom random) {
    long number = random.nextLong(1L << 40);
    while (true) {
      String value = name + ":" + number++;
      switch (random.nextInt(6)) {
        case 0 -> deleteAndRestore(name);
        case 1 -> pendingAndPromote(name, value);
        case 2 -> increment(COUNTER);
        default -> {
          say('?', name, value);
          put(store, name, value);
          say('!', name, value);
        }
      }
    }
  }

  private void pendingAndPromote(String name, String value) {
    String version = store.put(PutRequest.pending(name, SecretValue.of(value))).version();
    say('?', name, value);
    store.promote(name, version);
    say('!', name, value);
  }

  private void deleteAndRestore(String name) {
    String value = TestStore.get(store, name);
    say('?', name, "-");
    store.delete(name);
    say('!', name, "-");
    say('?', name, value);
    store.restore(name);
    say('!', name, value);
  }

  /** Reads, adds one, and writes only if nobody else has written since. */
  private void increment(String name) {
    while (true) {
      StoredSecret current = store.fetch(name);
      long next = Long.parseLong(TestStore.text(current)) + 1;
      try {
        store.put(
            PutRequest.ifVersion(name, current.version(), SecretValue.of(Long.toString(next))));
        say('!', name, Long.toString(next));
        return;
      } catch (SecretException e) {
        if (e.kind() != Kind.CONFLICT) {
          throw e;
        }
      }
    }
  }

  /** Fails if the test has ended, so that a writer never outlives a test that was killed. */
  private void say(char mark, String name, String value) {
    out.println(mark + " " + name + " " + value);
    if (out.checkError()) {
      throw new IllegalStateException("nobody reads the output any more");
    }
  }
}
