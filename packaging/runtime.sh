# Sourced by packaging/build: the program with a Java runtime of its own.
# shellcheck shell=bash
# shellcheck disable=SC2154

# runtime_jdk: sets jdk to JAVA_HOME if it is new enough, else to the newest JDK of this machine. From
# JDK 19 on a class-data archive may move with its jars; an earlier one would fit one folder only.
runtime_jdk() {
  need unzip=unzip jq=jq
  local each major best=0
  jdk=""
  for each in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$each/bin/jlink" ] && [ ! -L "$each" ] || continue
    major=$(JAVA_HOME=$each java_major)
    if [ "${major:-0}" -ge 21 ] && [ "$major" -gt "$best" ]; then
      jdk=$each best=$major
      [ "$each" != "${JAVA_HOME:-}" ] || break
    fi
  done
  [ -n "$jdk" ] || fail "Cannot make packages: no JDK from 21 on. Install one below /usr/lib/jvm, or set JAVA_HOME."
}

# run_source FILE ARGUMENT ...: a program of one file, which soon ends, in half the processor time.
run_source() { "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"; }

authorities_pem() {
  install_servers authorities
  pem=$(compgen -G '.servers/authorities/lib/python3*/site-packages/certifi/cacert.pem') ||
    fail "Cannot find the certificate authorities; see .servers/authorities.log."
}

list_authorities() {
  authorities_pem
  {
    printf '# SHA-256 and name of each authority in the packages. Made by: packaging/build authorities\n'
    run_source packaging/TrustStore.java list "$pem"
  } >packaging/authorities.txt
}

# make_home: the folder that all packages have, in $home.
make_home() {
  authorities_pem
  say "The runtime, from $(basename "$jdk") ..."
  cp -R cli/target/dist/. "$home"
  rm -rf "$home/lib/cds" "$home/bin/secrets.cmd"
  "$jdk/bin/jlink" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC --add-modules "$(grep -v '^#' packaging/modules.txt | paste -sd, -)" \
    --include-locales=en,de --strip-java-debug-attributes --no-header-files --no-man-pages \
    --output "$home/runtime"
  find "$home/runtime/bin" -type f ! -name java -delete
  rm -f "$home/runtime/lib/security/cacerts"
  run_source packaging/TrustStore.java make "$pem" packaging/authorities.txt "$home/runtime/lib/security/cacerts"
  sed -i 's/^Needs Java.*/Has a Java runtime of its own. It ignores JAVA_HOME./; /^Add bin/,/^build it\.$/c\
Add bin to the PATH, or link bin/secrets from a folder that is on it.' "$home/README"
  chmod -R u=rwX,go=rX "$home"
  same_times "$home"
  class_data
  same_times "$home"
}

# in_runtime ARGUMENT ...: the packages' own JVM with the launcher's flags, in the folder itself, so that
# the folder's name is not in the archive.
in_runtime() {
  local jar memory compiler flags
  jar=lib/$(basename "$home"/lib/secrets-cli-*.jar)
  # The first is the memory of the usual commands; the agent has another.
  memory=$(sed -n '/^ *memory=${SECRETS_MAX_MEMORY:-/{s/.*:-\(.*\)}$/\1/p;q}' "$home/bin/secrets")
  # The same for the compiler; two commands have another.
  compiler=$(sed -n '/^compiler=/{s/^compiler=//p;q}' "$home/bin/secrets")
  flags=$(sed -n '/^flags="/,/"$/p' "$home/bin/secrets" |
    sed "s/^flags=//; s/\"//g; s/-Xlog:[^ ]*//g; s/\\\$memory/$memory/; s/\\\$compiler/$compiler/" | tr '\n' ' ')
  # With another collector the class-data archive would differ from run to run.
  [[ $flags == *-XX:+UseSerialGC*-Xmx"$memory"* && $flags != *\$* ]] || fail "Cannot read the JVM flags of $home/bin/secrets."
  # shellcheck disable=SC2086
  (cd "$home" && runtime/bin/java $flags -Djava.locale.providers=SPI "${@:2}" -cp "$jar" $1)
}

# class_data: the archives of the classes of the usual commands, and of those of the agent, which runs for weeks and
# must not hold the others in memory. A static archive of a pinned list has the same bytes each time. A list
# recorded during the build has not: each run loads a few classes more or less, as its threads meet.
class_data() {
  spread_jars
  class_archive classes.txt secrets.jsa
  class_archive agent-classes.txt secrets-agent.jsa
}

