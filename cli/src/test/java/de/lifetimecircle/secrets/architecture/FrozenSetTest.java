package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import de.lifetimecircle.secrets.cli.frozen.FrozenTexts;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/**
 * No generated file is forgotten: each class that writes a file, a document or JSON has its frozen
 * texts, or a reason why it has none. A command needs no line for its document: {@code
 * OutputSchemaTest} runs each one with {@code --json} and freezes what it prints, and the frozen
 * help shows each new command and option.
 */
class FrozenSetTest {
  private static final String OURS = "de.lifetimecircle.secrets.";

  /** The methods that write, each with the name of its class. */
  private static final Pattern WRITING =
      Pattern.compile(
          String.join(
              "|",
              ".*\\.(Repository|Atomic|Private)File\\.write.*",
              ".*\\.OutputFolder\\.write",
              ".*\\.operations\\.text\\.Templates\\.(text|quoted|message|page)",
              "java\\.nio\\.file\\.Files\\.(write.*|copy|new(OutputStream|BufferedWriter|ByteChannel))",
              ".*\\.FileChannel\\.open",
              "java\\.io\\.(FileWriter|FileOutputStream|RandomAccessFile)\\.<init>",
              ".*\\.cli\\.console\\.Output\\.(bytes|document|items?|result|facts|text)",
              ".*\\.cli\\.console\\.CommandSession\\.done",
              ".*\\.spi\\.Json\\.write.*"));

  /** Of these, the methods that write what {@code --json} prints as the document of a command. */
  private static final Pattern DOCUMENT =
      Pattern.compile(
          ".*\\.cli\\.console\\.(Output\\.(document|items?|result|facts|text)"
              + "|CommandSession\\.done)");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(OURS + "operations", OURS + "cli", OURS + "decision");

  private static boolean writes(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    String method = target.getOwner().getName() + "." + target.getName();
    boolean ofCommand = outermost(access.getOriginOwner()).isAnnotatedWith(Command.class);
    return WRITING.matcher(method).matches() && !(ofCommand && DOCUMENT.matcher(method).matches());
  }

  private static JavaClass outermost(JavaClass inner) {
    return inner.getEnclosingClass().map(FrozenSetTest::outermost).orElse(inner);
  }

  /**
   * By the classes that write: the beginnings of names of frozen files, or a reason in brackets.
   */
  private static Map<String, String> table() throws IOException {
    Map<String, String> table = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/frozen-set.txt"))) {
      if (!line.startsWith("#")) {
        String[] cells = line.split(": ", 2);
        table.put(cells[0], cells[1]);
      }
    }
    return table;
  }

  @Test
  void eachWritingClassIsInTheTable() throws IOException {
    Set<String> listed = table().keySet();
    Set<String> writing =
        CLASSES.stream()
            .filter(each -> !each.getName().matches(ArchitectureTest.TEMPLATE))
            .filter(each -> each.getAccessesFromSelf().stream().anyMatch(FrozenSetTest::writes))
            .map(each -> outermost(each).getName().substring(OURS.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(without(writing, listed))
        .as("classes that write and are not in frozen-set.txt: freeze what they write")
        .isEmpty();
    assertThat(without(listed, writing)).as("classes that write nothing").isEmpty();
  }

  private static List<String> without(Set<String> names, Set<String> known) {
    return names.stream().filter(name -> !known.contains(name)).toList();
  }

  @Test
  void eachFrozenFileIsOfATestAndInTheTable() throws IOException {
    List<String> groups =
        table().values().stream()
            .filter(cell -> !cell.startsWith("("))
            .flatMap(cell -> Stream.of(cell.split(" ", -1)))
            .distinct()
            .toList();
    List<String> files;
    try (Stream<Path> all = Files.list(FrozenTexts.FOLDER)) {
      files = all.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(groups).allMatch(group -> files.stream().anyMatch(file -> file.startsWith(group)));
    assertThat(files)
        .as("files that no class of the table writes")
        .allMatch(file -> groups.stream().anyMatch(file::startsWith));
  }

  /** A new one needs a frozen text, or a person writes it. */
  @Test
  void theFilesOfAnInventoryAreThose() {
    assertThat(InventoryLocation.ProjectFile.values())
        .extracting(Enum::name)
        .containsExactly(
            "DECISION",
            "RUNBOOK",
            "POLICIES",
            "SERVICE",
            "WORKFLOW",
            "ALERTS",
            "RECORDS",
            "POST_MORTEMS");
  }

  /** They parse their own options: FrozenReportTest has the files of the one. */
  @Test
  void theAddedCommandsAreThose() {
    assertThat(
            ServiceLoader.load(ToolProvider.class).stream()
                .filter(tool -> tool.type().getName().startsWith(OURS))
                .map(tool -> tool.get().name()))
        .containsExactlyInAnyOrder("agent", "decide");
  }
}
