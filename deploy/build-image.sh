#!/bin/sh
# Builds the image stepstream:0.1.0 out of this clone. BASE names another base image with a Java 25 in it.
set -eu
cd "$(dirname "$0")/.."
for tool in docker unzip; do command -v $tool >/dev/null || { echo "build-image: $tool is not installed" >&2; exit 1; }; done
./mvnw -q -DskipTests -Prelease -pl cli -am package
rm -rf deploy/target && mkdir -p deploy/target
unzip -q cli/target/stepstream-*.zip -d deploy/target
mv deploy/target/stepstream-* deploy/target/release
docker build ${BASE:+--build-arg BASE="$BASE"} -t "${IMAGE:-stepstream:0.1.0}" -f deploy/Dockerfile deploy
