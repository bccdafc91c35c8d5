package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Lists the dependencies that a service inherits with the library, as its pom says; the build
 * enforces the same.
 */
final class JarDependencies {
  private JarDependencies() {}

  /** How many there are besides jspecify, and which. */
  static BenchFigure figure(Path pom)
      throws IOException, ParserConfigurationException, SAXException {
    List<String> others = new ArrayList<>(inherited(pom));
    others.remove("jspecify");
    return BenchFigure.checked(
            "e", "dependencies besides jspecify", others.size(), "jars", Limit.exactly(0))
        .noted(String.join(", ", others));
  }

  private static List<String> inherited(Path pom)
      throws IOException, ParserConfigurationException, SAXException {
    List<String> names = new ArrayList<>();
    try (InputStream in = Files.newInputStream(pom)) {
      NodeList all =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(in)
              .getElementsByTagName("dependency");
      for (int i = 0; i < all.getLength(); i++) {
        Element dependency = (Element) all.item(i);
        if (!text(dependency, "scope").equals("test")) {
          names.add(text(dependency, "artifactId"));
        }
      }
    }
    return names;
  }

  private static String text(Element parent, String tag) {
    Node first = parent.getElementsByTagName(tag).item(0);
    return first == null ? "" : first.getTextContent().strip();
  }
}
