package de.lifetimecircle.secrets.testservers.keyvault;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items the items of the page; may be empty
 * @param next the marker that the next page comes after; empty on the last page
 */
record KeyVaultPage<T>(List<T> items, String next) {}
