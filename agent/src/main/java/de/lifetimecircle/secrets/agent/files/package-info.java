/** Files that the agent keeps current for programs that read nothing else. */
@NullMarked
package de.lifetimecircle.secrets.agent.files;

import org.jspecify.annotations.NullMarked;
