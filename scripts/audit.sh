#!/usr/bin/env bash
# Runs the public federation gateway audit (repository graphql-hive/federation-gateway-audit, nothing of which stands here) against this
# working tree.
#
#   AUDIT_RUNNER   a script that is given `-- COMMAND` and starts COMMAND once per suite with PORT, HOST and SUPERGRAPH set
#                  (default: audit/run.sh in a folder `shared` beside this repository)
#   AUDIT_DIR      for the runner: a ready copy of the audit
#
# Arguments go to the runner: npm run audit -- --only simple-entity-call --verbose
set -euo pipefail
cd "$(dirname "$0")/.."
runner=${AUDIT_RUNNER:-../shared/audit/run.sh}
if [ ! -f "$runner" ]; then
  echo "No audit runner at $runner: set AUDIT_RUNNER (see docs/conformance.md)" >&2
  exit 2
fi
npm run -s build
exec bash "$runner" "$@" --health-path /ready -- \
  "exec node $PWD/dist/src/cli/main.js start --supergraph \"\$SUPERGRAPH\" --host \"\$HOST\" --port \"\$PORT\""
