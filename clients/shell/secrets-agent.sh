# Reads a secret from `secrets agent`. For POSIX shells; needs curl.
#   . ./secrets-agent.sh
#   password=$(secret prod/DB_ADMIN_PW) || exit
# SECRETS_AGENT names the agent's socket or http://127.0.0.1:PORT, by default the usual socket of the user's
# agent, else of the system's; SECRETS_AGENT_TOKEN a token of its rules.
# Returns 0; 4 if there is no such secret, 3 if the rules do not allow it, 5 for anything else.
# The output is the value byte for byte; a shell variable loses zero bytes and line ends at the end.
# shellcheck shell=sh

secret() {
  if [ $# -ne 1 ] || [ -z "$1" ]; then
    echo "Cannot read a secret: expected one name." >&2
    return 2
  fi
  # A subshell keeps its variables and the locale to itself. No token is an argument, since
  # every user of the host sees those; curl reads it from its standard input.
  (
    LC_ALL=C
    export LC_ALL
    set +x
    place=${SECRETS_AGENT:-}
    if [ -z "$place" ]; then
      # Never loopback: while the agent is down, anyone can take its port and collect tokens.
      place=${XDG_RUNTIME_DIR:-/nonexistent}/secrets/agent.sock
      [ -S "$place" ] || place=/run/secrets-agent/agent.sock
    fi
    path=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g; s/%2f/\//g')
    case $place in # the other address of localhost may be another user's, who would get the token
      http://localhost | http://localhost[:/]*) place=http://127.0.0.1${place#http://localhost} ;;
    esac
    case $place in
      http://*) url=${place%/}/v1/secrets/$path socket= ;;
      *) url=http://127.0.0.1/v1/secrets/$path socket=$place ;;
    esac
    token=$(printf %s "${SECRETS_AGENT_TOKEN:-}") # without a line end
    case $token in # it would end the line of curl's settings
      *[\"\\[:cntrl:]]*) echo "Cannot read secret '$1': SECRETS_AGENT_TOKEN is not a token." >&2 && exit 5 ;;
    esac
    # --fail keeps the body of a failure out of the output; the status comes by the other stream.
    {
      status=$({
        printf 'header = "Secrets-Request: true"\n'
        printf 'url = "%s"\n' "$url" # here, since SECRETS_AGENT may have a token in its path
        [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$token"
      } | curl -q -s -f -K - --noproxy '*' --max-time 30 ${socket:+--unix-socket "$socket"} \
        -w '%{stderr}%{http_code}' 2>&1 >&3) && ended=0 || ended=$?
    } 3>&1
    case $status in
      200)
        [ $ended -eq 0 ] && exit
        echo "Cannot read secret '$1': the answer broke off (code $ended of curl)." >&2 && exit 5
        ;;
      404) echo "Cannot read secret '$1': there is none of that name." >&2 && exit 4 ;;
      403) echo "Cannot read secret '$1': the rules of the agent do not allow it." >&2 && exit 3 ;;
      000 | '') echo "Cannot read secret '$1': no agent answers. Start it with: secrets agent" >&2 && exit 5 ;;
      *) echo "Cannot read secret '$1': the agent answered $status." >&2 && exit 5 ;;
    esac
  )
}
