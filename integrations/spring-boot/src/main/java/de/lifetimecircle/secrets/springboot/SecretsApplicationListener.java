package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Gives the lazy source its settings once the environment is complete, closes the provider with the
 * context or after a start that failed, and has the properties examined after one that succeeded.
 */
final class SecretsApplicationListener implements SmartApplicationListener {
  /**
   * For a start that fails before it has a context; Boot makes one listener for each application.
   */
  private volatile @Nullable PropertyReads ofEnvironment;

  @Override
  public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
    return ApplicationEnvironmentPreparedEvent.class.isAssignableFrom(type)
        || ApplicationPreparedEvent.class.isAssignableFrom(type)
        || ApplicationStartedEvent.class.isAssignableFrom(type)
        || ApplicationFailedEvent.class.isAssignableFrom(type);
  }

  /** Right after Boot has read its configuration, before the logging system asks for its own. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 11;
  }

  @Override
  public void onApplicationEvent(ApplicationEvent event) {
    if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
      ConfigurableEnvironment environment = prepared.getEnvironment();
      SecretsPropertySource.in(environment)
          .map(SecretsPropertySource::getSource)
          .ifPresent(
              reads -> {
                reads.bind(environment);
                ofEnvironment = reads;
              });
    } else if (event instanceof ApplicationPreparedEvent prepared) {
      ConfigurableApplicationContext context = prepared.getApplicationContext();
      // A test slice leaves the auto-configuration out.
      SecretsPropertySource.in(context.getEnvironment())
          .ifPresent(source -> closeWith(context, source.getSource()));
    } else if (event instanceof ApplicationStartedEvent started) {
      // Not earlier: a class may add properties until its context is made.
      ConfigurableEnvironment environment = started.getApplicationContext().getEnvironment();
      SecretsPropertySource.in(environment)
          .ifPresent(source -> UnfollowedRotations.warn(environment, source.getSource()));
    } else if (event instanceof ApplicationFailedEvent failed) {
      closeAfter(failed.getApplicationContext());
    }
  }

  private void closeAfter(@Nullable ConfigurableApplicationContext failed) {
    PropertyReads early = ofEnvironment;
    if (failed != null) {
      SecretsPropertySource.in(failed.getEnvironment())
          .map(SecretsPropertySource::getSource)
          .filter(reads -> reads.belongTo(failed))
          .ifPresent(PropertyReads::close);
    } else if (early != null) {
      early.close();
    }
  }

  /** Closes the reads with the context, unless they belong to one above it. */
  static void closeWith(ConfigurableApplicationContext context, PropertyReads reads) {
    if (reads.belongTo(context)) {
      atClose(context.getBeanFactory(), PropertyReads.class.getName(), reads::close);
    }
  }

  /** Spring destroys the first registered bean last, so this runs after the beans made from now. */
  static void atClose(ConfigurableListableBeanFactory beans, String name, DisposableBean last) {
    if (beans instanceof DefaultSingletonBeanRegistry singletons) {
      singletons.registerDisposableBean(name, last);
    }
  }
}
