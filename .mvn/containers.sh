# Sourced by ./verify: a container engine of its own, with its state below target/containers, for the
# run that goes through a Docker API. Nothing of the machine's own configuration is read or changed.
# shellcheck shell=bash

# start_containers: sets DOCKER_HOST, or says why no engine can run and fails.
start_containers() {
  if docker version >/dev/null 2>&1; then
    say "containers: the Docker API of this machine"
    return 0
  fi
  (need podman=podman runc=runc) || return 1
  local home=$PWD/target/containers
  mkdir -p "$home/tmp"
  # runc and cgroupfs, because crun needs cgroup rights that a container in a container lacks; lower
  # limits, because raising them is refused there; vfs, because overlay needs a kernel module.
  cat >"$home/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  cat >"$home/storage.conf" <<CONF
[storage]
driver = "vfs"
runroot = "$home/run"
graphroot = "$home/graph"
CONF
  export CONTAINERS_CONF=$home/containers.conf CONTAINERS_STORAGE_CONF=$home/storage.conf
  # A socket's path may have 107 characters, and a checkout may have a long path.
  container_folder=$(mktemp -d)
  podman system service --time=0 "unix://$container_folder/api.sock" >"$home/podman.log" 2>&1 </dev/null &
  container_engine=$!
  for _ in $(seq 100); do
    [ -S "$container_folder/api.sock" ] && break
    kill -0 "$container_engine" 2>/dev/null || break
    sleep 0.1
  done
  # The addresses of a bridge are not loopback, and the reaper's image is not available offline.
  export DOCKER_HOST=unix://$container_folder/api.sock
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  if ! openbao_image >>"$home/podman.log" 2>&1; then
    tail -n 3 "$home/podman.log" >&2
    stop_containers
    return 1
  fi
}

# The image contains the same binary as the local program, so no registry has to be reachable.
openbao_image() {
  local root=target/containers/root
  mkdir -p "$root/bin" "$root/tmp" "$root/etc" &&
    cp -L .servers/openbao/bao "$root/bin/bao" &&
    printf 'root:x:0:0::/:/bin/bao\n' >"$root/etc/passwd" &&
    chmod 1777 "$root/tmp" && chmod 755 "$root" "$root/bin" "$root/etc" &&
    tar -C "$root" -cf target/containers/image.tar . &&
    podman import -c 'ENTRYPOINT ["/bin/bao"]' target/containers/image.tar docker.io/openbao/openbao:2.7.2 &&
    rm -rf "$root" target/containers/image.tar
}

stop_containers() {
  if [ -n "${container_engine:-}" ]; then
    podman rm --all --force >/dev/null 2>&1
    kill "$container_engine" 2>/dev/null
    wait "$container_engine" 2>/dev/null
    podman rmi --all --force >/dev/null 2>&1
    rm -rf "$container_folder"
    container_engine=""
  fi
  unset DOCKER_HOST TESTCONTAINERS_RYUK_DISABLED TESTCONTAINERS_HOST_OVERRIDE
}
