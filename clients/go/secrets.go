// Reads secrets from `secrets agent`: copy this file. docs/agent-clients.md says more.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Status is the status of an answer that is no value.
type Status int

func (s Status) Error() string { return fmt.Sprintf("the agent answered %d", int(s)) }

// Secret reads a secret; the error of an answer that is no value wraps a Status.
func Secret(name string) ([]byte, error) {
	base, transport := strings.TrimSuffix(os.Getenv("SECRETS_AGENT"), "/"), &http.Transport{DisableKeepAlives: true}
	if !strings.HasPrefix(base, "http://") {
		if strings.Contains(base, "://") {
			return nil, errors.New("cannot use the agent's address: expected the path of a socket, or http://127.0.0.1:PORT")
		}
		socket := base
		if socket == "" {
			socket = "/run/secrets-agent/agent.sock"
		}
		base = "http://127.0.0.1"
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}
	}
	path := strings.ReplaceAll(url.PathEscape(name), "%2F", "/")
	request, err := http.NewRequest("GET", base+"/v1/secrets/"+path, nil)
	if err != nil {
		return nil, failed(name, err)
	}
	request.Header.Set("Secrets-Request", "true")
	if token := strings.TrimSpace(os.Getenv("SECRETS_AGENT_TOKEN")); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := (&http.Client{Transport: transport, Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return nil, failed(name, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("cannot read secret '%s': %w", name, Status(answer.StatusCode))
	}
	return io.ReadAll(answer.Body)
}

// failed leaves out the address in the text of err, which may have a token in its path.
func failed(name string, err error) error {
	return fmt.Errorf("cannot read secret '%s': %w", name, errors.Unwrap(err))
}
