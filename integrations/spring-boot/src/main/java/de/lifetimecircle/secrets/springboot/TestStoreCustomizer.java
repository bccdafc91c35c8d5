package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.spi.SecretStore;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Makes the context read the store of the test. Two are equal if they have the same store, so that
 * test classes with different stores share no context.
 *
 * @param store the store
 */
record TestStoreCustomizer(SecretStore store) implements ContextCustomizer {
  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    ConfigurableEnvironment environment = context.getEnvironment();
    if (SecretsPropertySource.in(environment).isEmpty()) {
      environment
          .getPropertySources()
          .addLast(new SecretsPropertySource(new PropertyReads(PropertyReads.OnOutage.FAIL)));
    }
    SecretsPropertySource.in(environment)
        .map(SecretsPropertySource::getSource)
        .ifPresent(
            reads -> {
              reads.bind(environment);
              reads.use(store);
            });
  }
}
