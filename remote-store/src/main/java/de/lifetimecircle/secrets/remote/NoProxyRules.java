package de.lifetimecircle.secrets.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells the hosts that are reached without a proxy. Looks up no name. Stateless. */
final class NoProxyRules {
  private static final Pattern IP_V4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|[01]?\\d?\\d)(\\.(?!$)|$)){4}");

  private NoProxyRules() {}

  /**
   * Returns whether a host is loopback or link-local: "localhost" and names below it (RFC 6761), or
   * an address of these ranges.
   */
  static boolean isNear(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    InetAddress address = written(name);
    return address != null
        && (address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress());
  }

  /**
   * Whether a list as in NO_PROXY has the host: names with everything below them, addresses, ranges
   * as {@code 10.0.0.0/8}, each perhaps with a port, or {@code *}.
   */
  static boolean isListed(String host, int port, String list) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      if (!entry.isEmpty() && matches(name, port, entry)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String host, int port, String entry) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.indexOf('/') > 0) {
      return isInRange(host, entry);
    }
    int colon = entry.lastIndexOf(':');
    boolean hasPort = (colon > 0 && entry.indexOf(':') == colon) || entry.contains("]:");
    if (hasPort && !entry.substring(colon + 1).equals(String.valueOf(port))) {
      return false;
    }
    String wanted = hasPort ? entry.substring(0, colon) : entry;
    InetAddress address = written(bracketed(wanted));
    if (address != null) {
      return address.equals(written(host));
    }
    String domain = wanted.replaceFirst("^\\*?\\.", "");
    return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
  }

  private static boolean isInRange(String host, String range) {
    int slash = range.indexOf('/');
    InetAddress address = written(host);
    InetAddress base = written(bracketed(range.substring(0, slash)));
    String digits = range.substring(slash + 1);
    if (address == null || base == null || !digits.matches("\\d{1,3}")) {
      return false;
    }
    byte[] one = address.getAddress();
    byte[] other = base.getAddress();
    int bits = Integer.parseInt(digits);
    if (one.length != other.length || bits > one.length * 8) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static String bracketed(String text) {
    return text.contains(":") && !text.startsWith("[") ? "[" + text + "]" : text;
  }

  /** The address that is written out; null for a name, which is not looked up. */
  private static @Nullable InetAddress written(String host) {
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    if (!v6 && !IP_V4.matcher(host).matches()) {
      return null;
    }
    try {
      // Without the zone of an IPv6 address: a zone that this machine lacks would be an error.
      return InetAddress.getByName(host.replaceFirst("%.*]$", "]"));
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
