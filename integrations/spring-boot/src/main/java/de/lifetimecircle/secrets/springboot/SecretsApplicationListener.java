package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Gives the lazy source its settings once the environment is complete, and closes the provider with
 * the context or after a start that failed.
 */
final class SecretsApplicationListener implements SmartApplicationListener {
  @Override
  public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
    return ApplicationEnvironmentPreparedEvent.class.isAssignableFrom(type)
        || ApplicationPreparedEvent.class.isAssignableFrom(type)
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
      SecretsPropertySource.in(environment).ifPresent(s -> s.getSource().bind(environment));
    } else if (event instanceof ApplicationPreparedEvent prepared) {
      ConfigurableApplicationContext context = prepared.getApplicationContext();
      SecretsPropertySource.in(context.getEnvironment())
          .ifPresent(source -> prepare(context, source.getSource()));
    } else if (event instanceof ApplicationFailedEvent failed) {
      @Nullable ConfigurableApplicationContext context = failed.getApplicationContext();
      if (context != null) {
        SecretsPropertySource.in(context.getEnvironment()).ifPresent(s -> s.getSource().close());
      }
    }
  }

  private static void prepare(ConfigurableApplicationContext context, PropertyReads reads) {
    // A test slice leaves the auto-configuration out.
    atClose(context.getBeanFactory(), PropertyReads.class.getName(), reads::close);
  }

  /** Spring destroys the first registered bean last, so this runs after the beans made from now. */
  static void atClose(ConfigurableListableBeanFactory beans, String name, DisposableBean last) {
    if (beans instanceof DefaultSingletonBeanRegistry singletons) {
      singletons.registerDisposableBean(name, last);
    }
  }
}
