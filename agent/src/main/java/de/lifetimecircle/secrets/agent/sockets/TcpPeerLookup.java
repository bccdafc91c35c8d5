package de.lifetimecircle.secrets.agent.sockets;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells who owns the other end of a TCP connection on this host, from the kernel's table of sockets
 * ({@code /proc/net/tcp} and {@code tcp6}). It holds the sockets of this network namespace only: a
 * peer in another one has no owner here.
 *
 * <p>Only a socket with an inode counts, in whatever state: a program may end its sending half
 * (FIN_WAIT) and still read the answer. A socket that its program has closed already has no inode
 * and shows the user id 0, which must never pass for root. Safe for use by several threads; reads
 * files.
 */
public final class TcpPeerLookup {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");

  private static final List<String> TABLES = List.of("net/tcp", "net/tcp6");

  private static final int V4_DIGITS = 8;
  private static final int V6_DIGITS = 32;

  private static final int MAX_USERS = 10_000;

  /** How long a name is kept: a number may be given to another user, as systemd does. */
  private static final long NAME_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path proc;
  private final Path accounts;
  private final ConcurrentMap<String, KnownName> users = new ConcurrentHashMap<>();

  private final Object looking = new Object();

  /** The last look at the tables; guarded by the monitor of {@code looking}. */
  private Table table = new Table(System.nanoTime(), Map.of());

  /**
   * The connections that are looked up now, and by how many threads. A look keeps only these: a
   * busy host has a hundred thousand others.
   */
  private final ConcurrentMap<String, Integer> wanted = new ConcurrentHashMap<>();

  /**
   * Reads from these places.
   *
   * @param proc usually {@code /proc}
   * @param accounts usually {@code /etc/passwd}
   */
  public TcpPeerLookup(Path proc, Path accounts) {
    this.proc = proc;
    this.accounts = accounts;
  }

  public static TcpPeerLookup ofThisHost() {
    return new TcpPeerLookup(Path.of("/proc"), Path.of("/etc/passwd"));
  }

  /**
   * The owner of a socket.
   *
   * @param user the name of the user; the number if it has no name
   * @param uid the number
   * @param inode by which the process is found
   */
  record Owner(String user, String uid, String inode) {}

  /** The name of a user, and when a thread began to look for it, by the monotonic clock. */
  private record KnownName(String name, long asked) {}

  /**
   * The connections that callers looked for at one moment, by both addresses.
   *
   * @param began when the kernel was asked, by the monotonic clock
   */
  private record Table(long began, Map<String, Owner> owners) {}

  /**
   * Returns the owner of the socket whose own address is the first one. The kernel takes
   * milliseconds for its tables, so connections that come together share one look at them: one that
   * began after the connection was there.
   *
   * @return empty if the tables do not have it
   */
  Optional<Owner> of(InetSocketAddress theirs, InetSocketAddress ours) {
    List<String> forms =
        IntStream.of(V4_DIGITS, V6_DIGITS)
            .mapToObj(digits -> written(theirs, digits) + " " + written(ours, digits))
            .toList();
    forms.forEach(form -> wanted.merge(form, 1, Integer::sum));
    try {
      Map<String, Owner> owners = tableSince(System.nanoTime()).owners();
      return forms.stream()
          .flatMap(form -> Stream.ofNullable(owners.get(form)))
          .findFirst()
          .map(owner -> new Owner(name(owner.uid()), owner.uid(), owner.inode()));
    } finally {
      forms.forEach(form -> wanted.computeIfPresent(form, (any, n) -> n == 1 ? null : n - 1));
    }
  }

  /**
   * Whether the system tells the owner of a socket with that address: it has the tables, as only
   * Linux does, and the address is one of this host's.
   */
  boolean areToldOf(InetSocketAddress theirs) throws SocketException {
    InetAddress address = theirs.getAddress();
    return TABLES.stream().anyMatch(file -> Files.isReadable(proc.resolve(file)))
        && (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null);
  }

