#!/usr/bin/env bash
# The hook 'invalidate-sessions': forces everybody who is logged in to log in again.
set -euo pipefail
: >sessions
