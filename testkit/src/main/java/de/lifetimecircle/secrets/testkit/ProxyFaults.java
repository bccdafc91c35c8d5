package de.lifetimecircle.secrets.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fault switch of a backend behind a {@link FaultProxy}: every fault of the wire by itself, and
 * those of the backend by the answers that its documentation gives.
 *
 * <p>Used by one test at a time; the requests may come from any thread.
 */
public final class ProxyFaults implements FaultSwitch {
  private final FaultProxy proxy;
  private final Map<Fault, Reply> replies;
  private final Map<Fault, Consumer<String>> acts;
  private final Runnable undo;
  private final Predicate<FaultProxy.Request> login;
  private final AtomicInteger logins = new AtomicInteger();
  private volatile boolean hostIsGone;
  private volatile boolean injected;

  private ProxyFaults(Builder builder) {
    this.proxy = builder.proxy;
    this.replies = new EnumMap<>(builder.replies);
    this.acts = new EnumMap<>(builder.acts);
    this.undo = builder.undo;
    this.login = builder.login;
    passOn();
  }

  /** Answers a request in place of the server. */
  @FunctionalInterface
  public interface Reply {
    /**
     * Returns the fault's answer to a request.
     *
     * @param request the request that arrived
     * @param name the name that the fault concerns
     * @return null if the server must answer
     */
    FaultProxy.@Nullable Answer to(FaultProxy.Request request, String name);
  }

  /** Puts a switch together. Not safe for use by several threads. */
  public static final class Builder {
    private final FaultProxy proxy;
    private final Map<Fault, Reply> replies = new EnumMap<>(Fault.class);
    private final Map<Fault, Consumer<String>> acts = new EnumMap<>(Fault.class);
    private Runnable undo = () -> {};
    private Predicate<FaultProxy.Request> login = request -> false;

    private Builder(FaultProxy proxy) {
      this.proxy = proxy;
    }

    /** A fault that is an answer. */
    public Builder on(Fault fault, Reply reply) {
      replies.put(fault, reply);
      return this;
    }

    /** A fault that is done to the server itself, with the name it concerns. */
    public Builder doing(Fault fault, Consumer<String> act) {
      acts.put(fault, act);
      return this;
    }

    /** Undoes the changes to the server; called whenever a fault ends. */
    public Builder undoing(Runnable work) {
      this.undo = work;
      return this;
    }

    /** Which requests are logins. */
    public Builder logins(Predicate<FaultProxy.Request> which) {
      this.login = which;
      return this;
    }

    /** The switch. */
    public ProxyFaults build() {
      return new ProxyFaults(this);
    }
  }

  /** A switch that works through this proxy. */
  public static Builder of(FaultProxy proxy) {
    return new Builder(proxy);
  }

  /** Where a new client shall look for the backend: the proxy, or a host that does not exist. */
  public URI uri() {
    URI real = proxy.uri();
    // RFC 6761 keeps this domain for names that never resolve.
    return hostIsGone
        ? URI.create(real.getScheme() + "://no-such-host.invalid:" + real.getPort())
        : real;
  }

  /**
   * How long a new client shall wait for an answer: while a fault is injected less than a delayed
   * answer takes, otherwise as long as a provider waits by default, since a busy machine may stand
   * still for some seconds.
   */
  public Duration timeout() {
    return Duration.ofMillis(injected ? FaultProxy.LATENCY_MILLIS - 1000 : 10_000);
  }

  @Override
  public Set<Fault> supported() {
    Set<Fault> faults = proxy.faults();
    faults.add(Fault.NO_SUCH_HOST);
    faults.addAll(replies.keySet());
    faults.addAll(acts.keySet());
    return faults;
  }

  @Override
  public void inject(Fault fault, String name) {
    injected = true;
    Reply reply = replies.get(fault);
    Consumer<String> act = acts.get(fault);
    if (reply != null) {
      count(request -> reply.to(request, name));
    } else if (act != null) {
      act.accept(name);
    } else if (fault == Fault.NO_SUCH_HOST) {
      hostIsGone = true;
    } else {
      proxy.inject(fault);
    }
  }

  private void passOn() {
    if (proxy.isHttp()) {
      count(request -> null);
    }
  }

  /** Passes every request on, or to the reply, and counts the logins among them. */
  private void count(
      java.util.function.Function<FaultProxy.Request, FaultProxy.@Nullable Answer> reply) {
    proxy.intercept(
        request -> {
          if (login.test(request)) {
            logins.incrementAndGet();
          }
          return reply.apply(request);
        });
  }

  @Override
  public void clear() {
    injected = false;
    hostIsGone = false;
    proxy.clear();
    passOn();
    undo.run();
  }

  @Override
  public OptionalInt requests() {
    return proxy.isHttp() ? OptionalInt.of(proxy.requests()) : OptionalInt.empty();
  }

  @Override
  public OptionalInt logins() {
    return proxy.isHttp() ? OptionalInt.of(logins.get()) : OptionalInt.empty();
  }

  @Override
  public OptionalInt connections() {
    return OptionalInt.of(proxy.openConnections());
  }
}
