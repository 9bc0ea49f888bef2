# Sets JAVA_HOME to a JDK of at least version 25, or says in one line what to install and exits with 1. Sourced by mvnw and stepstream.
# Looks at JAVA_HOME, at java on the PATH, and where Linux, macOS and SDKMAN keep their JDKs; the file `release` tells a JDK's version.

stepstream_jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

stepstream_find_jdk() {
  set +f
  for jdk in "${JAVA_HOME-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /)")")")" \
    /usr/lib/jvm/* /opt/*jdk* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    version=$(stepstream_jdk_version "$jdk" || true)
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      JAVA_HOME=$jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK 25 or newer was found: install one (for example Temurin 25) beside your default Java, or set JAVA_HOME to it." >&2
  return 1
}

stepstream_find_jdk || exit 1
set -f
# What Error Prone and the formatter need of the compiler inside Maven's own JVM.
javac=jdk.compiler/com.sun.tools.javac
# C1 alone: a build is over before C2 pays for itself (half the CPU time, measured).
MAVEN_OPTS="${MAVEN_OPTS-} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow"
for package in api file main model parser processing tree util; do
  MAVEN_OPTS="$MAVEN_OPTS --add-exports=$javac.$package=ALL-UNNAMED"
done
MAVEN_OPTS="$MAVEN_OPTS --add-opens=$javac.code=ALL-UNNAMED --add-opens=$javac.comp=ALL-UNNAMED"
export MAVEN_OPTS
