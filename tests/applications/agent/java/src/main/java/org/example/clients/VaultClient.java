package org.example.clients;

import java.io.IOException;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.vault.config.VaultProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.vault.VaultException;
import org.springframework.vault.core.VaultKeyValueOperations;
import org.springframework.vault.core.VaultKeyValueOperationsSupport.KeyValueBackend;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.VaultResponse;

/**
 * A Spring Boot application that imports a secret by Spring Cloud Vault. After a rotation it starts
 * again, since an imported property stays as it was; its template asks for the other names.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
public class VaultClient {
  public static void main(String[] arguments) throws IOException {
    try (ConfigurableApplicationContext context = start()) {
      System.out.println("version " + version());
      System.out.println("value " + context.getEnvironment().getProperty("value"));
    }
    System.in.read();
    try (ConfigurableApplicationContext context = start()) {
      System.out.println("value " + context.getEnvironment().getProperty("value"));
      VaultKeyValueOperations secrets =
          context.getBean(VaultTemplate.class).opsForKeyValue("secret", KeyValueBackend.KV_2);
      System.out.println("absent " + code(secrets, "prod/ABSENT"));
      System.out.println("denied " + code(secrets, "prod/HIDDEN"));
    }
  }

  private static ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(VaultClient.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .run(
            "--spring.config.import=vault://secret/prod/APP_KEY",
            "--spring.cloud.vault.uri=" + System.getenv("VAULT_ADDR"),
            "--spring.cloud.vault.token=" + System.getenv("VAULT_TOKEN"),
            "--spring.main.banner-mode=off");
  }

  private static String code(VaultKeyValueOperations secrets, String path) {
    try {
      VaultResponse answer = secrets.get(path);
      return answer == null ? "not-found" : String.valueOf(answer.getRequiredData().get("value"));
    } catch (VaultException e) {
      return String.valueOf(e.getMessage()).contains("403") ? "access-denied" : e.getMessage();
    }
  }

  private static String version() {
    return VaultProperties.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .getPath()
        .replaceAll(".*config-|\\.jar$", "");
  }
}
