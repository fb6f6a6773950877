#!/usr/bin/env bash
# Runs the public federation gateway audit (repository graphql-hive/federation-gateway-audit, nothing of which stands here) against this
# working tree.
#
#   AUDIT_RUNNER   a script that is given `-- COMMAND` and starts COMMAND once per suite with PORT, HOST and SUPERGRAPH set
#   AUDIT_DIR      for the runner: a ready copy of the audit
#
# Arguments go to the runner: npm run audit -- --only simple-entity-call --verbose
set -euo pipefail
cd "$(dirname "$0")/.."
runner=${AUDIT_RUNNER:-}
if [ ! -f "$runner" ]; then
  echo 'Set AUDIT_RUNNER to a script that runs the audit' >&2
  exit 2
fi
npm run -s build
exec bash "$runner" "$@" --health-path /ready -- \
  "exec node $PWD/dist/src/cli/main.js start --supergraph \"\$SUPERGRAPH\" --host \"\$HOST\" --port \"\$PORT\""
