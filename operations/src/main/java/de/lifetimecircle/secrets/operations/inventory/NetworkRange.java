package de.lifetimecircle.secrets.operations.inventory;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses, IPv4 or IPv6, as {@code 10.0.0.0/8} says it. Immutable. No name is ever
 * looked up.
 */
public final class NetworkRange {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /** Exact, since the JDK would look up what only resembles an address. */
  private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:]*(:[0-9.]+)?");

  private final byte[] bytes;
  private final int length;

  private NetworkRange(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /**
   * The range that a text names; an address alone is a range of one.
   *
   * @return empty if it is none, or has a bit beyond its length
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

  /** The bytes of an address; those of an IPv4 address also where it is written as IPv6. */
  private static Optional<byte[]> address(String text) {
    String plain =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (!V4.matcher(plain).matches() && !V6.matcher(plain).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(plain).getAddress());
    } catch (UnknownHostException e) { // such as 1:2, which is never looked up for its colon
      return Optional.empty();
    }
  }

  /** Whether a text is an address at all. */
  public static boolean isAddress(String text) {
    return address(text).isPresent();
  }

  /** Whether the address is in this range. */
  public boolean contains(String address) {
    return address(address)
        .filter(other -> other.length == bytes.length)
        .filter(other -> Arrays.equals(masked(other), bytes))
        .isPresent();
  }

  /** Whether it is a range of IPv6. */
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
   * The fewest ranges that hold every address of both families that none of the given holds, for
   * rules that can only say where something is.
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
      byte[] upper = new BigInteger(1, bytes).setBit(bytes.length * 8 - 1 - length).toByteArray();
      byte[] padded = new byte[bytes.length];
      int kept = Math.min(upper.length, padded.length);
      System.arraycopy(upper, upper.length - kept, padded, padded.length - kept, kept);
      new NetworkRange(padded, length + 1).without(known, into);
    }
  }

  private boolean overlaps(NetworkRange other) {
    NetworkRange wider = length <= other.length ? this : other;
    return Arrays.equals(wider.masked(bytes), wider.masked(other.bytes));
  }

  /** As it is written: {@code 10.0.0.0/8}. */
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
