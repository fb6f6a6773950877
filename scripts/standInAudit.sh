#!/usr/bin/env bash
# Stands in for the runner of the public audit (see audit.sh), so that CI can run that script without a copy of the audit: starts the gateway
# that it is given as the runner does, on the demo's supergraph, and asks it one thing.
set -euo pipefail
while [ "$1" != '--' ]; do shift; done
export SUPERGRAPH=$PWD/schema/supergraph.graphql HOST=127.0.0.1
PORT=$(node -e 'const s = require("node:net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
export PORT
bash -c "$2" >/dev/null &
gateway=$!
trap 'kill "$gateway" 2>/dev/null || true; wait "$gateway" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  answer=$(curl -s "http://$HOST:$PORT/graphql" -H 'content-type: application/json' -d '{"query":"{ __typename }"}' || true)
  [ "$answer" = '{"data":{"__typename":"Query"}}' ] && { echo 'audit.sh: the gateway that it starts answers'; exit 0; }
  sleep 0.1
done
echo "audit.sh: the gateway that it starts does not answer: $answer" >&2
exit 1
