package de.lifetimecircle.secrets.operations.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose lines may be longer than what is read at once, and the lock of a file. */
class JsonLogTest {
  private record Entry(int number, String text) {}

  private static final JsonLog.Form<Entry> FORM = new JsonLog.Form<>(Entry.class, Entry::number);

  @TempDir Path folder;
  private Path file;
  private final List<String> cuts = new ArrayList<>();

  @BeforeEach
  void begin() {
    file = folder.resolve("log");
  }

  private int append(String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      JsonLog<Entry> log = JsonLog.at(channel, FORM, cuts::add);
      int next = log.last().map(Entry::number).orElse(0) + 1;
      log.append(new Entry(next, text));
      return next;
    }
  }

  private List<String> read() throws IOException {
    List<String> read = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      JsonLog.Summary summary =
          FORM.read(
              in,
              entry -> read.add(entry.number() + " " + entry.text().length()),
              problem -> read.add(problem.line() + " " + problem.cut()));
      assertThat(summary.entries() + summary.problems()).isEqualTo(read.size());
    }
    return read;
  }

  @Test
  void aLineMayBeLongerThanItsTail() throws IOException {
    assertThat(append("x".repeat(300_000))).isEqualTo(1);
    assertThat(append("")).isEqualTo(2);
    assertThat(append("y".repeat(70_000))).isEqualTo(3);
    assertThat(append("z")).isEqualTo(4);
    assertThat(read()).containsExactly("1 300000", "2 0", "3 70000", "4 1");
    assertThat(cuts).isEmpty();
  }

  @Test
  void anEndThatWasCutShortIsGivenBackAndReplaced() throws IOException {
    int first = append("a");
    assertThat(append("b")).isEqualTo(first + 1);
    String whole = Files.readString(file);
    for (int left = whole.indexOf('\n') + 2; left < whole.length() - 1; left += 9) {
      Files.writeString(file, whole.substring(0, left));
      assertThat(read()).containsExactly("1 1", "2 true");
      assertThat(append("c")).isEqualTo(2);
      assertThat(read()).containsExactly("1 1", "2 1");
    }
    assertThat(cuts).isNotEmpty().allMatch(whole::contains);
  }

  @Test
  void anEndThatWasCutWithinACharacterTakesNothingElseAlong() throws IOException {
    int first = append("Anna");
    byte[] line = Files.readAllBytes(file);
    assertThat(append("J\u00fcrgen")).isEqualTo(first + 1);
    byte[] whole = Files.readAllBytes(file);
    int cut = line.length;
    while (whole[cut] != (byte) 0xc3) {
      cut++;
    }
    Files.write(file, Arrays.copyOf(whole, cut + 1));
    assertThat(append("c")).isEqualTo(2);
    assertThat(read()).containsExactly("1 4", "2 1");

    Files.write(file, Arrays.copyOfRange(whole, line.length, cut + 1));
    assertThat(append("d")).isEqualTo(1);
    assertThat(read()).containsExactly("1 1");
  }

  @Test
  void aLineWithAnotherNumberThanItsOwnIsReported() throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      JsonLog<Entry> log = JsonLog.at(channel, FORM, cuts::add);
      log.append(new Entry(1, "a"));
      log.append(new Entry(3, "c"));
    }
    assertThat(read()).containsExactly("1 1", "2 false", "3 1");
  }

  @Test
  void anEmptyFileHasNoEntry() throws IOException {
    Files.createFile(file);
    assertThat(read()).isEmpty();
    assertThat(append("a")).isEqualTo(1);
  }

  @Test
  void aJournalThatIsSetAsideReplacesNone() throws IOException {
    RecordFolder<Entry> journals =
        new RecordFolder<>(
            folder, "", '.', ".json", 100, new JsonFile<>(Entry.class, "f", 1, "an entry"));
    for (int i = 1; i <= 3; i++) {
      journals.write("A", new Entry(i, "a"));
      assertThat(journals.setAside("A", "old")).isPresent();
    }
    assertThat(journals.setAside("A", "old")).isEmpty();
    assertThat(folder.resolve("A.json.old")).content().contains("\"number\":1");
    assertThat(folder.resolve("A.json.old-2")).content().contains("\"number\":2");
    assertThat(folder.resolve("A.json.old-3")).content().contains("\"number\":3");
  }

  @Test
  void oneHolderHasALockAndOthersSeeThat() throws IOException {
    Path name = folder.resolve("lock");
    assertThat(NameLock.isHeld(name)).isFalse();
    try (NameLock lock = NameLock.take(name).orElseThrow()) {
      lock.sign("anna\nrotate\n");
      assertThat(NameLock.take(name)).isEmpty();
      assertThat(NameLock.isHeld(name)).isTrue();
      assertThat(name).hasContent("anna\nrotate\n");
    }
    assertThat(NameLock.isHeld(name)).isFalse();
    try (NameLock lock = NameLock.await(name)) {
      assertThat(NameLock.take(name)).as("%s", lock).isEmpty();
    }
  }
}
