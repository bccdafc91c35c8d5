package de.lifetimecircle.secrets.operations.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The permissions and the owner of a written file. A part that is null stays as the replaced file
 * has it; a new file belongs to us, and only its owner can read it. Immutable.
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

  private static Set<PosixFilePermission> permissions(String mode) {
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

  /** Gives a draft the access of this, and of the file that it will replace. */
  void apply(Path draft, Path target) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes ours = view.readAttributes();
    PosixFileAttributes old =
        Files.exists(target) ? Files.readAttributes(target, PosixFileAttributes.class) : ours;
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

  /** Returns whether the file would keep a mode by which everybody can read it. */
  boolean keepsOpen(Path target) throws IOException {
    return permissions == null
        && Files.exists(target)
        && Files.getPosixFilePermissions(target).contains(PosixFilePermission.OTHERS_READ);
  }

  /** Returns whether an existing file has this access already. */
  boolean isOf(Path file) throws IOException {
    PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
    return (permissions == null || permissions.equals(now.permissions()))
        && (owner == null || owner.equals(now.owner().getName()))
        && (group == null || group.equals(now.group().getName()));
  }
}
