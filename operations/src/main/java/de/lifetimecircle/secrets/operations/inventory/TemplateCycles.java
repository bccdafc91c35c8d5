package de.lifetimecircle.secrets.operations.inventory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows templates to their parts, to find cycles and an order. */
final class TemplateCycles {
  private TemplateCycles() {}

  /**
   * Returns the cycle of templates from a name back to itself, that name first; empty if there is
   * none.
   */
  static List<String> ring(String name, Map<String, InventorySecret> secrets) {
    Map<String, String> cameFrom = new LinkedHashMap<>();
    Deque<String> toVisit = new ArrayDeque<>(List.of(name));
    while (!toVisit.isEmpty()) {
      String here = toVisit.removeFirst();
      for (String part : parts(secrets.get(here))) {
        if (part.equals(name)) {
          List<String> ring = new ArrayList<>(List.of(name));
          for (String step = here; !step.equals(name); step = cameFrom.getOrDefault(step, name)) {
            ring.add(1, step);
          }
          return ring;
        }
        if (secrets.containsKey(part) && cameFrom.putIfAbsent(part, here) == null) {
          toVisit.addLast(part);
        }
      }
    }
    return List.of();
  }

  /** Returns the secrets with each template after its parts; otherwise the order stays the same. */
  static List<InventorySecret> partsFirst(Collection<InventorySecret> secrets) {
    List<InventorySecret> ordered = new ArrayList<>();
    List<InventorySecret> rest = new ArrayList<>(secrets);
    Set<String> waiting = new LinkedHashSet<>();
    secrets.forEach(secret -> waiting.add(secret.name()));
    boolean moved = true;
    while (moved) {
      moved = false;
      for (InventorySecret secret : List.copyOf(rest)) {
        if (Collections.disjoint(parts(secret), waiting)) {
          ordered.add(secret);
          rest.remove(secret);
          moved = waiting.remove(secret.name());
        }
      }
    }
    ordered.addAll(rest);
    return ordered;
  }

  /** Returns whether one secret is part of another, directly or through a template. */
  static boolean isPart(String name, InventorySecret whole, Map<String, InventorySecret> secrets) {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> toVisit = new ArrayDeque<>(parts(whole));
    while (!toVisit.isEmpty()) {
      String part = toVisit.removeFirst();
      if (part.equals(name)) {
        return true;
      }
      if (seen.add(part)) {
        toVisit.addAll(parts(secrets.get(part)));
      }
    }
    return false;
  }

  private static Set<String> parts(@Nullable InventorySecret secret) {
    return secret == null ? Set.of() : secret.parts();
  }
}
