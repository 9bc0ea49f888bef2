#!/bin/sh
# Makes the secrets of an installation, once: token keys, the query API's secret, and who may call the gateway. What is there already stays.
# Prints the key of the operator, of which only a hash is kept.
set -eu
cd "$(dirname "$0")/.."
secrets=${1:-deploy/secrets}
umask 077
mkdir -p "$secrets"
random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
if [ ! -e "$secrets/stepstream.env" ]; then
  printf 'STEPSTREAM_TOKEN_SECRETS=1:%s\nSTEPSTREAM_API_SECRET=%s\n' "$(random)" "$(random)" >"$secrets/stepstream.env"
fi
if [ ! -e "$secrets/credentials.json" ]; then
  ${STEPSTREAM:-./stepstream} keys create --file "$secrets/credentials.json" --principal operator --role deployer --role operator --role worker
  # The gateway's user is another one in its container; this folder is closed to others.
  chmod 0644 "$secrets/credentials.json"
fi
