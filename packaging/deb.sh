# Sourced by packaging/build: the package for Debian and Ubuntu.
# shellcheck shell=bash
# shellcheck disable=SC2154

# Debian has another program of the name secrets, with the same /usr/bin/secrets.
debian_name=lifetimecircle-secrets

make_deb() {
  say "The Debian package ..."
  local root=$stage/deb doc
  doc=$root/usr/share/doc/$debian_name
  mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$root/usr/share/man" \
    "$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" \
    "$root/usr/share/fish/vendor_completions.d" "$root/usr/lib/systemd/system" \
    "$root/etc/$debian_name" "$doc"
  cp -a "$home" "$root/usr/lib/$debian_name"
  ln -s "../lib/$debian_name/bin/secrets" "$root/usr/bin/secrets"
  "$home/bin/secrets" completion bash >"$root/usr/share/bash-completion/completions/secrets"
  "$home/bin/secrets" completion zsh >"$root/usr/share/zsh/vendor-completions/_secrets"
  "$home/bin/secrets" completion fish >"$root/usr/share/fish/vendor_completions.d/secrets.fish"
  cp packaging/secrets-agent.service "$root/usr/lib/systemd/system"
  mv "$root/usr/lib/$debian_name/share/man/man1" "$root/usr/share/man"
  rmdir "$root/usr/lib/$debian_name/share/man" "$root/usr/lib/$debian_name/share"
  gzip -n9 "$root"/usr/share/man/man1/*.1
  gzip -n9c CHANGELOG.md >"$doc/changelog.gz"
  copyright >"$doc/copyright"
  control "$(du -ks "$root/usr" | cut -f1)" >"$root/DEBIAN/control"
  cp packaging/deb/* "$root/DEBIAN"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  chmod -R u=rwX,go=rX "$root"
  same_times "$root"
  dpkg-deb --root-owner-group -Zgzip "-z${PACKAGES_LEVEL:-6}" --build "$root" "$output/${debian_name}_${version/-/\~}_amd64.deb" >/dev/null
}

control() {
  cat <<CONTROL
Package: $debian_name
Version: ${version/-/\~}
Architecture: amd64
Maintainer: The maintainers of LifeTimeCircle Secrets <lifetimecircle@users.noreply.github.com>
Installed-Size: $1
Depends: libc6 (>= 2.17)
Conflicts: secrets
Section: utils
Priority: optional
Homepage: $(sed -n 's/^  <url>\(.*\)<\/url>.*/\1/p' pom.xml)
Description: reads, writes and rotates the secrets of services
 The command secrets, for encrypted files, AWS Secrets Manager, Azure Key Vault
 and HashiCorp Vault or OpenBao. It has a Java runtime of its own.
CONTROL
}

copyright() {
  cat <<COPYRIGHT
LifeTimeCircle Secrets is licensed under Apache-2.0: see LICENSE in /usr/lib/$debian_name.
The Java runtime is licensed under GPL-2.0 with the Classpath exception: see runtime/legal there.
The list of certificate authorities is Mozilla's, under MPL-2.0.
Each jar in lib has its own licence in it or in its Maven coordinates. Those of Bouncy Castle are the published ones
without their signature, and the classes in that of picocli have a newer format.
COPYRIGHT
}
