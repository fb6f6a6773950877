#!/usr/bin/env bash
# Fails when `npm run generate` changed a committed file or made a new one: its source was edited and the result not committed.
set -euo pipefail
cd "$(dirname "$0")/.."
generated=(docs/configuration.md docs/errors.md schema/portico.schema.json schema/supergraph.graphql schema/api.graphql 'subgraphs/*/generated/*' 'test/demo-client/generated/*')
git diff --exit-code --stat -- "${generated[@]}"
new=$(git ls-files --others --exclude-standard -- "${generated[@]}")
if [ -n "$new" ]; then
  printf 'generated, but not committed:\n%s\n' "$new" >&2
  exit 1
fi
echo 'generated files are up to date'
