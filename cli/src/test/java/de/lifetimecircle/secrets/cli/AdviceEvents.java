package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** What happens while the program asks. */
  private String meanwhile = "";

  AdviceEvents(AdviceTest test, Path folder, Path kept) {
    this.test = test;
    this.folder = folder;
    this.kept = kept;
  }

  /** Lets an event happen; returns whether the line names one. */
  boolean happens(String line) throws IOException {
    if (line.startsWith("meanwhile ")) {
      meanwhile = line.substring("meanwhile ".length());
      return true;
    }
    return inMemory(line)
        || ofAnotherStore(line)
        || inInventory(line)
        || inOtherSections(line)
        || inFolder(line)
        || inJournals(line)
        || inFiles(line);
  }

  /** Returns a person who says yes, supplies a value, and says yes. */
  FakeTerminal person() {
    return new FakeTerminal() {
      @Override
      public Optional<String> ask(String question) {
        try {
          String once = meanwhile;
          meanwhile = "";
          boolean unused = once.isEmpty() || happens(once);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return super.ask(question);
      }
    }.person("y", "new.example", "new.example", "y");
  }

  /** Returns the text of a file, or of the first one in a folder. */
  String read(String place) throws IOException {
    Path file = folder.resolve(place);
    if (Files.isDirectory(file)) {
      try (Stream<Path> files = Files.list(file)) {
        file = files.findFirst().orElseThrow();
      }
    }
    return Files.readString(file);
  }

  /** Returns a file that configures the store of the test. */
  Path configuration() throws IOException {
    return Files.writeString(folder.resolve("fake.properties"), "backend=fake\n");
  }

  /** Returns what Vault says about an old version; no server is asked. */
  static String promotedOnVault() {
    SecretProviderBuilder builder =
        SecretProvider.builder()
            .environment(Map.of())
            .backend("vault")
            .set("vault.address", "http://127.0.0.1:1")
            .set("vault.token", "none");
    try (SecretWriter writer = builder.buildWriter()) {
      writer.promote("prod/KEY", "1");
      throw new AssertionError("Vault has no stages");
    } catch (SecretException e) {
      return String.valueOf(e.getMessage());
    }
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

  private boolean ofAnotherStore(String line) {
    FakeStore store = test.store;
    switch (line) {
      case "years ago" -> {
        FakeStore aged = FakeStore.create().clock(() -> Instant.parse("2020-01-01T00:00:00Z"));
        aged.holding("prod/KEY", AdviceTest.KEY).clock(InstantSource.system());
        test.use(
            aged.holding("prod/HOST", "old.example")
                .holding("prod/URL", "https://old.example/" + AdviceTest.KEY));
      }
      case "other url" -> store.holding("prod/URL", "https://old.example/other");
      case "a value elsewhere" -> store.holding("test/KEY", "e".repeat(64));
      case "hides one" ->
          store.always(
              FakeStore.Op.FETCH, "prod/HOST", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
      case "by option" -> {
        test.environment.remove("SECRETS_BACKEND");
        place(folder, "another-store"); // what a command without the option would use
      }
      default -> {
        return false;
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
      case "parts of people" -> {
        inventory(
            text ->
                text.replace("https://{HOST}/{KEY}", "{HOST} {MAIL}")
                    + "  MAIL: {description: mail}\n");
        test.store.holding("prod/MAIL", "old").holding("prod/URL", "old.example old");
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

  private boolean inOtherSections(String line) throws IOException {
    switch (line) {
      case "no program" -> inventory(text -> text.replaceFirst("apply: \\[sh", "apply: [./gone"));
      case "a coding agent" -> test.environment.put("CLAUDECODE", "1");
      case "a reason" -> inventory(text -> text + "audit: {reason: required}\n");
      case "odd form" -> inventory(text -> text.replaceFirst("  KEY:", "  \"K\\\\x45Y\":"));
      case "a whole night" ->
          inventory(
              text ->
                  text.replaceFirst(
                      "(?m)^  verify: .*$",
                      "  deploy: [sh, -c, 'cat > /dev/null']\n"
                          + "  invalidate-sessions: [sh, -c, 'cat > /dev/null']\n"
                          + "  verify: [sh, -c, 'cat > /dev/null; test -z \"\\$EMERGENCY_STEP\""
                          + " || exit \\$(cat night-ends)']"));
      case "facts" -> {
        inventory(text -> text.replace("description: key,", "description: key, readers: [ci],"));
        inventory(
            text ->
                text.replace(
                        "{prefix: prod/}",
                        "{prefix: prod/, aws: {region: eu-central-1, account: \"123456789012\"},"
                            + " azure: {subscription: 11111111-2222-3333-4444-555555555555,"
                            + " resource-group: ltc, vault: ltc}, vault: {mount: secret}}")
                    .replace("hooks:\n", "hooks:\n  deploy: [bash, ./deploy]\n"));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean inFolder(String line) throws IOException {
    switch (line) {
      case "git" -> git("init", "-q", folder.toString());
      case "log" -> {
        test.environment.put("SECRETS_AUDIT_LOG", folder.resolve("audit.log").toString());
        run(new FakeTerminal(), "get", "prod/KEY");
        test.environment.remove("SECRETS_AUDIT_LOG");
      }
      case "a completion" -> {
        test.environment.put("HOME", folder.toString());
        write(".local/share/bash-completion/completions/secrets");
      }
      case "papers" -> {
        write("docs/SECRETS_PROD_DECISION.md");
        write(".github/workflows/deploy-prod.yml");
      }
      case "an old policy" -> {
        inventory(
            text ->
                text.replace(
                    "{prefix: prod/}",
                    "{prefix: prod/, gpg: {folder: /srv/ltc, user: ltc, group: ltc}}"));
        write("infra/secrets/prod/rotator.sh");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void write(String place) throws IOException {
    Path file = folder.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x\n");
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
      case "age" ->
          journals(text -> summed(text.replaceFirst("\"began\":\"\\d{4}", "\"began\":\"2020")));
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

  /** Gives a journal that was changed the sum that the program would have written. */
  private static String summed(String journal) {
    String unsummed = journal.strip().replaceFirst(",\"sum\":\"[^\"]*\"}$", "}");
    return unsummed.substring(0, unsummed.length() - 1)
        + ",\"sum\":\""
        + RecordMapping.digest(unsummed)
        + "\"}\n";
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
      case "keep the ids" -> {
        for (String name : List.of(".gpg-id", ".gpg-id.sig")) {
          Files.copy(store.resolve(name), folder.resolve("kept" + name));
        }
      }
      case "earlier ids" -> {
        for (String name : List.of(".gpg-id", ".gpg-id.sig")) {
          Files.copy(
              folder.resolve("kept" + name),
              store.resolve(name),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
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
