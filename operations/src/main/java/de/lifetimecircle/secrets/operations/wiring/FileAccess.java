package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The permissions and the owner of a written file. A part that is null stays as the replaced file
 * has it; a new file belongs to us, and only its owner can read it. Immutable.
 *
 * <p>In a folder where others can write, another user may have made the replaced file, to get what
 * is written there. So a file there that belongs neither to us nor to root nor to the named owner
 * leaves nothing to the new one, and without a named owner it is not replaced. No link is followed.
 *
 * @param permissions such as {@code rw-r-----}; null to keep them
 * @param owner the name of a user; null to keep the owner
 * @param group the name of a group; null to keep the group
 */
public record FileAccess(
    @Nullable Set<PosixFilePermission> permissions,
    @Nullable String owner,
    @Nullable String group) {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

  /**
   * Returns the access that two options name.
   *
   * @param mode such as {@code 0640}; null to keep it
   * @param owner {@code USER}, {@code USER:GROUP} or {@code :GROUP}; null to keep both
   * @throws IllegalArgumentException if one has another form
   */
  public static FileAccess of(@Nullable String mode, @Nullable String owner) {
    Set<PosixFilePermission> permissions = mode == null ? null : permissions(mode);
    String user = owner;
    String group = null;
    int colon = owner == null ? -1 : owner.indexOf(':');
    if (owner != null && colon >= 0) {
      user = owner.substring(0, colon);
      group = owner.substring(colon + 1);
      if (group.isEmpty()) {
        throw new IllegalArgumentException("owner: no group after ':' (expected: USER:GROUP)");
      }
    }
    return new FileAccess(permissions, user == null || user.isEmpty() ? null : user, group);
  }

  /**
   * Returns the permissions of an octal mode such as {@code 0640}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static Set<PosixFilePermission> permissions(String mode) {
    if (!MODE.matcher(mode).matches()) {
      throw new IllegalArgumentException("mode: not an octal mode (expected: 0600, for example)");
    }
    StringBuilder text = new StringBuilder();
    for (char digit : mode.substring(mode.length() - 3).toCharArray()) {
      int bits = digit - '0';
      text.append((bits & 4) != 0 ? 'r' : '-')
          .append((bits & 2) != 0 ? 'w' : '-')
          .append((bits & 1) != 0 ? 'x' : '-');
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  /**
   * Gives a draft the access of this, and of the file that it will replace.
   *
   * @throws SecretException {@code CONFIGURATION} if that file belongs to another user than us,
   *     root and the named owner, that user may have made it, and no owner is named
   */
  void apply(Path draft, Path target) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes ours = view.readAttributes();
    PosixFileAttributes old = replaced(target, ours);
    UserPrincipalLookupService users = draft.getFileSystem().getUserPrincipalLookupService();
    var newGroup = group == null ? old.group() : users.lookupPrincipalByGroupName(group);
    if (!newGroup.equals(ours.group())) {
      view.setGroup(newGroup);
    }
    var newOwner = owner == null ? old.owner() : users.lookupPrincipalByName(owner);
    // The permissions last: until then, only we can read it.
    if (!newOwner.equals(ours.owner())) {
      view.setOwner(newOwner);
    }
    view.setPermissions(permissions == null ? old.permissions() : permissions);
  }

  /** Returns the attributes that the draft keeps: those of the target, or else its own. */
  private PosixFileAttributes replaced(Path target, PosixFileAttributes ours) throws IOException {
    if (!exists(target)) {
      return ours;
    }
    PosixFileAttributes old = attributes(target);
    if (!old.isRegularFile()) {
      throw new FileSystemException(target.toString(), null, "it is not a regular file");
    }
    String name = old.owner().getName();
    if (name.equals(owner)
        || name.equals("root")
        || old.owner().equals(ours.owner())
        || isClosed(target.resolveSibling("."), ours.owner())) {
      return old;
    }
    if (owner == null) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the file")
          .name(target.toString())
          .reason("it belongs to " + name + ", who would get the new one")
          .advice("Give --owner " + name + " if that user may read it, or remove the file")
          .build();
    }
    return ours;
  }

  /** Returns whether only root and we can make files in a folder. */
  private static boolean isClosed(Path folder, UserPrincipal us) throws IOException {
    PosixFileAttributes now = attributes(folder);
    return (now.owner().equals(us) || now.owner().getName().equals("root"))
        && !now.permissions().contains(PosixFilePermission.GROUP_WRITE)
        && !now.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** Returns whether the file would keep a mode by which everybody can read it. */
  boolean keepsOpen(Path target) throws IOException {
    return permissions == null
        && exists(target)
        && attributes(target).permissions().contains(PosixFilePermission.OTHERS_READ);
  }

  private static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static PosixFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns whether an existing file has this access already. */
  boolean isOf(Path file) throws IOException {
    PosixFileAttributes now = attributes(file);
    return (permissions == null || permissions.equals(now.permissions()))
        && (owner == null || owner.equals(now.owner().getName()))
        && (group == null || group.equals(now.group().getName()));
  }
}
