package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;

/**
 * One figure of the price list: dollars, hours, machines or calls, as its key says. Immutable.
 *
 * @param number the figure, 0 or more
 * @param source where it comes from
 */
record PriceFigure(BigDecimal number, PriceSource source) {}
