package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Each module that a release publishes is in the bill of materials, and nothing else is. */
class BillOfMaterialsTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  private record Module(String artifact, boolean deployed) {}

  private static Element pom(Path module)
      throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document document = factory.newDocumentBuilder().parse(module.resolve("pom.xml").toFile());
    return document.getDocumentElement();
  }

  private static List<Element> children(Element parent, String... path) {
    List<Element> found = List.of(parent);
    for (String name : path) {
      List<Element> next = new ArrayList<>();
      for (Element each : found) {
        for (Node node = each.getFirstChild(); node != null; node = node.getNextSibling()) {
          if (node instanceof Element element && element.getTagName().equals(name)) {
            next.add(element);
          }
        }
      }
      found = next;
    }
    return found;
  }

  private static List<String> texts(Element parent, String... path) {
    return children(parent, path).stream().map(each -> each.getTextContent().strip()).toList();
  }

  /** The modules that hold something: neither the parent nor the bill of materials. */
  private static List<Module> modules(Path root) throws Exception {
    List<Module> modules = new ArrayList<>();
    List<String> names = new ArrayList<>(texts(pom(root), "modules", "module"));
    names.addAll(texts(pom(root), "profiles", "profile", "modules", "module"));
    for (String name : names) {
      Element pom = pom(root.resolve(name));
      if (!texts(pom, "packaging").contains("pom")) {
        boolean kept = texts(pom, "properties", "maven.deploy.skip").contains("true");
        modules.add(new Module(texts(pom, "artifactId").get(0), !kept));
      }
    }
    return modules;
  }

  private static Set<String> artifacts(List<Module> modules, boolean deployed) {
    Set<String> artifacts = new TreeSet<>();
    for (Module module : modules) {
      if (module.deployed == deployed) {
        artifacts.add(module.artifact);
      }
    }
    return artifacts;
  }

  private static List<String> listed(Path root) throws Exception {
    return texts(
        pom(root.resolve("bom")),
        "dependencyManagement",
        "dependencies",
        "dependency",
        "artifactId");
  }

  @Test
  void itListsEachPublishedModuleOnce() throws Exception {
    List<Module> modules = modules(ROOT);
    assertThat(artifacts(modules, true)).contains("secrets-api", "secrets-micrometer");
    assertThat(listed(ROOT)).containsExactlyInAnyOrderElementsOf(artifacts(modules, true));
  }

  /** Until a release, users install an integration by its folder. */
  @Test
  void thePageNamesTheFolderOfEachIntegration() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/integrations.md"));
    int begin = page.indexOf("The folders are ");
    String folders = page.substring(begin, page.indexOf("all in `integrations`", begin));
    assertThat(Checkout.found(Pattern.compile("`([a-z-]+)`"), folders))
        .containsExactlyInAnyOrderElementsOf(
            texts(pom(ROOT), "modules", "module").stream()
                .filter(module -> module.startsWith("integrations/"))
                .map(module -> module.substring("integrations/".length()))
                .toList());
  }

  /**
   * Two plug-ins do not look at maven.deploy.skip, so the parent lists for them what stays here.
   */
  @Test
  void theListsOfUnpublishedModulesAreComplete() throws Exception {
    String[] central = {
      "profiles",
      "profile",
      "build",
      "plugins",
      "plugin",
      "configuration",
      "excludeArtifacts",
      "excludeArtifact"
    };
    String[] components = {
      "build",
      "pluginManagement",
      "plugins",
      "plugin",
      "configuration",
      "excludeArtifactId",
      "artifact"
    };
    Set<String> unpublished = artifacts(modules(ROOT), false);
    assertThat(texts(pom(ROOT), central)).containsExactlyInAnyOrderElementsOf(unpublished);
    assertThat(texts(pom(ROOT), components)).containsExactlyInAnyOrderElementsOf(unpublished);
  }

  @Test
  void aModuleThatIsMissingIsFound() throws Exception {
    write("", "<modules><module>bom</module><module>a</module><module>b</module></modules>");
    write(
        "bom",
        "<packaging>pom</packaging><dependencyManagement><dependencies><dependency>"
            + "<artifactId>secrets-b</artifactId></dependency></dependencies></dependencyManagement>");
    write("a", "<artifactId>secrets-a</artifactId>");
    write(
        "b",
        "<artifactId>secrets-b</artifactId>"
            + "<properties><maven.deploy.skip>true</maven.deploy.skip></properties>");
    assertThat(artifacts(modules(folder), true)).containsExactly("secrets-a");
    assertThat(artifacts(modules(folder), false)).containsExactly("secrets-b");
    assertThat(listed(folder)).containsExactly("secrets-b");
  }

  private void write(String module, String content) throws IOException {
    Path place = Files.createDirectories(folder.resolve(module));
    Files.writeString(place.resolve("pom.xml"), "<project>" + content + "</project>");
  }
}
