package de.lifetimecircle.secrets.bench;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Reads a cached value: from our cache, and from everything else that a service might read a secret
 * from.
 *
 * <p>Each contender is a state of its own, so that a fork makes only the one it measures and the
 * compiler sees only that one. All walk the same names in the same order, and return a secret to
 * JMH (AWS and the environment know texts only). All begin with a collected heap: otherwise the
 * entries are scattered among the garbage of their loads, unlike in a service that has run for a
 * while.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures.
public class CachedRead {
  private static final Duration LONG = Duration.ofHours(1);

  /** The names a thread asks for: text objects of its own, not those that a cache has as keys. */
  @State(Scope.Thread)
  public static class Asked {
    /** How many there are. */
    @Param({"1", "64", "10000"})
    public int names;

    private String[] texts;
    private int next;

    /** Makes them, with their hash, which a caller's constant has after its first use. */
    @Setup(Level.Trial)
    public void make() {
      texts = names(names);
      for (String text : texts) {
        consume(text.hashCode());
      }
    }

    String next() {
      int i = next;
      next = i + 1 == texts.length ? 0 : i + 1;
      return texts[i];
    }
  }

  /** A map, with nothing else. */
  @State(Scope.Benchmark)
  public static class MapState {
    private final ConcurrentMap<String, Secret> map = new ConcurrentHashMap<>();

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill(Asked asked) {
      try (SecretProvider provider = provider()) {
        for (String name : names(asked.names)) {
          map.put(name, provider.get(name));
        }
      }
      System.gc();
    }
  }

  /** A provider as it comes, over a store in memory. */
  @State(Scope.Benchmark)
  public static class ProviderState {
    private SecretProvider provider;

    /** Opens it and reads each name once. */
    @Setup(Level.Trial)
    public void open(Asked asked) {
      provider = provider();
      for (String name : names(asked.names)) {
        consume(provider.get(name).hashCode());
      }
      System.gc();
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      provider.close();
    }
  }

  /** A provider that has been asked for more names than it may hold, and holds those asked for. */
  @State(Scope.Benchmark)
  public static class FullState {
    private SecretProvider provider;

    /**
     * Displaces most of the answers it read, and ends when it holds every name of the benchmark.
     */
    @Setup(Level.Trial)
    public void open(Asked asked) {
      int room = asked.names + asked.names / 4 + 1;
      provider =
          SecretProvider.builder()
              .environment(Map.of())
              .set("max-names", String.valueOf(room))
              .store(new InstantStore())
              .build();
      for (int i = 0; i < 3 * room; i++) {
        consume(provider.get("other/SECRET_" + i).hashCode());
      }
      boolean isHeld = false;
      for (int pass = 0; pass < 20 && !isHeld; pass++) {
        isHeld = true;
        for (String name : names(asked.names)) {
          isHeld &= provider.get(name).origin() == Secret.Origin.CACHE;
        }
      }
      if (!isHeld || provider.stats().evicted() == 0) {
        throw new IllegalStateException("the cache is not full, or lacks a name");
      }
      System.gc();
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      provider.close();
    }
  }

  /** A handle, and a volatile field of a plain object for comparison. */
  @State(Scope.Benchmark)
  public static class FieldState {
    private SecretProvider provider;
    private SecretHandle handle;
    private Holder holder;

    private static final class Holder {
      private volatile Secret secret;

      Holder(Secret secret) {
        this.secret = secret;
      }
    }

    /** Opens the provider and reads the secret once. */
    @Setup(Level.Trial)
    public void open() {
      provider = provider();
      handle = provider.handle("LTC_SECRET_KEY");
      holder = new Holder(handle.get());
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      provider.close();
    }
  }

  /** Caffeine, in the two ways that keep a secret from becoming too old. */
  @State(Scope.Benchmark)
  public static class CaffeineState {
    private LoadingCache<String, Secret> expiring;
    private LoadingCache<String, Secret> refreshing;

