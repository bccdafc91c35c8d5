# Sourced by packaging/build: the container image, without a base image.
# shellcheck shell=bash
# shellcheck disable=SC2154

# What the launcher needs besides its shell: programs that hide what is typed, and a locale with UTF-8.
launcher_programs=(/usr/bin/stty /usr/bin/sleep)
locale=/usr/lib/locale/C.utf8

# make_container: an OCI archive, which podman loads, with the manifest.json that Docker's classic image store needs. It
# holds the program, a shell and what else its launcher needs, and the C library of this machine; no package manager
# and no other program. It is written here, without an engine, because an engine puts the time into it.
make_container() {
  need jq=jq
  say "The container image ..."
  local root=$stage/root oci=$stage/oci where=usr/lib/lifetimecircle-secrets layer config manifest file
  mkdir -p "$root"/{bin,etc,tmp,usr/lib/locale,lib64,home/secrets} "$oci/blobs/sha256"
  cp -a "$home" "$root/$where"
  cp -L /bin/dash "$root/bin/sh"
  cp -L "${launcher_programs[@]}" "$root/bin"
  cp -RL "$locale" "$root/usr/lib/locale"
  while read -r file; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done < <(libraries)
  printf 'secrets:x:65532:65532::/home/secrets:/bin/sh\n' >"$root/etc/passwd"
  printf 'secrets:x:65532:\n' >"$root/etc/group"
  chmod -R u=rwX,go=rX "$root"
  chmod 1777 "$root/tmp"
  same_times "$root"
  pack "$root" "$stage/layer.tar" .
  layer=$(sha256sum <"$stage/layer.tar" | cut -d' ' -f1)
  gzip -n "$stage/layer.tar"
  file=$(blob "$stage/layer.tar.gz")
  jq -cn --arg layer "$layer" --arg time "$built_at" --arg path "/$where/bin" --arg version "$version" '
    { created: $time, architecture: "amd64", os: "linux",
      config: { User: "65532:65532", WorkingDir: "/home/secrets", Entrypoint: [$path + "/secrets"],
        Env: ["PATH=" + $path + ":/bin", "HOME=/home/secrets"],
        Labels: { "org.opencontainers.image.title": "secrets", "org.opencontainers.image.version": $version } },
      rootfs: { type: "layers", diff_ids: ["sha256:" + $layer] } }' >"$stage/config.json"
  config=$(blob "$stage/config.json")
  jq -cn --argjson layer "$file" --argjson config "$config" '
    { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: ($config + { mediaType: "application/vnd.oci.image.config.v1+json" }),
      layers: [$layer + { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" }] }' >"$stage/manifest.json"
  manifest=$(blob "$stage/manifest.json")
  jq -cn --argjson manifest "$manifest" --arg version "$version" '
    { schemaVersion: 2, manifests: [$manifest + { mediaType: "application/vnd.oci.image.manifest.v1+json",
      annotations: { "org.opencontainers.image.ref.name": ("localhost/secrets:" + $version) } }] }' >"$oci/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
  jq -cn --argjson layer "$file" --argjson config "$config" --arg version "$version" '
    def place: "blobs/" + (.digest | sub(":"; "/"));
    [{ Config: ($config | place), RepoTags: ["localhost/secrets:" + $version], Layers: [$layer | place] }]' >"$oci/manifest.json"
  chmod -R u=rwX,go=rX "$oci"
  pack "$oci" "$output/$name.oci.tar" blobs index.json manifest.json oci-layout
  system_components >"$stage/system.json"
  components | jq --slurpfile system "$stage/system.json" '.components += $system[0]' >"$output/$name.oci.cdx.json"
}

# system_components: the programs, the locale and the libraries of this machine in the image, as CycloneDX components: a Debian
# package each, with the files that come from it.
system_components() {
  local file package distribution
  distribution=$(sed -n 's/^ID="\{0,1\}\([a-z]*\)"\{0,1\}$/\1/p' /etc/os-release)
  { printf '%s\n' /bin/dash "${launcher_programs[@]}" && find "$locale" -type f && libraries; } | while read -r file; do
    package=$(package_of "$file") || fail "Cannot list the components of the image: no Debian package has $file."
    printf '%s\t%s\t%s\t%s\n' "${package%%:*}" "$(dpkg-query -W -f='${Version}' "$package")" "$file" \
      "$(sha256sum <"$file" | cut -d' ' -f1)"
  done | jq -Rn --arg distribution "$distribution" '
    [inputs | split("\t")] | group_by(.[0]) | map({ type: "library", name: .[0][0], version: .[0][1],
      purl: ("pkg:deb/" + $distribution + "/" + .[0][0] + "@" + .[0][1] + "?arch=amd64"),
      components: map({ type: "file", name: .[2], hashes: [{ alg: "SHA-256", content: .[3] }] }) })'
}

# package_of FILE: the package that has it, by any of its names: /lib may be a link to /usr/lib.
package_of() {
  local path
  for path in "$1" "/usr$1" "${1#/usr}" "$(realpath "$1")"; do
    if dpkg -S "$path" 2>/dev/null | sed 's/: .*//; q' | grep .; then
      return
    fi
  done
  return 1
}

# libraries: what the programs and the JVM load, and the ways of the C library to resolve names.
libraries() {
  ldd /bin/dash "${launcher_programs[@]}" "$home/runtime/bin/java" "$home"/runtime/lib/*.so "$home/runtime/lib/server/libjvm.so" |
    sed -n 's/^.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p' | grep -v "^$home" | sort -u
  ls /lib/x86_64-linux-gnu/libnss_{files,dns}.so.2 /lib/x86_64-linux-gnu/libresolv.so.2 2>/dev/null
}

# blob FILE: puts it among the blobs and prints its digest and size.
blob() {
  local sum
  sum=$(sha256sum <"$1" | cut -d' ' -f1)
  cp "$1" "$oci/blobs/sha256/$sum"
  jq -cn --arg digest "sha256:$sum" --argjson size "$(stat -c %s "$1")" '{ digest: $digest, size: $size }'
}
