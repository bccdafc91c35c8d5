/**
 * The signed files and what they prove: the index, the manifests, the pinned signers, the guard
 * against rollbacks, and the state of one name on the disk.
 */
@NullMarked
package de.lifetimecircle.secrets.gpg.index;

import org.jspecify.annotations.NullMarked;
