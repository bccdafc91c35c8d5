package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/** Starts real applications without a web server, on a store in memory. */
final class Applications {
  static final String IMPORT = "spring.config.import=secrets:";
  static final String OPTIONAL = "spring.config.import=optional:secrets:";

  private Applications() {}

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    SecretsAutoConfiguration.class
  })
  static class Empty {}

  static ConfigurableApplicationContext start(SecretStore store, String... properties) {
    return start(Empty.class, store, properties);
  }

  static ConfigurableApplicationContext start(
      Class<?> beans, SecretStore store, String... properties) {
    return start(Applications.class.getClassLoader(), beans, store, properties);
  }

  /** Starts one whose environment is changed before it is refreshed. */
  static ConfigurableApplicationContext start(
      Class<?> beans,
      SecretStore store,
      Consumer<ConfigurableEnvironment> change,
      String... properties) {
    return start(Applications.class.getClassLoader(), beans, store, change, properties);
  }

  static ConfigurableApplicationContext start(
      ClassLoader classPath, Class<?> beans, SecretStore store, String... properties) {
    return start(classPath, beans, store, environment -> {}, properties);
  }

  private static ConfigurableApplicationContext start(
      ClassLoader classPath,
      Class<?> beans,
      SecretStore store,
      Consumer<ConfigurableEnvironment> change,
      String... properties) {
    SpringApplication application =
        new SpringApplication(new DefaultResourceLoader(classPath), Empty.class, beans);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.addInitializers(context -> change.accept(context.getEnvironment()));
    if (store != null) {
      application.addInitializers(
          context -> new TestStoreCustomizer(store).customizeContext(context, null));
    }
    return application.run(
        Stream.concat(Stream.of("logging.level.root=info"), Arrays.stream(properties))
            .map(property -> "--" + property)
            .toArray(String[]::new));
  }

  /** Waits until something happened, at most 20 seconds. */
  static void await(BooleanSupplier happened) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not happen within 20 seconds");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
