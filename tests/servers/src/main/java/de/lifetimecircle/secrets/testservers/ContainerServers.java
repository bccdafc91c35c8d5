package de.lifetimecircle.secrets.testservers;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** Servers in containers, through a Docker API and Testcontainers. Stateless. */
final class ContainerServers {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ContainerServers() {}

  /** How a container is to start. */
  static final class Setup {
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private List<String> command = List.of();
    private WaitStrategy ready = Wait.forListeningPort();

    Setup file(String path, String content) {
      files.put(path, content);
      return this;
    }

    Setup environment(Map<String, String> more) {
      environment.putAll(more);
      return this;
    }

    /** Waits for that text in its output. */
    Setup ready(String text) {
      ready = Wait.forLogMessage(".*" + text + ".*", 1);
      return this;
    }

    Setup command(List<String> arguments) {
      command = arguments;
      return this;
    }
  }

  /** A container that runs. */
  static final class Running implements AutoCloseable {
    private final GenericContainer<?> container;
    private final int port;

    private Running(GenericContainer<?> container, int port) {
      this.container = container;
      this.port = port;
    }

    URI uri(String scheme) {
      return URI.create(scheme + "://" + container.getHost() + ":" + container.getMappedPort(port));
    }

    void copy(String from, Path to) {
      container.copyFileFromContainer(from, to.toString());
    }

    @Override
    public void close() {
      container.stop();
    }
  }

  /** Whether a Docker API answers and can give the image. */
  static boolean isAvailable(String image) {
    if (!isOnTheClassPath() || !DockerClientFactory.instance().isDockerAvailable()) {
      return false;
    }
    return Images.has(image);
  }

  /** Testcontainers is an optional dependency: projects that want containers add it. */
  private static boolean isOnTheClassPath() {
    return ContainerServers.class
            .getClassLoader()
            .getResource("org/testcontainers/DockerClientFactory.class")
        != null;
  }

  /**
   * A separate class, because the verifier loads the exceptions that a class catches: without
   * Testcontainers, the outer class could not even report that it is missing.
   */
  private static final class Images {
    private Images() {}

    static boolean has(String image) {
      try {
        DockerClientFactory.instance().client().inspectImageCmd(image).exec();
        return true;
      } catch (com.github.dockerjava.api.exception.NotFoundException e) {
        return pulls(image);
      }
    }

    private static boolean pulls(String image) {
      try {
        return DockerClientFactory.instance()
            .client()
            .pullImageCmd(image)
            .start()
            .awaitCompletion(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
      } catch (com.github.dockerjava.api.exception.DockerException e) {
        return false; // No registry can be reached: the local program takes its place.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** Starts a container; empty where none can be started at all. */
  static Optional<Running> start(String image, int port, Consumer<Setup> how) {
    if (!isAvailable(image)) {
      return Optional.empty();
    }
    Setup setup = new Setup();
    how.accept(setup);
    @SuppressWarnings("resource") // Closed by the one who asked for it.
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withExposedPorts(port)
            .withEnv(setup.environment)
            .waitingFor(setup.ready.withStartupTimeout(PATIENCE));
    setup.files.forEach(
        (path, content) -> container.withCopyToContainer(Transferable.of(content), path));
    if (!setup.command.isEmpty()) {
      container.withCommand(setup.command.toArray(String[]::new));
    }
    container.start();
    return Optional.of(new Running(container, port));
  }
}
