package de.lifetimecircle.secrets.gpg.index;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.store.FastTempDir;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index takes from the disk, and what it removes there. */
class StoreIndexTest {
  @TempDir(factory = FastTempDir.class)
  private Path home;

  private TestStore on;
  private DurableFiles files;
  private PgpIdentity identity;
  private StoreTrust trust;
  private StoreIndex index;

  @BeforeEach
  void open() throws Exception {
    on = new TestStore(home);
    write("a", "one");
    GpgConfig config = GpgConfig.of(on.config());
    identity = config.keySource().load();
    files = new DurableFiles(on.folder.toRealPath(), CrashHook.NONE);
    trust = new StoreTrust(identity, config, files);
    index = new StoreIndex(files, trust, new RollbackGuard(Optional.empty()));
  }

  @AfterEach
  void close() {
    identity.close();
  }

  private void write(String name, String value) {
    try (GpgStore store = on.open()) {
      put(store, name, value);
    }
  }

  @Test
  void aWriteOfOthersIsSeenAtOnce() throws Exception {
    IndexRoot before = index.load();
    assertThat(index.load()).isSameAs(before);
    write("b", "two");
    IndexRoot after = index.load();
    assertThat(after.generation()).isEqualTo(before.generation() + 1);
    assertThat(index.all(after)).containsOnlyKeys("a", "b");
    assertThat(index.entry(after, "b")).isPresent();
    assertThat(index.entry(after, "c")).isEmpty();
  }

  @Test
  void anOlderOneIsRefusedOnceANewerWasRead() throws Exception {
    byte[] older = on.bytes(StoreLayout.INDEX);
    write("b", "two");
    IndexRoot newer = index.load();
    on.write(StoreLayout.INDEX, older);
    assertThatThrownBy(index::load)
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("is older than one seen before");
    assertThat(newer.generation()).isGreaterThan(1);
  }

  @Test
  void whatWasPublishedCountsAsSeen() throws Exception {
    byte[] older = on.bytes(StoreLayout.INDEX);
    IndexRoot root = index.load();
    IndexRoot next = root.settled();
    StoreTransaction transaction = new StoreTransaction(files, "");
    StoreIndex.Staged staged = index.stage(transaction, next);
    transaction.run();
    assertThat(index.published(staged)).isEqualTo(next);
    assertThat(index.load()).isSameAs(next);
    on.write(StoreLayout.INDEX, older);
    assertThatThrownBy(index::load).isInstanceOf(StoreFailure.class);
  }

  /** A writer that was cut off can have left one; the same content needs no evidence. */
  @Test
  void aBucketThatIsInTheWayIsKeptAside() throws Exception {
    String file = StoreLayout.bucket("0a", 99);
    byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
    on.write(file, bytes);
    index.stageBucket(new StoreTransaction(files, ""), file, bytes);
    assertThat(on.files()).contains(file);
    index.stageBucket(new StoreTransaction(files, ""), file, new byte[] {1});
    assertThat(on.files())
        .doesNotContain(file)
        .anyMatch(left -> left.startsWith(".fgp/aside/index/0a-99.json."));
  }

  /** A bucket stays for 256 generations after the one that replaced it. */
  @Test
  void bucketsOfLongAgoAreRemovedNowAndThen() throws Exception {
    for (String file : List.of("0a-1", "0a-300", "0a-384", "0a-385", "0a-600", "0b-5", "0c-6")) {
      on.write(StoreLayout.BUCKETS + "/" + file + ".json", new byte[] {1});
    }
    on.write(StoreLayout.BUCKETS + "/notes", new byte[] {1});
    TreeMap<String, IndexRoot.Bucket> buckets = new TreeMap<>();
    buckets.put("0a", new IndexRoot.Bucket(600, "x"));
    buckets.put("0b", new IndexRoot.Bucket(5, "x"));
    assertThat(after(639, buckets)).contains("0a-1.json", "0a-300.json");
    assertThat(after(640, buckets))
        .contains("0a-384.json", "0a-385.json", "0a-600.json", "0b-5.json", "0c-6.json", "notes")
        .doesNotContain("0a-1.json", "0a-300.json");
  }

  private List<String> after(long generation, SortedMap<String, IndexRoot.Bucket> buckets)
      throws Exception {
    IndexRoot root =
        new IndexRoot(index.load().storeId(), generation, 1, false, "", List.of(), buckets);
    StoreIndex writing = new StoreIndex(files, trust, new RollbackGuard(Optional.empty()));
    assertThat(writing.published(new StoreIndex.Staged(root, root.toBytes()))).isEqualTo(root);
    return names();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(on.file(StoreLayout.BUCKETS))) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }
}
