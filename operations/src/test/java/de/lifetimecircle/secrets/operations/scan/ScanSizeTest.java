package de.lifetimecircle.secrets.operations.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanSizeTest {
  @TempDir Path folder;

  @Test
  void countsFilesAndWhatGitKeepsButNoFileTwice() throws IOException {
    Repository repository = Repository.make(folder.resolve("here"));
    Files.createSymbolicLink(folder.resolve("here/link"), folder.resolve("none"));
    long before = ScanSize.files(folder);
    repository.file("a/one", "1".getBytes(StandardCharsets.UTF_8));
    repository.git("add", ".");
    repository.git("commit", "-q", "-m", "one");
    long objects = ScanSize.objects(repository.folder);
    assertThat(objects).isBetween(4L, 6L); // a commit, two trees, a file, the link
    // The file itself, and what git writes beside its objects: index, message, reference, logs.
    assertThat(ScanSize.files(folder) - before).isBetween(2L, 8L);
    assertThat(ScanSize.files(folder.resolve("here/a"))).isEqualTo(1);
  }

  @Test
  void countsNothingWhereTheScanWillFail() {
    assertThat(ScanSize.files(folder.resolve("none"))).isZero();
    assertThat(ScanSize.objects(folder)).isZero();
  }
}
