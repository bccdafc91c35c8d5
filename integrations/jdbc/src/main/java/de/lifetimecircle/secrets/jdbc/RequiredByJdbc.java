package de.lifetimecircle.secrets.jdbc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a method whose types JDBC prescribes, though our own code may not use them. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface RequiredByJdbc {}
