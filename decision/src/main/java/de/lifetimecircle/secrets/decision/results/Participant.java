package de.lifetimecircle.secrets.decision.results;

/**
 * One backend of a comparison.
 *
 * @param name unique in a comparison: the scheme, or scheme and server where one scheme has several
 * @param scheme of the provider
 * @param server what answered, with its version
 * @param realness whether that may be taken for the service
 */
public record Participant(String name, String scheme, ResultText server, Realness realness) {}
