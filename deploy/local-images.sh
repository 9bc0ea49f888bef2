#!/bin/sh
# For a machine that can pull no image: builds stand-ins, out of Debian's packages and Maven Central, for all that docker-compose.yml names, under
# the very names it pins, so that it comes up unchanged. Needs root (debootstrap), docker, debootstrap, and a JDK 25, which is copied, as
# Debian 12 has none. Grafana is in neither: what there is to know without it is in docs/containers.md.
#
#   deploy/local-images.sh          all of them, ours too
#   deploy/local-images.sh --rm     takes them away again
#
# An image of such a name that was pulled is left alone. Not for production: nobody mends these.
set -eu
cd "$(dirname "$0")"
say() { echo "local-images: $1" >&2; }
die() { say "$1"; exit 1; }

# The one mark by which a stand-in is known: images of the same name without it are the real ones.
label=io.stepstream.stand-in=true
if [ "${1-}" = --rm ]; then
  # An image goes when those that stand on it are gone: three storeys.
  for _ in 1 2 3; do
    images=$(docker images -q --filter "label=$label" | sort -u)
    # shellcheck disable=SC2086
    if [ -z "$images" ]; then exit 0; else docker rmi -f $images || true; fi
  done
  [ -z "$(docker images -q --filter "label=$label")" ] || die "some are left: does a container use them?"
  exit 0
fi

for tool in docker debootstrap tar unzip; do command -v $tool >/dev/null || die "$tool is not installed (Debian: docker.io, debootstrap, tar, unzip)"; done
docker version >/dev/null 2>&1 || die "no Docker engine answers: start dockerd, or set DOCKER_HOST"
. ../.mvn/find-jdk.sh
set +f
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# The image that the compose file takes for a variable, such as KAFKA_IMAGE.
pinned() { sed -n "s/.*image: \${$1:-\([^}]*\)}.*/\1/p" ../docker-compose.yml | head -n 1; }
wanted() { ! docker image inspect "$1" >/dev/null 2>&1 || docker image inspect -f '{{.Config.Labels}}' "$1" | grep -q io.stepstream.stand-in; }
# NAME DOCKERFILE CONTEXT [ARGUMENT...]: the network of this machine, for apt.
build() {
  name=$1 file=$2 context=$3
  shift 3
  if wanted "$name"; then
    say "$name"
    docker build -q --network host --label "$label" "$@" -t "$name" -f "$file" "$context"
  else
    say "$name is there, and no stand-in: left alone"
  fi
}
java=stepstream-stand-in/java:25

if ! docker image inspect stepstream-stand-in/debian:bookworm >/dev/null 2>&1; then
  say "stepstream-stand-in/debian:bookworm"
  debootstrap --variant=minbase bookworm "$work/root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 5 "$work/debootstrap.log" >&2; die "debootstrap failed"; }
  rm -rf "$work"/root/var/cache/apt/archives/*.deb
  tar -C "$work/root" -c . | docker import --change "LABEL $label" - stepstream-stand-in/debian:bookworm
fi

mkdir -p "$work/java/jdk"
tar -C "$JAVA_HOME" --exclude=./man --exclude=./lib/src.zip --exclude=./demo -ch . | tar -C "$work/java/jdk" -x
build $java stand-ins/java.Dockerfile "$work/java"

mkdir -p "$work/kafka"
cp -R stand-ins/kafka/. "$work/kafka"
../mvnw -q -f stand-ins/kafka/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$work/kafka/jars"
build "$(pinned KAFKA_IMAGE)" "$work/kafka/Dockerfile" "$work/kafka" --build-arg JAVA=$java

registry=$(pinned REGISTRY_IMAGE)
mkdir -p "$work/registry/apicurio"
# Not by the goal that unpacks: the second time it sees its mark under target/, and unpacks nothing.
../mvnw -q -N -f ../pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact="io.apicurio:apicurio-registry-app:${registry##*:}:tar.gz:all" -DoutputDirectory="$work"
tar -C "$work/registry/apicurio" -xzf "$work"/apicurio-registry-app-*.tar.gz
build "$registry" stand-ins/registry.Dockerfile "$work/registry" --build-arg JAVA=$java

mkdir -p "$work/empty"
build "$(pinned PROXY_IMAGE)" stand-ins/haproxy.Dockerfile "$work/empty"
build "$(pinned PROMETHEUS_IMAGE)" stand-ins/prometheus.Dockerfile "$work/empty"
say "$(pinned GRAFANA_IMAGE): no stand-in, as no package has it: with --profile monitoring name the service prometheus"

BASE=$java IMAGE=$(pinned STEPSTREAM_IMAGE) ./build-image.sh
docker images --filter "label=$label" --format '{{.Repository}}:{{.Tag}} {{.Size}}'
