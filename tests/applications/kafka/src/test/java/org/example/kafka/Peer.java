package org.example.kafka;

import java.util.List;

/**
 * A config provider of somebody else in the worker.
 *
 * @param name its name in placeholders
 * @param provider its class
 * @param jars of its plug-in; none if it is Kafka's own
 * @param placeholder of the password
 */
record Peer(String name, String provider, List<String> jars, String placeholder) {}
