#!/usr/bin/env bash
# The hook 'verify': says whether the last deployment came up.
set -euo pipefail
[ "$(tail -n 1 deployments.log)" = deployed ]
