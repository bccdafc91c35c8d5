package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What happens in a scene of {@link AdviceScenes} besides commands. */
final class AdviceEvents {
  private final AdviceTest test;
  private final Path folder;

  /** A store of files and another one, whose key is another recipient; made once, then copied. */
  private final Path kept;

  private byte[] whole = {};
  private String damaged = "";

  AdviceEvents(AdviceTest test, Path folder, Path kept) {
    this.test = test;
    this.folder = folder;
    this.kept = kept;
  }

  /** Lets an event happen; returns whether the line names one. */
  boolean happens(String line) throws IOException {
    return inMemory(line) || inInventory(line) || inJournals(line) || inFiles(line);
  }

  private boolean inMemory(String line) {
    FakeStore store = test.store;
    switch (line) {
      case "other" -> store.holding("prod/KEY", "f".repeat(64));
      case "old" -> store.holding("prod/KEY", AdviceTest.KEY);
      case "empty" -> List.of("prod/KEY", "prod/HOST", "prod/URL").forEach(store::losing);
      case "down" -> store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
      case "put fails" ->
          store.next(
              FakeStore.Op.PUT, "prod/HOST", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
      case "versions fail" ->
          store.always(
              FakeStore.Op.VERSIONS, "prod/KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
      case "plain" -> store.holding("plain/WORDS", "no shape of ours");
      case "no stages" -> {
        Set<Capability> can = EnumSet.complementOf(EnumSet.of(Capability.STAGES));
        test.use(AdviceTest.filled(FakeStore.with(can.toArray(new Capability[0]))));
      }
      case "bytes" ->
          run(new FakeTerminal().input(new byte[] {(byte) 0xff, 0, 1}), "put", "plain/BYTES");
      default -> {
        boolean loses = line.startsWith("lose ") && line.contains("/");
        if (loses) {
          store.losing(line.substring("lose ".length()));
        }
        return loses;
      }
    }
    return true;
  }

  private boolean inInventory(String line) throws IOException {
    switch (line) {
      case "database" -> {
        inventory(text -> text.replace("https://{HOST}/{KEY}", "postgresql://app:{KEY}@{HOST}/db"));
        test.store.holding("prod/URL", "postgresql://app:" + AdviceTest.KEY + "@old.example/db");
      }
      case "without apply" -> inventory(text -> text.replaceFirst("(?m)^  apply: .*\\R", ""));
      case "names a runbook" ->
          inventory(
              text ->
                  text.replace("{prefix: prod/}", "{prefix: prod/, files: {runbook: BOOK.md}}"));
      case "untidy" -> inventory(text -> text.replace("service: ltc", "service:    ltc"));
      case "ci reads" ->
          inventory(text -> text.replace("description: key,", "description: key, readers: [ci],"));
      case "no file" -> Files.delete(folder.resolve("BOOK.md"));
      case "a file" -> Files.writeString(folder.resolve("BOOK.md"), "x\n");
      case "an old runbook" ->
          edit(folder.resolve("BOOK.md"), text -> text.replaceFirst("KEY", "OLD"));
      case "leak" -> Files.writeString(folder.resolve("leak.txt"), AdviceTest.KEY);
      case "git hook" -> {
        git("init", "-q", folder.toString());
        Path hooks = Files.createDirectories(folder.resolve(".git/hooks"));
        Files.writeString(hooks.resolve("pre-commit"), "#!/bin/sh\n");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void inventory(UnaryOperator<String> change) throws IOException {
    edit(folder.resolve("secrets.yaml"), change);
  }

  private static void edit(Path file, UnaryOperator<String> change) throws IOException {
    String before = Files.readString(file);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
  }

  private static void git(String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(args));
    try {
      assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean inJournals(String line) throws IOException {
    switch (line) {
      case "damage" -> journals(text -> text.substring(1));
      case "age" -> journals(text -> text.replaceFirst("\"began\":\"\\d{4}", "\"began\":\"2020"));
      case "lose journal" -> {
        for (Path file : journals()) {
          Files.delete(file);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void journals(UnaryOperator<String> change) throws IOException {
    for (Path file : journals()) {
      Files.writeString(file, change.apply(Files.readString(file)));
    }
  }

  private List<Path> journals() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("secrets-rotations"))) {
      return files.filter(each -> each.toString().endsWith(".json")).toList();
    }
  }

  // ---- stores of files

  private boolean inFiles(String line) throws IOException {
    Path store = folder.resolve("store");
    switch (line) {
      case "files" -> useFiles();
      case "adopt" -> test.environment.put("SECRETS_GPG_FOREIGN_EDITS", "adopt");
      case "mark" -> {
        test.environment.put("SECRETS_GPG_HIGH_WATER_FILE", folder.resolve("mark").toString());
        run(new FakeTerminal().input(CommandTest.utf8("newer")), "put", "A");
      }
      case "an older copy" -> {
        AdviceTest.erase(store);
        copy(kept.resolve("store"), store);
      }
      case "mend" -> Files.write(Path.of(damaged), whole);
      case "drop the change" -> {
        Files.delete(store.resolve(".gpg-id"));
        Files.deleteIfExists(store.resolve(".gpg-id.sig"));
      }
      default -> {
        return changed(line);
      }
    }
    return true;
  }

  private boolean changed(String line) throws IOException {
    boolean removes = line.startsWith("remove ");
    if (!removes && !line.startsWith("damage ")) {
      return false;
    }
    String place = line.substring("damage ".length()).replace("$R", ".fgp/certs/" + other());
    Path file = folder.resolve("store").resolve(place);
    if (removes) {
      Files.delete(file);
      return true;
    }
    whole = Files.readAllBytes(file);
    damaged = file.toString();
    byte[] broken = whole.clone();
    broken[broken.length / 2] ^= 1;
    Files.write(file, broken);
    return true;
  }

  /** The file of the other recipient's certificate. */
  Path certificate() throws IOException {
    return kept.resolve("other/.fgp/certs").resolve(other());
  }

  String fingerprint() throws IOException {
    return other().replaceFirst("\\.[a-z]+$", "");
  }

  private String other() throws IOException {
    try (Stream<Path> files = Files.list(kept.resolve("other/.fgp/certs"))) {
      return files.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private void useFiles() throws IOException {
    test.environment.put("SECRETS_BACKEND", "gpg");
    if (!Files.exists(kept.resolve("store"))) {
      for (String name : List.of("other", "store")) {
        place(kept, name);
        run(new FakeTerminal().input(CommandTest.utf8("value")), "put", "A");
      }
    }
    copy(kept.resolve("store"), folder.resolve("store"));
    Files.copy(
        kept.resolve("store.pgp"), folder.resolve("store.pgp"), StandardCopyOption.COPY_ATTRIBUTES);
    place(folder, "store");
  }

  private void place(Path parent, String name) {
    test.environment.put("SECRETS_GPG_STORE", parent.resolve(name).toString());
    test.environment.put("SECRETS_GPG_KEY_FILE", parent.resolve(name + ".pgp").toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (!Files.isDirectory(copy)) {
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private void run(FakeTerminal terminal, String... args) {
    int code = test.runWith(terminal, args);
    assertThat(code).as(test.terminal.errText()).isZero();
  }
}
