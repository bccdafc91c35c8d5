package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** What goes wrong between readers and a backend. For one thread. */
interface ChaosWeather extends AutoCloseable {
  /** The settings of a provider that is exposed to it. */
  Map<String, String> settings();

  /** A storm begins. */
  void begin(SplittableRandom random) throws IOException;

  /** It ends; says what must not be, if it left something. */
  Optional<String> end() throws IOException;

  @Override
  void close();

  static ChaosWeather of(Backend backend) {
    return backend.scheme().equals("gpg") ? new Folder(backend) : new Wire(backend);
  }

  /** The folder of the store is gone for a while, as a disk that is not mounted. */
  final class Folder implements ChaosWeather {
    private final Backend backend;
    private final Path store;
    private final Path away;

    Folder(Backend backend) {
      this.backend = backend;
      this.store = Path.of(backend.place().get("gpg.store"));
      this.away = store.resolveSibling("away");
    }

    @Override
    public Map<String, String> settings() {
      return backend.settings();
    }

    @Override
    public void begin(SplittableRandom random) throws IOException {
      Path unused = Files.move(store, away);
    }

    @Override
    public Optional<String> end() throws IOException {
      Optional<String> made =
          Files.exists(store)
              ? Optional.of("somebody made a new store where the old one was away")
              : Optional.empty();
      if (made.isPresent()) {
        Path unused = Files.move(store, store.resolveSibling("made-" + System.nanoTime()));
      }
      Path unused = Files.move(away, store);
      return made;
    }

    @Override
    public void close() {}
  }

  /** The way to the server breaks. */
  final class Wire implements ChaosWeather {
    private final Backend backend;
    private final FaultProxy proxy;
    private final List<Fault> faults;

    Wire(Backend backend) {
      this.backend = backend;
      OpenBaoServer server = backend.server(OpenBaoServer.class);
      this.proxy =
          FaultProxy.to(server.uri()).trusting(PemTls.trusting(server.caFile()).context()).start();
      this.faults = List.copyOf(proxy.faults());
    }

    @Override
    public Map<String, String> settings() {
      Map<String, String> settings = new LinkedHashMap<>(backend.settings());
      settings.put("vault.address", proxy.uri().toString());
      settings.remove("vault.ca-file");
      return settings;
    }

    @Override
    public void begin(SplittableRandom random) {
      proxy.inject(faults.get(random.nextInt(faults.size())));
    }

    @Override
    public Optional<String> end() {
      proxy.clear();
      return Optional.empty();
    }

    @Override
    public void close() {
      proxy.close();
    }
  }
}
