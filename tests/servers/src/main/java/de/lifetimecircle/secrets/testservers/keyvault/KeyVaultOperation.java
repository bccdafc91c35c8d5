package de.lifetimecircle.secrets.testservers.keyvault;

/** An operation that a right allows, named as in the vault's access policies. */
public enum KeyVaultOperation {
  /** Read a value, or the metadata of a deleted secret. */
  GET("get", "getSecret/action"),
  /** List secrets, versions or deleted secrets. */
  LIST("list", "readMetadata/action"),
  /** Write a value, or change the metadata of a version. */
  SET("set", "setSecret/action"),
  /** Delete a secret. */
  DELETE("delete", "delete"),
  /** Bring a deleted secret back. */
  RECOVER("recover", "recover/action"),
  /** Remove a deleted secret for good. */
  PURGE("purge", "purge/action"),
  /** Take a copy of a secret with all its versions. */
  BACKUP("backup", "backup/action"),
  /** Put a copy back. */
  RESTORE("restore", "restore/action");

  private final String permission;
  private final String action;

  KeyVaultOperation(String permission, String action) {
    this.permission = permission;
    this.action = action;
  }

  /** The permission of an access policy. */
  String permission() {
    return permission;
  }

  /** The data action of a role. */
  String action() {
    return "Microsoft.KeyVault/vaults/secrets/" + action;
  }
}
