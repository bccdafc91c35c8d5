package de.lifetimecircle.secrets.architecture;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.PackageMatchers;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The members of a class that a caller in another package can see. */
final class Signatures {
  private Signatures() {}

  /** Requires that whatever a caller sees comes from one of the given packages. */
  static ArchCondition<JavaClass> mentionOnly(String[] jdk, String... others) {
    PackageMatchers allowed =
        PackageMatchers.of(Stream.concat(Stream.of(jdk), Stream.of(others)).toList());
    return new ArchCondition<>("mention only types of " + List.of(jdk) + List.of(others)) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        foreign(type.getTypeParameters().stream(), allowed)
            .forEach(name -> report(type, type.getDescription(), name, events));
        foreign(
                Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream()),
                allowed)
            .forEach(name -> report(type, type.getDescription(), name, events));
        type.getMembers().stream()
            .filter(Signatures::isSeen)
            .forEach(
                member ->
                    foreign(types(member), allowed)
                        .forEach(name -> report(type, member.getDescription(), name, events)));
      }
    };
  }

  /** Requires that no argument has the given type. */
  static ArchCondition<JavaMethod> haveNoArgumentOf(Class<?> banned) {
    return new ArchCondition<>("have no argument of type " + banned.getSimpleName()) {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        if (method.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(banned))) {
          events.add(
              SimpleConditionEvent.violated(
                  method, method.getDescription() + ": use two methods, or an enum"));
        }
      }
    };
  }

  private static void report(JavaClass type, String where, String name, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(type, where + " mentions " + name));
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> types(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.of(
            Stream.of(unit.getReturnType()),
            unit.getParameterTypes().stream(),
            unit.getTypeParameters().stream(),
            unit.getExceptionTypes().stream())
        .flatMap(types -> types);
  }

  private static Set<String> foreign(Stream<? extends JavaType> types, PackageMatchers allowed) {
    return types
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getBaseComponentType)
        .filter(type -> !type.isPrimitive() && !allowed.test(type.getPackageName()))
        .map(JavaClass::getName)
        .collect(toCollection(TreeSet::new));
  }
}
