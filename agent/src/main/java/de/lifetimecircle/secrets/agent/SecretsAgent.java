package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.dialect.AwsAgentDialect;
import de.lifetimecircle.secrets.agent.dialect.AwsJsonDialect;
import de.lifetimecircle.secrets.agent.dialect.Dialect;
import de.lifetimecircle.secrets.agent.dialect.NativeDialect;
import de.lifetimecircle.secrets.agent.dialect.RequestRouter;
import de.lifetimecircle.secrets.agent.dialect.StatusDialect;
import de.lifetimecircle.secrets.agent.dialect.VaultDialect;
import de.lifetimecircle.secrets.agent.files.FilesList;
import de.lifetimecircle.secrets.agent.files.SecretFiles;
import de.lifetimecircle.secrets.agent.http.AgentMetrics;
import de.lifetimecircle.secrets.agent.http.AgentServer;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.reads.ThrottledDenialLog;
import de.lifetimecircle.secrets.agent.reads.VersionWaiters;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.agent.sockets.SocketPlace;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A running agent: one provider, the rules, and the listeners with their dialects. Safe for use by
 * several threads.
 */
final class SecretsAgent implements AutoCloseable {
  private final AgentOptions options;
  private final SecretProvider provider;
  private final CurrentRules rules;
  private final AgentMetrics metrics = new AgentMetrics();
  private final AuthorizedReads reads;
  private final VersionWaiters waits;
  private final AgentServer server;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private volatile boolean ownsSocket;
  private final List<InetSocketAddress> vaultAddresses = new ArrayList<>();
  private final ThrottledDenialLog log;
  private Optional<SecretFiles> files = Optional.empty();

  /**
   * Makes an agent that listens nowhere yet.
   *
   * @param provider belongs to the agent, which closes it
   */
  SecretsAgent(AgentOptions options, SecretProvider provider, CurrentRules rules, ReadLog log) {
    this(options, provider, rules, log, AuthorizedReads.FRESH, TcpPeerLookup.ofThisHost());
  }

  /**
   * Makes an agent that listens nowhere yet.
   *
   * @param provider belongs to the agent, which closes it
   * @param held how long it holds lists
   * @param owners tells who is at the other end of a TCP connection
   */
  SecretsAgent(
      AgentOptions options,
      SecretProvider provider,
      CurrentRules rules,
      ReadLog log,
      Duration held,
      TcpPeerLookup owners) {
    this.options = options;
    this.provider = provider;
    this.rules = rules;
    this.log = new ThrottledDenialLog(log, System::nanoTime);
    this.reads = new AuthorizedReads(provider, rules, this.log, held);
    this.waits = new VersionWaiters(provider, options.limits());
    this.server = new AgentServer(options.limits(), metrics, owners);
  }

  /**
   * Begins to write the files of the list, and to listen. The files come first, since the programs
   * of a pod start when the socket is there; a backend that hangs delays it for ten seconds.
   *
   * @throws SecretException {@code CONFIGURATION} if an address or a file cannot be used
   */
  void start() {
    files =
        options.files().map(list -> SecretFiles.start(FilesList.read(list), provider, log::write));
    try {
      Map<String, Dialect> dialects = dialects();
      if (options.socket().isPresent()) {
        listen(options.socket().get(), dialects);
      }
      RequestRouter common = new RequestRouter(dialects, hosts(), metrics);
      for (InetSocketAddress address : options.listen()) {
        addresses.add(server.listen(address, common));
      }
      RequestRouter vault =
          new RequestRouter(
              Map.of("vault", new VaultDialect(reads, InstantSource.system())), hosts(), metrics);
      for (InetSocketAddress address : options.vault()) {
        vaultAddresses.add(server.listen(address, vault));
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "start the agent")
          .reason("it cannot listen on " + e.getMessage())
          .advice(
              "Give another address with --listen, --vault or --socket (in a folder of your own). If"
                  + " a program has it, 'ss -lntxp' shows which")
          .build();
    }
  }

  /** The dialects of the common port by their words, in the order in which they are asked. */
  private Map<String, Dialect> dialects() {
    Map<String, Dialect> dialects = new LinkedHashMap<>();
    dialects.put("status", new StatusDialect(provider, metrics, server::connections));
    dialects.put("aws", new AwsJsonDialect(reads));
    dialects.put("native", new NativeDialect(reads, waits));
    dialects.put("aws-agent", new AwsAgentDialect(reads));
    return dialects;
  }

  /** The names of this host as clients write them, without a port. */
  private Set<String> hosts() {
    Set<String> hosts = new HashSet<>(options.hosts());
    hosts.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
    return hosts;
  }

  private void listen(Path path, Map<String, Dialect> dialects) throws IOException {
    SocketPlace.prepare(path);
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    server.listen(address, new RequestRouter(dialects, hosts(), metrics));
    ownsSocket = true;
    // Rules decide who may read what; without any, no other user needs to connect.
    Files.setPosixFilePermissions(
        path,
        PosixFilePermissions.fromString(options.rules().isPresent() ? "rw-rw-rw-" : "rw-------"));
  }

  /** Returns where it listens, for people. */
  String places() {
    List<String> places = new ArrayList<>();
    options.socket().ifPresent(path -> places.add(path.toString()));
    addresses.forEach(address -> places.add(url(address)));
    vaultAddresses.forEach(address -> places.add(url(address) + " (Vault)"));
    return String.join(", ", places);
  }

  private static String url(InetSocketAddress address) {
    return "http://" + AgentServer.text(address);
  }

  /** Returns the addresses of TCP with their ports. */
  List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  /** Returns the addresses of the dialect of Vault, with their ports. */
  List<InetSocketAddress> vaultAddresses() {
    return List.copyOf(vaultAddresses);
  }

  /** Returns how many bytes of answers are under way now. */
  long bytesOfAnswers() {
    return server.bytesOfAnswers();
  }

  /** Does what is due; called about once a second. A failure is reported, and ends nothing. */
  void tick() {
    for (Runnable due : List.<Runnable>of(rules::reloadIfChanged, reads::dropOld, log::writeDue)) {
      try {
        due.run();
      } catch (RuntimeException | Error e) { // its text may hold anything
        System.getLogger("de.lifetimecircle.secrets.agent")
            .log(System.Logger.Level.ERROR, "The agent goes on after {0}.", e.getClass().getName());
      }
    }
  }

  CurrentRules rules() {
    return rules;
  }

  @Override
  public void close() {
    removeSocket();
    waits.close();
    server.close();
    log.writeAll();
    files.ifPresent(SecretFiles::close);
    provider.close();
  }

  /** Before the listener ends: after that, the socket may be the one of the next agent. */
  private void removeSocket() {
    if (ownsSocket) { // not the one of an agent that was here before
      ownsSocket = false;
      try {
        Files.deleteIfExists(options.socket().orElseThrow());
      } catch (IOException e) {
        System.getLogger("de.lifetimecircle.secrets.agent")
            .log(System.Logger.Level.DEBUG, "The socket stays: {0}", e.toString());
      }
    }
  }
}
