package de.lifetimecircle.secrets.operations.inventory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IPv4 or IPv6 addresses, such as {@code 10.0.0.0/8}. Immutable; never resolves a name.
 */
public final class NetworkRange {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /** Strict, because the JDK would resolve a text that only resembles an address. */
  private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:]*(:[0-9.]+)?");

  private final byte[] bytes;
  private final int length;

  private NetworkRange(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /**
   * Parses a range; a single address is a range of one.
   *
   * @return empty if the text is not a range, or has a bit beyond its length
   */
  public static Optional<NetworkRange> parse(String text) {
    int slash = text.indexOf('/');
    Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = address.get();
    int most = bytes.length * 8;
    String digits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > most) {
      return Optional.empty();
    }
    NetworkRange network = new NetworkRange(bytes, Integer.parseInt(digits));
    return Arrays.equals(network.masked(bytes), bytes) ? Optional.of(network) : Optional.empty();
  }

  /** Returns the bytes of an address; four bytes for an IPv4 address in IPv6 notation too. */
  private static Optional<byte[]> address(String text) {
    String plain =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (!V4.matcher(plain).matches() && !V6.matcher(plain).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(plain).getAddress());
    } catch (UnknownHostException e) {
      // such as 1:2, which the JDK never resolves because of its colon
      return Optional.empty();
    }
  }

  /** Returns whether a text is an address. */
  public static boolean isAddress(String text) {
    return address(text).isPresent();
  }

  /** Returns whether an address is in this range. */
  public boolean contains(String address) {
    return address(address)
        .filter(other -> other.length == bytes.length)
        .filter(other -> Arrays.equals(masked(other), bytes))
        .isPresent();
  }

  /** Returns whether this is an IPv6 range. */
  public boolean isV6() {
    return bytes.length > 4;
  }

  private byte[] masked(byte[] address) {
    byte[] masked = address.clone();
    for (int bit = length; bit < masked.length * 8; bit++) {
      masked[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return masked;
  }

  /**
   * Returns the complement: the fewest ranges of both families with all addresses outside the given
   * ranges, for rules that have no negation.
   */
  public static List<NetworkRange> others(List<NetworkRange> known) {
    List<NetworkRange> others = new ArrayList<>();
    for (int size : new int[] {4, 16}) {
      List<NetworkRange> family = known.stream().filter(n -> n.bytes.length == size).toList();
      new NetworkRange(new byte[size], 0).without(family, others);
    }
    return others;
  }

  private void without(List<NetworkRange> known, List<NetworkRange> into) {
    if (known.stream().noneMatch(other -> other.overlaps(this))) {
      into.add(this);
    } else if (known.stream().noneMatch(other -> other.length <= length && other.overlaps(this))) {
      new NetworkRange(bytes, length + 1).without(known, into);
      byte[] upper = bytes.clone();
      upper[length / 8] |= (byte) (0x80 >> (length % 8));
      new NetworkRange(upper, length + 1).without(known, into);
    }
  }

  private boolean overlaps(NetworkRange other) {
    NetworkRange wider = length <= other.length ? this : other;
    return Arrays.equals(wider.masked(bytes), wider.masked(other.bytes));
  }

  /** Returns the notation {@code 10.0.0.0/8}. */
  @Override
  public String toString() {
    try {
      String address = InetAddress.getByAddress(bytes).getHostAddress();
      return address.replaceFirst("(^0)?(:0)+$", "::") + "/" + length;
    } catch (UnknownHostException e) { // four or sixteen bytes are always an address
      throw new IllegalStateException(e);
    }
  }
}
