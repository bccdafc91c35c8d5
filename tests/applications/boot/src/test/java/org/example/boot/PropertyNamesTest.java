package org.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.spi.Json;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The property names in "Coming from Spring Cloud AWS, Vault or Azure" of docs/from-spring-cloud.md, and the
 * metadata in the jars of these projects and of our starter.
 */
@Tag("full")
@Tag("peers")
class PropertyNamesTest {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final Pattern NAME =
      Pattern.compile("`((spring\\.cloud|secrets)\\.[a-z][^`=]*)(=[^`]*)?`");

  /** The metadata has the list of property sources; its elements are objects of this class. */
  private static final String ELEMENT =
      "com/azure/spring/cloud/autoconfigure/implementation/keyvault/secrets/properties/"
          + "AzureKeyVaultPropertySourceProperties.class";

  @Test
  void eachNameOnThePageIsKnown() throws Exception {
    Set<String> known = new TreeSet<>();
    List<URL> sources = new ArrayList<>(Collections.list(getClass().getClassLoader().getResources(METADATA)));
    sources.add(
        Pages.ROOT.resolve("integrations/spring-boot/src/main/resources").resolve(METADATA).toUri().toURL());
    assertThat(sources).hasSizeGreaterThanOrEqualTo(4);
    for (URL source : sources) {
      Map<?, ?> metadata = (Map<?, ?>) Json.parse(new String(read(source), StandardCharsets.UTF_8));
      ((List<?>) metadata.get("properties")).forEach(each -> known.add("" + ((Map<?, ?>) each).get("name")));
    }
    String element = new String(read(getClass().getClassLoader().getResource(ELEMENT)), StandardCharsets.ISO_8859_1);
    String page = Files.readString(Pages.ROOT.resolve("docs/from-spring-cloud.md"));
    Matcher names = NAME.matcher(page);
    Set<String> compared = new TreeSet<>();
    while (names.find()) {
      String name = names.group(1);
      if (!name.equals("secrets.properties")) {
        compared.add(name);
        assertThat(known).as(name).anyMatch(each -> isMeant(name, each, element));
      }
    }
    assertThat(compared).hasSizeGreaterThan(50);
    Figures.add(compared.size() + " property names of docs/from-spring-cloud.md compared with the jars");
  }

  private static boolean isMeant(String name, String known, String element) {
    if (name.endsWith(".*")) {
      return known.startsWith(name.substring(0, name.length() - 1));
    }
    int index = name.indexOf("[0].");
    return index < 0
        ? known.equals(name)
        : known.equals(name.substring(0, index)) && element.contains(setter(name.substring(index + 4)));
  }

  private static String setter(String property) {
    return "set" + Pattern.compile("(?:^|-)([a-z])").matcher(property).replaceAll(m -> m.group(1).toUpperCase());
  }

  private static byte[] read(URL source) throws java.io.IOException {
    try (InputStream in = source.openStream()) {
      return in.readAllBytes();
    }
  }
}
