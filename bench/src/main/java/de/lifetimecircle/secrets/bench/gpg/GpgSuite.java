package de.lifetimecircle.secrets.bench.gpg;

import de.lifetimecircle.secrets.bench.Alternation;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The store of files: a read beside the bare decryption, 10,000 secrets beside 10, and how often
 * the key is unlocked. Reads go past every cache of values. Stateless.
 */
public final class GpgSuite implements BenchSuite {
  private static final String GOAL = "i";
  private static final int FEW = 10;
  private static final int LISTINGS = 3;
  private static final int ROUNDS = 3;
  private static final int BLOCK = 20;
  private static final double MICROS = 1e3;
  private static final double SECONDS = 1e9;

  /** Makes the suite. */
  public GpgSuite() {}

  @Override
  public String name() {
    return "gpg";
  }

  @Override
  public List<String> goals() {
    return List.of(GOAL);
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    List<BenchFigure> figures = new ArrayList<>(KeyUnlocking.figures());
    int blocks = mode.pick(60, 25, 1);
    try (FilledStore few = new FilledStore(FEW);
        FilledStore many = new FilledStore(mode.pick(10_000, 10_000, 100))) {
      // In this order: the 10,000 reads of the second also have the code compiled for the first.
      List<BenchFigure> size = size(few, many, blocks);
      figures.addAll(decryption(few, blocks));
      figures.addAll(size);
      figures.add(listing(many));
    }
    return figures;
  }

  private static List<BenchFigure> decryption(FilledStore store, int blocks) throws Exception {
    byte[] message = store.message();
    try (PgpIdentity identity =
        PgpIdentity.fromKeyFile(Files.readAllBytes(store.keyFile()), null)) {
      List<Double> nanos = medians(() -> decrypt(message, identity), store::readNext, blocks);
      return decryption(nanos.get(0) / MICROS, nanos.get(1) / MICROS);
    }
  }

  /** Decrypts without the store: no file is read, no index asked, no hash compared. */
  private static void decrypt(byte[] message, PgpIdentity identity) {
    try {
      var unused = PgpCodec.decrypt(message, identity);
    } catch (PgpFailure e) {
      throw new IllegalStateException("the codec cannot decrypt what the store wrote", e);
    }
  }

  private static List<BenchFigure> decryption(double codec, double store) {
    return List.of(
        BenchFigure.information(GOAL, "the bare codec decrypts", codec, "us"),
        BenchFigure.compared(
                GOAL, "the store reads and decrypts", store, "us", codec, Limit.atMost(1.3))
            .noted(
                "before each decryption the index is read, and manifest and secret are asked"
                    + " whether they are untouched since they were verified"));
  }

  private static List<BenchFigure> size(FilledStore few, FilledStore many, int blocks)
      throws Exception {
    double first = many.readEach();
    List<Double> nanos = medians(few::readNext, many::readNext, blocks);
    double among10 = nanos.get(0) / MICROS;
    return List.of(
        BenchFigure.information(
                GOAL, "the first read of each of " + many.count(), first / MICROS, "us")
            .noted("on average: all files are opened, parsed and verified"),
        BenchFigure.information(GOAL, "a read among 10", among10, "us"),
        BenchFigure.compared(
            GOAL,
            "a read among " + many.count(),
            nanos.get(1) / MICROS,
            "us",
            among10,
            Limit.atMost(1.2)));
  }

  /** The medians of two ways to do something, in nanoseconds. */
  private static List<Double> medians(Runnable one, Runnable other, int blocks) throws Exception {
    return new Alternation<>(List.of(one, other), BLOCK, GpgSuite::nanos)
        .warmUp(blocks)
        .run(ROUNDS, blocks)
        .medians();
  }

  private static double nanos(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return System.nanoTime() - began;
  }

  private static BenchFigure listing(FilledStore store) {
    long best = Long.MAX_VALUE;
    int names = 0;
    for (int i = 0; i < LISTINGS; i++) {
      long began = System.nanoTime();
      names = store.names().size();
      best = Math.min(best, System.nanoTime() - began);
    }
    String what = "list " + store.count();
    return names == store.size()
        ? BenchFigure.checked(GOAL, what, best / SECONDS, "s", Limit.atMost(1))
        : BenchFigure.missing(GOAL, what, "not all names were listed");
  }
}