  private Table tableSince(long asked) {
    synchronized (looking) {
      if (table.began() - asked < 0) {
        table = read();
      }
      return table;
    }
  }

  private Table read() {
    long began = System.nanoTime();
    Map<String, Owner> owners = new HashMap<>();
    for (String file : TABLES) {
      try (BufferedReader lines =
          Files.newBufferedReader(proc.resolve(file), StandardCharsets.US_ASCII)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] part = line.strip().split("\\s+", 11);
          if (part.length > 9
              && !part[9].equals("0")
              && wanted.containsKey(part[1] + " " + part[2])) {
            owners.put(part[1] + " " + part[2], new Owner(part[7], part[7], part[9]));
          }
        }
      } catch (IOException e) { // another system, or no IPv6
        LOG.log(System.Logger.Level.TRACE, "No table of sockets: {0}", e.toString());
      }
    }
    return new Table(began, owners);
  }

  /** Returns an address as the tables have it: words in the machine's order, then the port. */
  private static String written(InetSocketAddress address, int digits) {
    byte[] bytes = address.getAddress().getAddress();
    if (digits == V6_DIGITS && bytes.length == 4) { // a socket of IPv6 that is connected by IPv4
      byte[] mapped = new byte[16];
      mapped[10] = -1;
      mapped[11] = -1;
      System.arraycopy(bytes, 0, mapped, 12, 4);
      bytes = mapped;
    }
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    StringBuilder text = new StringBuilder(40);
    while (words.hasRemaining()) {
      text.append(HexFormat.of().toHexDigits(words.getInt()));
    }
    text.append(':').append(HexFormat.of().toHexDigits((short) address.getPort()));
    return text.toString().toUpperCase(Locale.ROOT);
  }

  /** Returns the name of a user, from the list of accounts, else from a process of that user. */
  private String name(String uid) {
    long asked = System.nanoTime();
    KnownName known = users.get(uid);
    if (known != null && asked - known.asked() < NAME_NANOS) {
      return known.name();
    }
    String name = account(uid).or(() -> ownerOfAProcess(uid)).orElse(uid);
    if (users.size() >= MAX_USERS) {
      users.clear();
    }
    users.put(uid, new KnownName(name, asked));
    return name;
  }

  private Optional<String> account(String uid) {
    try {
      return Files.readAllLines(accounts, StandardCharsets.ISO_8859_1).stream()
          .map(line -> line.split(":", -1))
          .filter(part -> part.length > 2 && part[2].equals(uid))
          .map(part -> part[0])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Only the C library knows the users of a directory service, and it names a file's owner. */
  private Optional<String> ownerOfAProcess(String uid) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        Optional<String> owner = isOf(process, uid) ? owner(process, uid) : Optional.empty();
        if (owner.isPresent()) {
          return owner;
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Looks once for both: the process may have ended, and its number be another user's by now. */
  private static Optional<String> owner(Path process, String uid) {
    try {
      Map<String, Object> facts = Files.readAttributes(process, "unix:uid,owner");
      return uid.equals(String.valueOf(facts.get("uid")))
              && facts.get("owner") instanceof UserPrincipal owner
          ? Optional.of(owner.getName())
          : Optional.empty();
    } catch (IOException e) { // it has ended
      return Optional.empty();
    }
  }

  private static boolean isOf(Path process, String uid) {
    try {
      return uid.equals(String.valueOf(Files.getAttribute(process, "unix:uid")));
    } catch (IOException e) { // it has ended
      return false;
    }
  }

  /**
   * Returns the program and process that hold a socket, such as {@code uvicorn[4711]}; only of
   * processes whose files this process may look at: those of its own user, or all for root.
   */
  Optional<String> program(Owner owner) {
    String socket = "socket:[" + owner.inode() + "]";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (isOf(process, owner.uid()) && holds(process, socket)) {
          String name = Files.readString(process.resolve("comm")).strip();
          return Optional.of(name + "[" + process.getFileName() + "]");
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (Files.readSymbolicLink(file).toString().equals(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) { // ended, or not ours
      return false;
    }
  }
}
