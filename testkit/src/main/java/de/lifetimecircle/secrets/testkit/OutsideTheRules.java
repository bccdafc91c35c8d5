package de.lifetimecircle.secrets.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks code that does what shipped code may not, because that is its task here: it looks for leaks
 * on the console, in the logging backend and in serialized forms, prints the result of a contract,
 * and ends the process of the scan.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface OutsideTheRules {}
