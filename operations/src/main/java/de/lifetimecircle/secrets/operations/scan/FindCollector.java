package de.lifetimecircle.secrets.operations.scan;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Searches one stream after the other and groups its finds: one for each value and form, with the
 * first line and the count. Keeps the places that could not be searched. Used by one thread.
 */
final class FindCollector {
  /** The first bytes of archives that a scan does not unpack. */
  private static final Map<String, byte[]> PACKED =
      Map.of(
          "zip", new byte[] {'P', 'K', 3, 4},
          "bzip2", new byte[] {'B', 'Z', 'h'},
          "xz", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0},
          "7z", new byte[] {'7', 'z', (byte) 0xbc, (byte) 0xaf, 0x27, 0x1c},
          "zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});

  private static final int BEGINNING = 8;
  private static final int CHUNK = 64 * 1024;
  private static final String WITHHELD = "(a name that holds the value)";

  private final SoughtValues sought;
  private final ByteSearch search;
  private final Consumer<FoundValue> listener;
  private final Runnable scanned;
  private final List<UnscannedPart> unseen = new ArrayList<>();

  private record Key(int value, String encoding) {}

  private static final class Tally {
    final long line;
    long count;

    Tally(long line) {
      this.line = line;
    }
  }

  /**
   * Begins to search.
   *
   * @param listener takes each find as soon as it is complete
   * @param scanned is called after each stream
   */
  FindCollector(SoughtValues sought, Consumer<FoundValue> listener, Runnable scanned) {
    this.sought = sought;
    this.listener = listener;
    this.scanned = scanned;
    this.search = new ByteSearch(sought.anchors());
  }

  /**
   * Returns the finds in a stream, which is unpacked if it is gzip.
   *
   * @param place its name in reports; withheld if the name itself is a leak
   * @throws IOException if it cannot be read
   */
  List<FoundValue> in(InputStream stream, String place) throws IOException {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    BufferedInputStream in = new BufferedInputStream(stream, CHUNK);
    in.mark(BEGINNING);
    byte[] beginning = in.readNBytes(BEGINNING);
    in.reset();
    boolean zipped = begins(beginning, new byte[] {0x1f, (byte) 0x8b, 8});
    if (zipped) {
      unpack(in, place, tallies);
    } else {
      PACKED.forEach(
          (how, magic) -> {
            if (begins(beginning, magic)) {
              note(place, "packed with " + how + ", which is not unpacked");
            }
          });
      search.search(in, (needle, flags, line) -> tally(tallies, needle, flags, line));
    }
    scanned.run();
    return tallies.isEmpty() ? List.of() : leaks(tallies, place);
  }

  private void unpack(InputStream in, String place, Map<Key, Tally> tallies) throws IOException {
    try (InputStream unpacked = new GZIPInputStream(in, CHUNK)) {
      search.search(unpacked, (needle, flags, line) -> tally(tallies, needle, flags, line));
    } catch (ZipException | EOFException e) {
      problem(place, "damaged: only a part of it could be unpacked");
    }
  }

  /** Keeps a place that was left out deliberately. */
  void note(String place, String reason) {
    unseen.add(new UnscannedPart(shown(place), UnscannedPart.Weight.NOTE, reason));
  }

  /** Keeps a place that should have been searched. */
  void problem(String place, String reason) {
    unseen.add(new UnscannedPart(shown(place), UnscannedPart.Weight.PROBLEM, reason));
  }

  List<UnscannedPart> unseen() {
    return List.copyOf(unseen);
  }

  void tell(List<FoundValue> finds) {
    finds.forEach(listener);
  }

  private static boolean begins(byte[] text, byte[] magic) {
    int length = Math.min(text.length, magic.length);
    return Arrays.equals(text, 0, length, magic, 0, magic.length);
  }

  private static void tally(Map<Key, Tally> tallies, Needle needle, int flags, long line) {
    Key key = new Key(needle.value(), EncodingFlag.words(needle.form(), flags));
    tallies.computeIfAbsent(key, k -> new Tally(line)).count++;
  }

  private List<FoundValue> leaks(Map<Key, Tally> tallies, String place) {
    String shown = shown(place);
    List<FoundValue> leaks = new ArrayList<>();
    tallies.forEach(
        (key, tally) -> {
          Map<String, List<SoughtValues.Owner>> byName = new LinkedHashMap<>();
          for (SoughtValues.Owner owner : sought.owners(key.value())) {
            byName.computeIfAbsent(owner.stored(), n -> new ArrayList<>()).add(owner);
          }
          byName.values().forEach(owners -> leaks.add(leak(owners, key.encoding(), shown, tally)));
        });
    return leaks;
  }

  private static FoundValue leak(
      List<SoughtValues.Owner> owners, String encoding, String place, Tally tally) {
    boolean served = owners.stream().anyMatch(o -> o.served() == FoundValue.Served.YES);
    return new FoundValue(
        owners.get(0).stored(),
        owners.get(0).name(),
        owners.stream().map(SoughtValues.Owner::version).toList(),
        served ? FoundValue.Served.YES : FoundValue.Served.NO,
        encoding,
        place,
        tally.line,
        tally.count,
        null);
  }

  /** Reports the finds in the name of a file. */
  void inName(String name, String place) {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    search(name, (needle, flags, line) -> tally(tallies, needle, flags, line));
    if (!tallies.isEmpty()) {
      tell(leaks(tallies, place));
    }
  }

  /** Returns a name for display; withheld if it contains a value. */
  String shown(String name) {
    boolean[] holds = {false};
    search(name, (needle, flags, line) -> holds[0] = true);
    return holds[0] ? WITHHELD : name;
  }

  private void search(String name, ByteSearch.Finder finder) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    try {
      search.search(new ByteArrayInputStream(bytes), finder);
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes can be read", e);
    }
  }
}
