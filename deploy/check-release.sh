#!/bin/sh
# Builds the release twice out of what is committed, in two folders, and looks into it: the same bytes, nothing that belongs to one machine, a launcher that
# answers, and papers that name every jar of others. Ten minutes or so; what it tells of the last time is in docs/containers.md.
set -eu
cd "$(dirname "$0")/.."
say() { echo "check-release: $1" >&2; }
die() { say "$1"; exit 1; }
for tool in git unzip cmp python3; do command -v $tool >/dev/null || die "$tool is not installed"; done
. .mvn/find-jdk.sh
set +f
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# Leaves FOLDER/release.zip.
build() {
  mkdir "$work/$1"
  git archive HEAD | tar -x -C "$work/$1"
  (cd "$work/$1" && ./mvnw -q --batch-mode -DskipTests -Prelease -pl cli -am package) || die "the build failed"
  set -- "$1" "$work/$1"/cli/target/stepstream-*.zip
  [ $# = 2 ] && [ -f "$2" ] || die "one zip is expected in cli/target"
  cp "$2" "$work/$1.zip"
  rm -rf "${work:?}/$1"
}
build one
build elsewhere
cmp "$work/one.zip" "$work/elsewhere.zip" || die "two builds differ"
say "twice the same $(wc -c <"$work/one.zip") bytes, SHA-256 $(sha256sum <"$work/one.zip" | cut -d ' ' -f 1)"

unzip -q "$work/one.zip" -d "$work/release"
"$work"/release/stepstream-*/bin/stepstream --help >/dev/null || die "its launcher does not start"
python3 - "$work/one.zip" <<'PYTHON' || die "it is not as it should be"
import json, posixpath, sys, zipfile

archive = zipfile.ZipFile(sys.argv[1])
root = archive.namelist()[0].split("/")[0]
wrong = ["%s has a time of its own: %s" % (entry.filename, entry.date_time)
         for entry in archive.infolist() if entry.date_time != archive.infolist()[0].date_time]
# An AOT cache fits one machine's JDK.
wrong += [name + " does not belong there" for name in archive.namelist() if name.endswith((".aot", ".jsa"))]
parts = json.loads(archive.read(root + "/sbom.cdx.json"))["components"]
licences = archive.read(root + "/THIRD-PARTY.txt").decode()
wrong += ["of unknown licence: " + line for line in licences.splitlines() if "unknown license" in line.lower()]
jars = [posixpath.basename(name)[:-len(".jar")] for name in archive.namelist() if name.endswith(".jar")]
others = [jar for jar in jars if not jar.startswith("stepstream-")]
for jar in others:
    # Its name may end with a classifier.
    named = [part for part in parts if (jar + "-").startswith("%s-%s-" % (part["name"], part["version"]))]
    if not named:
        wrong.append(jar + " is not in sbom.cdx.json")
    if not any("(%s:%s:%s" % (part["group"], part["name"], part["version"]) in licences for part in named):
        wrong.append(jar + " is not in THIRD-PARTY.txt")
for line in wrong:
    print("check-release: " + line, file=sys.stderr)
if not others:
    sys.exit("no jar of others")
print("check-release: %d jars of others, each in its SBOM and with its licence; %d of ours" % (len(others), len(jars) - len(others)), file=sys.stderr)
sys.exit(1 if wrong else 0)
PYTHON
