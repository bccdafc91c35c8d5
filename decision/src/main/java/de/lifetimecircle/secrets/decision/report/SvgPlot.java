package de.lifetimecircle.secrets.decision.report;

/**
 * A plot. Immutable.
 *
 * @param id unique in a page
 * @param title the title of the plot
 * @param description the same in a sentence, for readers who cannot see it
 * @param height in the units of the drawing, which is {@value Drawing#WIDTH} wide
 * @param body the marks, already escaped
 */
record SvgPlot(String id, String title, String description, int height, String body) {
  /** The element. */
  String element() {
    return "<svg role=\"img\" aria-labelledby=\""
        + id
        + "-title "
        + id
        + "-desc\" viewBox=\"0 0 "
        + PlotDrawing.WIDTH
        + " "
        + height
        + "\" xmlns=\"http://www.w3.org/2000/svg\"><title id=\""
        + id
        + "-title\">"
        + MarkupEscape.html(title)
        + "</title><desc id=\""
        + id
        + "-desc\">"
        + MarkupEscape.html(description)
        + "</desc>"
        + body
        + "</svg>";
  }
}
