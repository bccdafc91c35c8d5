package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.azure.store.Client;
import de.lifetimecircle.secrets.azure.transport.Transport;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServerBuilder;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The test server with a proxy in front of it that can answer in its place. */
final class VaultBehindProxy implements AutoCloseable {
  final KeyVaultServer server;
  final FaultProxy proxy;
  private final Path caFile;

  VaultBehindProxy(Path folder) {
    this(folder, KeyVaultServer.builder());
  }

  VaultBehindProxy(Path folder, KeyVaultServerBuilder builder) {
    this.server = builder.start();
    this.proxy =
        FaultProxy.to(server.uri())
            .trusting(server.certificates().client())
            .presenting(server.certificates())
            .start();
    this.caFile = server.certificates().writePem(folder);
  }

  AzureTestVault settings() {
    return AzureTestVault.of(server, proxy.uri(), caFile);
  }

  /** Puts a secret into the vault. */
  void hold(String name, String text) {
    try (AzureStore store = settings().open()) {
      var unused = AzureTestVault.put(store, name, text);
    }
  }

  /** The vault as people use it, by its own names. */
  Client people() {
    Settings config = Settings.of(settings().config());
    return new Client(config, Transport.transport(config), new LongAdder());
  }

  /** Answers what comes with a token; null where the server shall answer. */
  void answering(Function<Request, @Nullable Answer> answer) {
    proxy.intercept(request -> Documented.isCall(request) ? answer.apply(request) : null);
  }

  /** Back to the start, with an empty vault. */
  void reset() {
    proxy.clear();
    server.reset();
  }

  @Override
  public void close() {
    proxy.close();
    server.close();
  }
}
