package de.lifetimecircle.secrets.decision.page;

import de.lifetimecircle.secrets.operations.files.HtmlText;
import java.util.Locale;

/**
 * A plot. Immutable.
 *
 * @param id unique in a page
 * @param title the title of the plot
 * @param description the same in a sentence, for readers who cannot see it
 * @param height in the units of the drawing, which is {@value PlotDrawing#WIDTH} wide
 * @param body the marks, already escaped
 */
public record Plot(String id, String title, String description, int height, String body) {
  /** The element. */
  String element() {
    return String.format(
        Locale.ROOT,
        "<svg role=\"img\" aria-labelledby=\"%1$s-title %1$s-desc\" viewBox=\"0 0 %2$s %3$s\""
            + " xmlns=\"http://www.w3.org/2000/svg\"><title id=\"%1$s-title\">%4$s</title>"
            + "<desc id=\"%1$s-desc\">%5$s</desc>%6$s</svg>",
        id,
        PlotDrawing.WIDTH,
        height,
        HtmlText.of(title),
        HtmlText.of(description),
        body);
  }
}
