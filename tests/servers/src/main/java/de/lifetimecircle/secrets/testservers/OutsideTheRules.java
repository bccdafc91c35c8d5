package de.lifetimecircle.secrets.testservers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks code that does what shipped code may not, because that is its task here: it is a program
 * that prints and ends, has threads and processes that must end with the test, or uses what this
 * JDK has beside the standard.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface OutsideTheRules {}
