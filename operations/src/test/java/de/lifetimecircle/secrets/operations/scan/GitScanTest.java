package de.lifetimecircle.secrets.operations.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitScanTest {
  /** Java has no file name with an umlaut in the locale POSIX, which a bare system has. */
  private static final String ODD_NAME =
      Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('ä')
          ? "ä b"
          : "a b";

  private static final int COMMITS = 2000;
  private static final String KEY =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir Path folder;
  private final FakeStore store = FakeStore.create().holding("prod/KEY", KEY);
  private final List<FoundValue> leaks = new ArrayList<>();

  private SecretScan scan(SoughtValues sought) {
    leaks.clear();
    return new SecretScan(sought, leaks::add, () -> {});
  }

  private void history(Repository repository, SecretScan.Reach reach) {
    try (SoughtValues sought = Sought.of(store)) {
      scan(sought).history(repository.folder, reach);
    }
  }

  /** Each disguise in a commit of its own, deleted in the next, among binary and endless lines. */
  private static void plant(Repository repository) {
    SplittableRandom random = new SplittableRandom(7);
    Disguise[] disguises = Disguise.values();
    int next = 0;
    while (repository.commits() < COMMITS - 2) {
      int i = repository.commits();
      if (i % 50 == 10 && next < disguises.length) {
        Disguise disguise = disguises[next++];
        byte[] shown = Disguise.around(disguise + "\n", disguise.of(KEY.getBytes(UTF_8)), "\n");
        String path = "leak/" + disguise + ".txt";
        repository.add("mallory" + i, "work", path, shown);
        repository.delete("ann", path);
      } else {
        byte[] content = new byte[i % 100 == 3 ? 200_000 : 40];
        random.nextBytes(content);
        if (i % 100 == 53) {
          content = ("one line " + i + " ").repeat(30_000).getBytes(UTF_8);
        }
        repository.add("ann", "work " + i, "src/file" + i % 97, content);
      }
    }
    repository.add("bob", "key is " + KEY, "src/last", new byte[0]);
    repository.add("ann", "end", "src/" + KEY + ".txt", "x".getBytes(UTF_8));
    assertThat(next).isEqualTo(disguises.length);
    repository.importAll();
  }

  @Test
  void findsEachDisguiseInTwoThousandCommitsAndShowsNothing() throws IOException {
    Repository repository = Repository.make(folder);
    plant(repository);
    assertThat(repository.git("rev-list", "--count", "main")).isEqualTo(String.valueOf(COMMITS));
    try (LeakProbe probe = LeakProbe.start()) {
      probe.watch("key", KEY);
      history(repository, SecretScan.Reach.REFERENCES);
      for (Disguise disguise : Disguise.values()) {
        assertThat(leaks)
            .filteredOn(leak -> leak.place().equals("leak/" + disguise + ".txt"))
            .as("%s", disguise)
            .singleElement()
            .satisfies(
                leak -> {
                  assertThat(leak.encoding()).isEqualTo(disguise.words);
                  assertThat(leak.secret()).isEqualTo("prod/KEY");
                  assertThat(leak.versions()).containsExactly("v1 (current)");
                  assertThat(leak.commit().author()).startsWith("mallory");
                  assertThat(leak.commit().date()).startsWith("2023-11-14T");
                });
      }
      assertThat(leaks)
          .extracting(FoundValue::place)
          .anyMatch(place -> place.startsWith("message of commit "))
          .anyMatch(place -> place.equals("names of files in src"));
      assertThat(leaks).hasSize(Disguise.values().length + 2);
      probe.look("leaks", leaks).assertClean();
    }
  }

  @Test
  void findsWhatNoBranchHasAnyMoreOnlyIfAsked() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("a", "1".getBytes(UTF_8)).commit("one");
    repository.file("b", KEY.getBytes(UTF_8)).commit("two");
    repository.git("reset", "-q", "--hard", "HEAD~1");
    history(repository, SecretScan.Reach.REFERENCES);
    assertThat(leaks).isEmpty();
    history(repository, SecretScan.Reach.EVERYTHING);
    assertThat(leaks)
        .singleElement()
        .satisfies(l -> assertThat(l.commit().author()).contains("Ann"));
    repository.file("b", KEY.getBytes(UTF_8));
    repository.git("add", "b");
    repository.git("stash", "-q");
    history(repository, SecretScan.Reach.REFERENCES);
    assertThat(leaks).singleElement().extracting(FoundValue::place).isEqualTo("b");
    repository.file("a", "stashed later".getBytes(UTF_8));
    repository.git("stash", "-q");
    history(repository, SecretScan.Reach.REFERENCES);
    assertThat(leaks)
        .singleElement()
        .satisfies(l -> assertThat(l.place()).isEqualTo("b"))
        .satisfies(l -> assertThat(l.commit().author()).contains("Ann"));
  }

  private List<UnscannedPart> everything(Path path) {
    try (SoughtValues sought = Sought.of(store)) {
      SecretScan scan = scan(sought);
      scan.filesAndHistories(path, SecretScan.Reach.REFERENCES);
      return scan.unseen();
    }
  }

  /** A service with a submodule, a clone that it ignores and a bare one. */
  private Repository nested() throws IOException {
    Repository lib = Repository.make(folder.resolve("lib"));
    lib.file("old.env", KEY.getBytes(UTF_8)).commit("one");
    lib.git("rm", "-q", "old.env");
    lib.file("new.env", "1".getBytes(UTF_8)).commit("two");
    Repository service = Repository.make(folder.resolve("service"));
    String from = lib.folder.toString();
    service.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", from, "vendor/lib");
    service.commit("one");
    service.git("clone", "-q", from, "ignored/clone");
    service.git("clone", "-q", "--bare", from, "mirror.git");
    return service;
  }

  @Test
  void looksIntoTheHistoriesOfSubmodulesAndClonesWithin() throws IOException {
    Path service = nested().folder;
    List<String> places =
        List.of(
            service + "/.git/modules/vendor/lib: old.env",
            service + "/ignored/clone: old.env",
            service + "/mirror.git: old.env");
    assertThat(everything(service)).isEmpty();
    assertThat(leaks).extracting(FoundValue::place).containsExactlyElementsOf(places);
    assertThat(leaks)
        .allSatisfy(l -> assertThat(l.commit().paths()).containsExactly(l.place()))
        .allSatisfy(l -> assertThat(l.commit().author()).contains("Ann"));
    // Another branch may not have the submodule; what git keeps of it stays, and leads nowhere.
    Files.delete(service.resolve("vendor/lib/.git"));
    Files.delete(service.resolve("vendor/lib/new.env"));
    Files.delete(service.resolve("vendor/lib"));
    assertThat(everything(service)).isEmpty();
    assertThat(leaks).extracting(FoundValue::place).containsExactlyElementsOf(places);
    assertThat(everything(folder.resolve("service/ignored"))).isEmpty();
    assertThat(leaks).extracting(FoundValue::place).containsExactly(places.get(1));
    Path linked = Repository.make(folder.resolve("linked")).folder;
    Path link = Files.createDirectory(linked.resolve("lib")).resolve(".git");
    Files.createSymbolicLink(link, folder.resolve("lib/.git"));
    assertThat(everything(linked))
        .extracting(UnscannedPart::place)
        .containsExactly(link.toString());
    assertThat(leaks).extracting(FoundValue::place).containsExactly(linked + "/lib: old.env");
  }

  @Test
  void aRepositoryWithinThatCannotBeReadIsToldAndShowsNoValue() throws IOException {
    Repository service = Repository.make(folder);
    service.file("a", KEY.getBytes(UTF_8)).commit("one");
    Path broken = Files.createDirectories(folder.resolve("of " + KEY + "/.git"));
    Files.createDirectory(broken.resolve("refs"));
    Files.createDirectory(broken.resolve("objects"));
    Files.writeString(broken.resolve("HEAD"), "nothing");
    service.file("module/.git", "gitdir: ../nowhere".getBytes(UTF_8));
    try (LeakProbe probe = LeakProbe.start()) {
      probe.watch("key", KEY);
      List<UnscannedPart> unseen = everything(folder);
      assertThat(unseen)
          .extracting(UnscannedPart::weight)
          .containsOnly(UnscannedPart.Weight.PROBLEM)
          .hasSize(2);
      assertThat(unseen)
          .extracting(UnscannedPart::place)
          .containsExactly(folder + "/module", "(a name that holds the value)");
      assertThat(unseen.get(0).reason()).contains("not a git repository");
      assertThat(leaks).extracting(FoundValue::place).contains("a", folder + "/a");
      probe.look("unseen", unseen).look("leaks", leaks).assertClean();
    }
  }

  @Test
  void findsWhatTagsNotesMergesAndPackedFilesHold() throws IOException {
    Repository repository = Repository.make(folder);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(("line\n" + KEY).getBytes(UTF_8));
    }
    repository.file("log/app.log.gz", packed.toByteArray()).commit("log");
    repository.git("tag", "-a", "v1", "-m", "built with " + KEY);
    repository.git("notes", "add", "-m", "see " + KEY);
    repository.git("checkout", "-q", "-b", "side");
    repository.file("s", "s".getBytes(UTF_8)).commit("side");
    repository.git("checkout", "-q", "main");
    repository.file("m", "m".getBytes(UTF_8)).commit("main");
    repository.git("merge", "-q", "--no-commit", "side");
    repository.file("only in the merge", KEY.getBytes(UTF_8)).commit("merge");
    history(repository, SecretScan.Reach.REFERENCES);
    assertThat(leaks)
        .extracting(FoundValue::place)
        .contains("log/app.log.gz", "tag v1", "only in the merge")
        .hasSize(4);
    assertThat(leaks)
        .filteredOn(l -> l.place().startsWith("only"))
        .allMatch(l -> !l.commit().author().isEmpty());
  }

  @Test
  void tellsAllPathsOfABlobAndItsFirstCommit() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("a", KEY.getBytes(UTF_8)).commit("one");
    String first = repository.git("rev-parse", "HEAD");
    repository.file("dir/copy of a", KEY.getBytes(UTF_8)).commit("two");
    history(repository, SecretScan.Reach.REFERENCES);
    assertThat(leaks)
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.commit().paths()).containsExactlyInAnyOrder("a", "dir/copy of a");
              assertThat(leak.commit().id()).isEqualTo(first);
            });
  }

  private void damage(Repository repository, String object) throws IOException {
    String id = repository.git("rev-parse", object);
    Path file = folder.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
    Files.delete(file);
    Files.write(file, new byte[] {1, 2, 3});
  }

  @Test
  void aDamagedFileIsToldAndADamagedCommitIsAnError() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("a", KEY.getBytes(UTF_8)).commit("one");
    repository.file("b", "other".repeat(100).getBytes(UTF_8)).commit("two");
    damage(repository, "HEAD:b");
    try (SoughtValues sought = Sought.of(store)) {
      SecretScan scan = scan(sought);
      scan.history(folder, SecretScan.Reach.REFERENCES);
      assertThat(scan.unseen())
          .singleElement()
          .satisfies(u -> assertThat(u.weight()).isEqualTo(UnscannedPart.Weight.PROBLEM))
          .satisfies(u -> assertThat(u.reason()).contains("git fsck"));
    }
    assertThat(leaks).hasSize(1);
    damage(repository, "HEAD~1");
    assertThatThrownBy(() -> history(repository, SecretScan.Reach.REFERENCES))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CORRUPT))
        .hasMessageContaining("git says");
  }

  private List<UnscannedPart> unseen(Path clone, SecretScan.Reach reach) {
    try (SoughtValues sought = Sought.of(store)) {
      SecretScan scan = scan(sought);
      scan.history(clone, reach);
      return scan.unseen();
    }
  }

  @Test
  void tellsWhatAPartialCloneLacksAndReadsTheRest() throws IOException {
    Repository origin = Repository.make(folder.resolve("origin"));
    origin.git("config", "uploadpack.allowFilter", "true");
    origin.file("a", KEY.getBytes(UTF_8)).file("b", "2".getBytes(UTF_8)).commit("has " + KEY);
    String url = "file://" + origin.folder;
    origin.git("clone", "-q", "--no-checkout", "--filter=blob:none", url, "../partial");
    Repository partial = Repository.at(folder.resolve("partial"));
    for (SecretScan.Reach reach : SecretScan.Reach.values()) {
      assertThat(unseen(partial.folder, reach))
          .containsExactly(
              new UnscannedPart(
                  "the history",
                  UnscannedPart.Weight.PROBLEM,
                  "2 objects are not in this partial clone: git fetch --refetch --no-filter"));
      assertThat(leaks).singleElement().asString().contains("message of commit", "Ann");
    }
    partial.git("fetch", "-q", "--refetch", "--no-filter");
    assertThat(unseen(partial.folder, SecretScan.Reach.REFERENCES)).isEmpty();
    assertThat(leaks).extracting(FoundValue::place).contains("a").hasSize(2);
  }

  @Test
  void aCloneWithoutTreesSaysWhatToFetchAndKeepsItsFinds() throws IOException {
    Repository origin = Repository.make(folder.resolve("origin"));
    origin.git("config", "uploadpack.allowFilter", "true");
    origin.file("a", "1".getBytes(UTF_8)).commit("has " + KEY);
    String url = "file://" + origin.folder;
    origin.git("clone", "-q", "--no-checkout", "--filter=tree:0", url, "../partial");
    assertThatThrownBy(() -> unseen(folder.resolve("partial"), SecretScan.Reach.REFERENCES))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("git says: fatal: ")
        .hasMessageContaining("git fetch --refetch --no-filter");
    assertThat(leaks).singleElement().asString().contains("message of commit");
  }

  @Test
  void aMissingObjectIsToldAndTheRestIsRead() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("a", "1".getBytes(UTF_8)).file("b", KEY.getBytes(UTF_8)).commit("one");
    String id = repository.git("rev-parse", "HEAD:a");
    Files.delete(folder.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2)));
    assertThat(unseen(folder, SecretScan.Reach.REFERENCES))
        .extracting(UnscannedPart::place, UnscannedPart::weight)
        .containsExactly(tuple("object " + id, UnscannedPart.Weight.PROBLEM));
    assertThat(leaks).extracting(FoundValue::place).containsExactly("b");
  }

  @Test
  void aFolderThatIsNoRepositoryIsAnError() {
    assertThatThrownBy(() -> history(Repository.at(folder), SecretScan.Reach.REFERENCES))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("not a git repository");
  }

  @Test
  void looksOnlyIntoWhatIsAboutToBeCommitted() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("old", KEY.getBytes(UTF_8));
    repository.file(ODD_NAME, "1".getBytes(UTF_8)).commit("one");
    try (SoughtValues sought = Sought.of(store)) {
      scan(sought).staged(folder);
      assertThat(leaks).isEmpty();
      repository.file(ODD_NAME, Disguise.HEX.of(KEY.getBytes(UTF_8)));
      repository.file("unstaged", KEY.getBytes(UTF_8));
      repository.git("add", ODD_NAME);
      repository.file(ODD_NAME, "changed after".getBytes(UTF_8));
      scan(sought).staged(folder.resolve(ODD_NAME));
      assertThat(leaks)
          .singleElement()
          .extracting(FoundValue::place, FoundValue::encoding)
          .containsExactly(ODD_NAME, "hex");
      repository.git("rm", "-q", "--cached", "-f", ODD_NAME, "old");
      scan(sought).staged(folder);
      assertThat(leaks).isEmpty();
    }
  }

  @Test
  void looksBesideAFolderEvenIfGitIsToldToShowItAlone() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("beside", KEY.getBytes(UTF_8)).file("sub/empty", new byte[0]);
    repository.git("add", "-A");
    repository.git("config", "diff.relative", "true");
    try (SoughtValues sought = Sought.of(store)) {
      scan(sought).staged(folder.resolve("sub"));
    }
    assertThat(leaks).extracting(FoundValue::place).containsExactly("beside");
  }

  @Test
  void looksIntoTheFirstCommitOfAll() throws IOException {
    Repository repository = Repository.make(folder);
    for (int i = 0; i < 300; i++) {
      String text = i % 100 == 7 ? KEY : "nothing ".repeat(i);
      repository.file(String.format(Locale.ROOT, "f%03d", i), text.getBytes(UTF_8));
    }
    repository.git("add", "-A");
    try (SoughtValues sought = Sought.of(store)) {
      scan(sought).staged(folder);
    }
    assertThat(leaks).extracting(FoundValue::place).containsExactly("f007", "f107", "f207");
  }

  @Test
  void installsAHookAndRefusesToReplaceAnothers() throws IOException {
    Repository repository = Repository.make(folder);
    Path hook = CommitHook.install(folder, List.of("scan", "--staged", "--inventory", "it's.yaml"));
    assertThat(hook).isExecutable().hasFileName("pre-commit");
    assertThat(Files.readString(hook))
        .contains("exec secrets scan --staged --inventory 'it'\\''s.yaml'");
    CommitHook.install(folder, List.of("scan", "--staged"));
    assertThat(Files.readString(hook)).contains("exec secrets scan --staged\n");
    Files.writeString(hook, "#!/bin/sh\nexit 0\n");
    assertThatThrownBy(() -> CommitHook.install(folder, List.of("scan", "--staged")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("secrets scan --staged || exit 1");
    assertThat(Files.readString(hook)).isEqualTo("#!/bin/sh\nexit 0\n");
    repository.git("config", "core.hooksPath", "own-hooks");
    assertThat(CommitHook.install(folder, List.of("scan")))
        .hasToString(folder.resolve("own-hooks/pre-commit").toString());
    try (Stream<Path> left = Files.list(folder.resolve("own-hooks"))) {
      assertThat(left).hasSize(1);
    }
  }
}
