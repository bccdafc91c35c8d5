#!/usr/bin/env bash
# The hook 'deploy': restarts the service, which reads the values that are served now.
set -euo pipefail
secrets exec --for service -- ./server/main
echo "deployed" >>deployments.log
