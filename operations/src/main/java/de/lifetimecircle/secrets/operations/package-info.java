/**
 * The inventory of a service and the operations that follow from it: generation, checks, documents
 * and policies. Sees the API only, so that every operation is the same on each backend.
 */
@NullMarked
package de.lifetimecircle.secrets.operations;

import org.jspecify.annotations.NullMarked;
