package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir Path folder;

  private static Map<String, String> files(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("a/attach.sh", "#!/bin/sh\n");
    files.put("b.json", text);
    return files;
  }

  @Test
  void writesOnceAndReplacesOnlyIfAllowed() throws IOException {
    Path out = folder.resolve("new/out");
    assertThat(OutputFolder.write(out, files("{}"), PrivateFile.Existing.REFUSED))
        .containsExactly("a/attach.sh", "b.json");
    assertThat(out.resolve("a/attach.sh")).isExecutable();
    assertThat(OutputFolder.write(out, files("{}"), PrivateFile.Existing.REFUSED)).isEmpty();
    Files.delete(out.resolve("a/attach.sh"));
    assertThatThrownBy(() -> OutputFolder.write(out, files("[]"), PrivateFile.Existing.REFUSED))
        .hasMessageContaining("other files are there: b.json")
        .hasMessageContaining("--replace");
    // All or nothing: the file that was missing is still missing.
    assertThat(out.resolve("a/attach.sh")).doesNotExist();
    assertThat(out.resolve("b.json")).hasContent("{}");
    assertThat(OutputFolder.write(out, files("[]"), PrivateFile.Existing.REPLACED))
        .containsExactly("a/attach.sh", "b.json");
    assertThat(out.resolve("b.json")).hasContent("[]");
  }
}
