package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.Set;

/** A way in which a backend can fail, and the failure that a store must report. */
public enum Fault {
  /** The backend fails on its side, or refuses the connection. */
  UNAVAILABLE(Layer.BACKEND, Kind.UNAVAILABLE),
  /** The backend takes the call and never answers. */
  HANG(Layer.BACKEND, Kind.TIMEOUT),
  /** The backend asks to be called less often. */
  THROTTLED(Layer.BACKEND, Kind.THROTTLED),
  /** The caller is known and may not do this. */
  DENIED(Layer.BACKEND, Kind.ACCESS_DENIED),
  /** The caller's credentials are wrong or gone. */
  UNAUTHENTICATED(Layer.BACKEND, Kind.UNAUTHENTICATED),
  /** The secret is switched off. */
  DISABLED(Layer.BACKEND, Kind.DISABLED),
  /** The stored data was damaged or tampered with. */
  CORRUPT(Layer.BACKEND, Kind.CORRUPT),
  /** The backend has too little room left for a write. */
  FULL(Layer.BACKEND, Kind.UNAVAILABLE),

  /** The login of the running client has expired; a new one would succeed. */
  LOGIN_EXPIRED(Layer.LOGIN),
  /** The login of the running client was revoked; a new one fails as well. */
  LOGIN_REVOKED(Layer.LOGIN, Kind.UNAUTHENTICATED),

  /** No server listens at the address. */
  REFUSED(Layer.WIRE, Kind.UNAVAILABLE),
  /** The host name does not resolve. */
  NO_SUCH_HOST(Layer.WIRE, Kind.UNAVAILABLE),
  /** The connection is reset before the answer. */
  RESET_EARLY(Layer.WIRE, Kind.UNAVAILABLE),
  /** The connection is reset in the middle of the answer. */
  RESET(Layer.WIRE, Kind.UNAVAILABLE),
  /** The peer is gone without a sign. */
  HALF_OPEN(Layer.WIRE, Kind.TIMEOUT, Kind.UNAVAILABLE),
  /** The answer takes longer than the deadline. */
  LATENCY(Layer.WIRE, Kind.TIMEOUT),
  /** The answer comes byte by byte and does not end. */
  SLOW_BODY(Layer.WIRE, Kind.TIMEOUT, Kind.UNAVAILABLE),
  /** The answer is no document of the backend's. */
  GARBAGE_BODY(Layer.WIRE, Kind.UNAVAILABLE, Kind.CORRUPT),
  /** A proxy or a portal answers 200 with a page. */
  HTML_BODY(Layer.WIRE, Kind.UNAVAILABLE, Kind.CORRUPT),
  /** The certificate was issued by an authority we do not trust. */
  UNKNOWN_CA(Layer.WIRE, Kind.UNAVAILABLE),
  /** The certificate is another server's. */
  WRONG_HOST(Layer.WIRE, Kind.UNAVAILABLE),
  /** The certificate is no longer good. */
  EXPIRED_CERTIFICATE(Layer.WIRE, Kind.UNAVAILABLE),
  /** Something on the way answers 429 and does not say how long to wait. */
  BUSY(Layer.WIRE, Kind.THROTTLED, Kind.UNAVAILABLE),
  /** Something on the way answers 429 and says to wait a second. */
  BUSY_WITH_TIME(Layer.WIRE, Kind.THROTTLED, Kind.UNAVAILABLE),
  /** Something on the way answers 503 and does not say how long to wait. */
  OVERLOADED(Layer.WIRE, Kind.UNAVAILABLE, Kind.THROTTLED),
  /** Something on the way answers 503 and says to wait a second. */
  OVERLOADED_WITH_TIME(Layer.WIRE, Kind.UNAVAILABLE, Kind.THROTTLED);

  /** Where a fault happens. */
  enum Layer {
    BACKEND,
    LOGIN,
    WIRE
  }

  private final Layer layer;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so.
  private final Set<Kind> kinds;

  Fault(Layer layer, Kind... kinds) {
    this.layer = layer;
    this.kinds = Set.of(kinds);
  }

  /** The kinds that tell it rightly; empty where the call must succeed all the same. */
  public Set<Kind> kinds() {
    return kinds;
  }

  Layer layer() {
    return layer;
  }
}