# class_archive LIST FILE: the heap has one size, since where a collection falls changes the bytes, and without a size it
# depends on the machine's memory.
class_archive() {
  local log
  log=$(mktemp)
  if ! in_runtime "" -Xms256m -Xmn128m -Xshare:dump -XX:SharedClassListFile="$PWD/packaging/$1" \
    -XX:SharedArchiveFile="runtime/lib/$2" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "Cannot make the class-data archive $2."
  fi
  rm -f "$log"
  chmod 644 "$home/runtime/lib/$2"
}

# spread_jars: gives the jars other inode numbers until no eight of them agree in the last four bits. The JVM keeps open
# jars in a hash map by their inodes; eight in one bin, and it becomes a tree, which is ordered by identity hashes, and
# from there on the archive has other bytes. After a folder was deleted, ext4 gives each 16th number for some seconds;
# what was copied is therefore deleted at the end.
spread_jars() {
  local old=()
  while ! stat -c %i "$home"/lib/*.jar | awk '{ if (++bin[$1 % 16] > 7) exit 1 }'; do
    [ ${#old[@]} -lt 30 ] || fail "Cannot spread the inode numbers of the jars in $home: the class-data archives would have other bytes."
    old+=("$home/lib-${#old[@]}")
    mv "$home/lib" "${old[-1]}"
    cp -a "${old[-1]}" "$home/lib"
  done
  rm -rf ${old[@]+"${old[@]}"}
}

# list_classes: rewrites the pinned lists.
list_classes() {
  class_list classes.txt "the usual commands" warm-up
  class_list agent-classes.txt "the agent" agent warm-up
}

# class_list FILE WHAT COMMAND ...: the run reads a temporary store only. Order, numbers and resolved constants
# differ from run to run.
class_list() {
  local scratch
  scratch=$(mktemp -d)
  in_runtime "de.lifetimecircle.secrets.cli.Main ${*:3} $scratch" -XX:DumpLoadedClassList="$scratch/classes" \
    -Duser.home="$scratch" -Djava.io.tmpdir="$scratch" </dev/null
  {
    printf '# The classes of %s, for the class-data archive. Made by: packaging/build classes\n' "$2"
    sed -e '/^#/d' -e '/^@cp /d' -e 's/ id: [0-9]*$//' "$scratch/classes" | sort -u
  } >"packaging/$1"
  rm -rf "$scratch"
}

# components: what the packages hold, as CycloneDX. The hashes are those of the files in them.
components() {
  local jar java
  java=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release")
  {
    for jar in "$home"/lib/*.jar; do
      printf '%s\t%s\t%s\n' "$(basename "$jar" .jar)" "$(sha256sum <"$jar" | cut -d' ' -f1)" \
        "$(unzip -p "$jar" 'META-INF/maven/*/pom.properties' 2>/dev/null | tr -d '\r' | sed -n 's/^groupId=//p' | sort -u | paste -sd, -)"
    done
    printf 'java-runtime-%s\t%s\t\n' "$java" "$(sha256sum <"$home/runtime/lib/modules" | cut -d' ' -f1)"
    printf 'mozilla-authorities-%s\t%s\t\n' "$(sed -n 's/^certifi==\([^ ]*\).*/\1/p' .mvn/servers/authorities.txt)" \
      "$(sha256sum <packaging/authorities.txt | cut -d' ' -f1)"
  } | jq -Rn --arg version "$version" --arg time "$built_at" '
    def parts: capture("^(?<name>.*?)-(?<version>[0-9].*)$");
    { bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
      metadata: { timestamp: $time, component: { type: "application", name: "secrets", version: $version } },
      components: [inputs | split("\t") | . as $row | ($row[0] | parts) +
        { type: "library", hashes: [{ alg: "SHA-256", content: $row[1] }] } +
        (if ($row[0] | test("^bc(pg|prov|util)-jdk18on-")) then
          { pedigree: { notes: "The published jar without its signature: docs/packages.md says how to compare them." } }
          else {} end) +
        (if $row[2] == "" or ($row[2] | contains(",")) then {} else
          { group: $row[2], purl: ("pkg:maven/" + $row[2] + "/" + ($row[0] | parts | .name + "@" + .version)) } end)] }'
}
