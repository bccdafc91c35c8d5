package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.spi.NearestName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The options of one run of the command. Immutable.
 *
 * @param socket the Unix socket; empty for none
 * @param listen the addresses of TCP
 * @param vault the addresses of the dialect of Vault
 * @param files the list of files to keep current; empty for none
 * @param rules the file of rules; empty if only the own user may read
 * @param hosts more values of the header Host that are not foreign
 * @param limits how much clients get
 * @param task the task of this run
 * @param tokenName the name of a new token
 */
record AgentOptions(
    Optional<Path> socket,
    List<InetSocketAddress> listen,
    List<InetSocketAddress> vault,
    Optional<Path> files,
    Optional<Path> rules,
    Set<String> hosts,
    ServerLimits limits,
    Task task,
    String tokenName) {
  /** The task of one run. */
  enum Task {
    SERVE,
    CHECK,
    TOKEN
  }

  private static final String CHECK = "--check";
  private static final String NONE = "none";
  private static final String MOST = "--max-connections";
  private static final String MOST_OF_USER = "--max-connections-per-user";
  private static final String ADDRESS = "an address and a port, as 127.0.0.1:2773";
  private static final int MOST_CONNECTIONS = 4096;

  AgentOptions {
    listen = List.copyOf(listen);
    vault = List.copyOf(vault);
    hosts = Set.copyOf(hosts);
  }

  static String usage() {
    return """
    Serves secrets to this host, over HTTP on a Unix socket and on loopback.
    Usage: secrets agent [OPTION ...]
           secrets agent token NAME   prints a new token, and its line of rules
      --socket PATH         the Unix socket; 'none' for none. Default: agent.sock in
                            $RUNTIME_DIRECTORY, else in secrets below
                            $XDG_RUNTIME_DIR
      --listen ADDRESS:PORT an address of TCP, may be repeated; 'none' for none.
                            Default: 127.0.0.1:2773, unless --socket or --vault
                            names a place
      --vault ADDRESS:PORT  an address for clients of Vault, as 127.0.0.1:8200,
                            may be repeated
      --files FILE          the list of files to keep current for programs
                            that read files
      --rules FILE          who may read what. Without it, only the agent's own
                            user may read
      --host NAME           one more host that requests may name; needed for an
                            address that is not loopback
      --max-connections N   connections at once (default: 256)
      --max-connections-per-user N
                            how many of them one user may have
                            (default: half of them)
      --check               only check options, rules and configuration
    The backend and the cache are configured as for every command, for example by
    SECRETS_BACKEND.
    It ends on SIGTERM, and reads the rules again on SIGHUP and when their file
    changes.\
    """;
  }

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if they are wrong
   */
  static AgentOptions of(List<String> args, Map<String, String> environment) {
    if (!args.isEmpty() && args.get(0).equals("token")) {
      if (args.size() != 2 || !args.get(1).matches("[A-Za-z0-9._-]{1,64}")) {
        throw new IllegalArgumentException(
            "Cannot make a token: expected 'token NAME' with letters, digits, '.', '_' or '-'.");
      }
      return new Reading(environment).options(Task.TOKEN, args.get(1));
    }
    Reading reading = new Reading(environment);
    Task task = Task.SERVE;
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String[] word = rest.next().split("=", 2);
      if (word.length == 1 && word[0].equals(CHECK)) {
        task = Task.CHECK;
      } else {
        reading.take(word[0], () -> word.length == 2 ? word[1] : rest.hasNext() ? rest.next() : "");
      }
    }
    return reading.options(task, "");
  }

  /** The state of reading arguments. */
  private static final class Reading {
    private final Map<String, String> environment;
    private Optional<String> socket = Optional.empty();
    private final List<String> listen = new ArrayList<>();
    private final List<InetSocketAddress> vault = new ArrayList<>();
    private Optional<Path> files = Optional.empty();
    private Optional<Path> rules = Optional.empty();
    private final Set<String> hosts = new HashSet<>();
    private ServerLimits limits = ServerLimits.STANDARD;
    private OptionalInt ofUser = OptionalInt.empty();

    private final Map<String, Consumer<String>> readers =
        Map.of(
            "--socket",
            value -> socket = Optional.of(value),
            "--listen",
            listen::add,
            "--vault",
            value -> vault.add(address("--vault", value)),
            "--files",
            value -> files = Optional.of(Path.of(value)),
            "--rules",
            value -> rules = Optional.of(Path.of(value)),
            "--host",
            value -> hosts.add(value.toLowerCase(Locale.ROOT)),
            MOST,
            value -> limits = limits.withConnections(connections(MOST, value)),
            MOST_OF_USER,
            value -> ofUser = OptionalInt.of(connections(MOST_OF_USER, value)));

    Reading(Map<String, String> environment) {
      this.environment = environment;
    }

    /** No message repeats an argument: as for every command, it may be a secret. */
    void take(String option, Supplier<String> argument) {
      Consumer<String> reader = readers.get(option);
      if (reader == null) {
        String what = option.startsWith("-") ? "no such option." : "one argument too many.";
        String nearest =
            NearestName.of(option, names()).map(name -> " Did you mean '" + name + "'?").orElse("");
        throw mistake("it has " + what + nearest);
      }
      String value = argument.get();
      if (value.isEmpty()) {
        throw mistake("the argument of " + option + " is missing.");
      }
      reader.accept(value);
    }

    private Set<String> names() {
      Set<String> names = new TreeSet<>(readers.keySet());
      names.add(CHECK);
      return names;
    }

    private static IllegalArgumentException mistake(String what) {
      return new IllegalArgumentException(
          "Cannot start the agent: " + what + " See 'secrets agent --help'.");
    }

    private static int connections(String option, String value) {
      int most = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
      if (most < 1 || most > MOST_CONNECTIONS) {
        throw unexpected(option, "1 to " + MOST_CONNECTIONS);
      }
      return most;
    }

    AgentOptions options(Task task, String tokenName) {
      List<InetSocketAddress> addresses = new ArrayList<>();
      for (String each : listen.isEmpty() ? defaultAddress() : listen) {
        if (!each.equals(NONE)) {
          addresses.add(address("--listen", each));
        }
      }
      boolean isRemote =
          Stream.concat(addresses.stream(), vault.stream())
              .anyMatch(a -> !a.getAddress().isLoopbackAddress());
      if (isRemote && (hosts.isEmpty() || rules.isEmpty())) {
        throw new IllegalArgumentException(
            "Cannot start the agent: an address that is not loopback needs --host and --rules."
                + " Other hosts can read there what a token allows, and nothing encrypts it.");
      }
      return new AgentOptions(
          socketPath(), addresses, vault, files, rules, hosts, limits(), task, tokenName);
    }

    /** None if a place is named: on loopback, others can connect, and take the port. */
    private List<String> defaultAddress() {
      boolean isNamed = socket.filter(path -> !path.equals(NONE)).isPresent() || !vault.isEmpty();
      return isNamed ? List.of() : List.of("127.0.0.1:2773");
    }

    private ServerLimits limits() {
      if (ofUser.isEmpty()) {
        return limits;
      }
      if (ofUser.getAsInt() > limits.connections()) {
        throw unexpected(
            MOST_OF_USER, "at most --max-connections, which is " + limits.connections());
      }
      return limits.withConnectionsOfUser(ofUser.getAsInt());
    }

    private Optional<Path> socketPath() {
      return socket
          // With several folders, systemd separates them by colons.
          .or(() -> set("RUNTIME_DIRECTORY").map(all -> all.split(":", 2)[0] + "/agent.sock"))
          .or(() -> set("XDG_RUNTIME_DIR").map(folder -> folder + "/secrets/agent.sock"))
          .filter(path -> !path.equals(NONE))
          .map(path -> Path.of(path).toAbsolutePath());
    }

    private Optional<String> set(String variable) {
      return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }
  }

  /** Reads an address such as {@code 127.0.0.1:2773} or {@code [::1]:0}; asks no name service. */
  private static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean isAddress = host.equals("localhost") || host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+\\]");
    int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
    if (!isAddress || number < 0 || number > 65_535) {
      throw unexpected(option, ADDRESS);
    }
    try {
      String plain = host.equals("localhost") ? "127.0.0.1" : host.replaceAll("[\\[\\]]", "");
      return new InetSocketAddress(InetAddress.getByName(plain), number);
    } catch (UnknownHostException e) {
      throw unexpected(option, ADDRESS);
    }
  }

  private static IllegalArgumentException unexpected(String option, String expected) {
    return new IllegalArgumentException("Cannot use " + option + " (expected: " + expected + ").");
  }
}