    /** Fills both. */
    @Setup(Level.Trial)
    public void fill(Asked asked) {
      try (SecretProvider provider = provider()) {
        expiring = Caffeine.newBuilder().expireAfterWrite(LONG).build(provider::get);
        refreshing = Caffeine.newBuilder().refreshAfterWrite(LONG).build(provider::get);
        for (String name : names(asked.names)) {
          consume(expiring.get(name).hashCode());
          consume(refreshing.get(name).hashCode());
        }
      }
      System.gc();
    }
  }

  /** The caching client of AWS over a client that answers from memory. */
  @State(Scope.Benchmark)
  public static class AwsState {
    private SecretCache cache;

    /** Fills it; by itself it holds no more than 1,024. */
    @Setup(Level.Trial)
    public void fill(Asked asked) {
      SecretCacheConfiguration configuration = new SecretCacheConfiguration();
      configuration.setClient(new InstantAws());
      configuration.setMaxCacheSize(2 * asked.names);
      cache = new SecretCache(configuration);
      for (String name : names(asked.names)) {
        consume(cache.getSecretString(name).hashCode());
      }
      System.gc();
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      cache.close();
    }
  }

  /** The variables of this process, by texts of its own. */
  @State(Scope.Thread)
  public static class EnvironmentState {
    private String[] variables;
    private int next;

    /** Copies the names. */
    @Setup(Level.Trial)
    public void fill() {
      Map<String, String> all = System.getenv();
      variables = all.keySet().stream().map(CachedRead::copy).toArray(String[]::new);
    }

    String next() {
      int i = next;
      next = i + 1 == variables.length ? 0 : i + 1;
      return variables[i];
    }
  }

  /** The bare map. */
  @Benchmark
  public @Nullable Secret map(MapState state, Asked asked) {
    return state.map.get(asked.next());
  }

  /** {@code provider.get}. */
  @Benchmark
  public Secret get(ProviderState state, Asked asked) {
    return state.provider.get(asked.next());
  }

  /** {@code provider.get} in a cache that is full. */
  @Benchmark
  public Secret getFull(FullState state, Asked asked) {
    return state.provider.get(asked.next());
  }

  /** {@code provider.get(name).asString()}, the line that services write. */
  @Benchmark
  public String getText(ProviderState state, Asked asked) {
    return state.provider.get(asked.next()).asString();
  }

  /** {@code handle.get().asString()}. */
  @Benchmark
  public String handleText(FieldState state) {
    return state.handle.get().asString();
  }

  /** {@code handle.get}. */
  @Benchmark
  public Secret handle(FieldState state) {
    return state.handle.get();
  }

  /** A volatile field. */
  @Benchmark
  public Secret field(FieldState state) {
    return state.holder.secret;
  }

  /** Caffeine with an expiry. */
  @Benchmark
  public Secret caffeineExpiring(CaffeineState state, Asked asked) {
    return state.expiring.get(asked.next());
  }

  /** Caffeine with a refresh. */
  @Benchmark
  public Secret caffeineRefreshing(CaffeineState state, Asked asked) {
    return state.refreshing.get(asked.next());
  }

  /** The caching client of AWS. */
  @Benchmark
  public String aws(AwsState state, Asked asked) {
    return state.cache.getSecretString(asked.next());
  }

  /** The environment. */
  @Benchmark
  public @Nullable String environment(EnvironmentState state) {
    return System.getenv(state.next());
  }

  private static SecretProvider provider() {
    return SecretProvider.builder().environment(Map.of()).store(new InstantStore()).build();
  }

  /** New text objects at each call. */
  private static String[] names(int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = "service/SECRET_" + i;
    }
    return names;
  }

  @SuppressWarnings("StringCopy") // the point: equal to a key and yet another object
  private static String copy(String text) {
    return new String(text);
  }

  private static void consume(int hash) {
    if (hash == 42) {
      Thread.onSpinWait(); // so that the compiler cannot leave the computation out
    }
  }
}
