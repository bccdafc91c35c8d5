package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that writes the next number of some name, again and again, until it is killed: {@code
 * java ... ChaosWriter LEDGER NAME...}. The environment says to which backend.
 */
final class ChaosWriter {
  private ChaosWriter() {}

  public static void main(String[] args) throws IOException {
    ChaosLedger ledger = new ChaosLedger(Path.of(args[0]));
    List<String> names = new ArrayList<>(List.of(args).subList(1, args.length));
    Map<String, NavigableMap<Integer, ChaosLedger.Write>> before = ledger.writes();
    int[] numbers = new int[names.size()];
    for (int i = 0; i < numbers.length; i++) {
      NavigableMap<Integer, ChaosLedger.Write> writes = before.get(names.get(i));
      numbers[i] = writes == null ? 0 : writes.lastKey();
    }
    endWithParent();
    SplittableRandom random = new SplittableRandom();
    try (SecretWriter writer = SecretWriter.open()) {
      for (int turn = 0; ; turn++) {
        // Each name once at first, so that readers find all of them.
        int i = turn < numbers.length ? turn : random.nextInt(numbers.length);
        write(ledger, writer, names.get(i), ++numbers[i]);
        if (turn == numbers.length - 1) {
          System.out.println("chaos writer: has written every name");
        }
        LockSupport.parkNanos(random.nextLong(10_000_000, 150_000_000));
      }
    }
  }

  /** The parent holds the other end of standard input, so its end is seen there. */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // It sends nothing.
                }
              } catch (IOException e) {
                // As its end.
              }
              Runtime.getRuntime().halt(0);
            },
            "chaos-parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static void write(ChaosLedger ledger, SecretWriter writer, String name, int number)
      throws IOException {
    try (SecretValue value = SecretValue.of(ChaosLedger.text(name, number))) {
      ledger.begins(name, number);
      var unused = writer.put(name, value);
      ledger.done(name, number);
    } catch (SecretException e) {
      // Nobody knows whether it has happened, and the next number follows.
      System.out.println("chaos writer: " + e.getMessage());
    }
  }
}
