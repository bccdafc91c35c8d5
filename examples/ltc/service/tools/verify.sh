#!/usr/bin/env bash
# The hook 'verify': reports whether the last deployment came up.
set -euo pipefail
[ "$(tail -n 1 deployments.log)" = deployed ]
