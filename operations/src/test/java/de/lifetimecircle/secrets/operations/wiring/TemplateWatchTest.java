package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateWatchTest {
  @TempDir private Path folder;

  private final FakeStore store = FakeStore.create().holding("A", "one");

  /** The first command can take minutes, and the provider refreshes meanwhile. */
  @Test
  void aRotationThatTheCacheTookBeforeTheWatchIsNotMissed() throws InterruptedException {
    Path target = folder.resolve("app.conf");
    RenderedFile file = new RenderedFile(target, FileAccess.of(null, null), null);
    TemplateSecrets secrets =
        TemplateSecrets.of(
            ConfigTemplate.parse("a = {{ A }}\n"),
            name -> new ResolvedName(name, Optional.empty(), Optional.empty()),
            TemplateSecrets.Others.NAMES_OF_THE_STORE);
    BlockingQueue<String> notes = new LinkedBlockingQueue<>();
    try (SecretProvider provider =
        SecretProvider.builder().store(store.secondClient()).environment(Map.of()).build()) {
      file.update(secrets.render(provider));
      try (SecretValue value = SecretValue.of("two")) {
        store.secondClient().put(PutRequest.always("A", value));
      }
      provider.refresh("A");
      TemplateWatch watch = new TemplateWatch(secrets, file, ReactionDelay.USUAL, notes::add);
      Thread watching =
          new Thread(
              () -> {
                try {
                  watch.run(provider);
                } catch (InterruptedException e) {
                  notes.add("ended");
                }
              });
      watching.start();
      assertThat(notes.poll(20, TimeUnit.SECONDS)).contains("up to date again");
      assertThat(target).hasContent("a = two");
      watching.interrupt();
      assertThat(notes.poll(20, TimeUnit.SECONDS)).isEqualTo("ended");
    }
  }
}
