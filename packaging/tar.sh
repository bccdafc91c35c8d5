# Sourced by packaging/build: the .tar.gz, to unpack anywhere.
# shellcheck shell=bash
# shellcheck disable=SC2154

make_tar() {
  say "The archive ..."
  pack "$stage" "$output/$name.tar" "$name"
  gzip -n "-${PACKAGES_LEVEL:-6}" "$output/$name.tar"
}
