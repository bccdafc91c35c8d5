// Reads secrets from `secrets agent`: copy this file. docs/agent-clients.md says more.
import http from 'node:http';
import { urlToHttpOptions } from 'node:url';

const agent = process.env.SECRETS_AGENT || '/run/secrets-agent/agent.sock';
const token = process.env.SECRETS_AGENT_TOKEN?.trim();

/** The agent's address for http.get. No error shows it, for its path may have a token. */
function place() {
  if (!agent.includes('://')) return { socketPath: agent, pathname: '' };
  if (agent.startsWith('http://') && URL.canParse(agent)) return urlToHttpOptions(new URL(agent));
  throw new Error("Cannot use the agent's address: expected the path of a socket, or http://127.0.0.1:PORT.");
}

/** Reads a secret as a Buffer; rejects with an Error, whose `status` is that of the agent's answer. */
export async function secret(name) {
  const to = place();
  const path = to.pathname.replace(/\/$/, '') + '/v1/secrets/' + name.split('/').map(encodeURIComponent).join('/');
  const headers = { 'Secrets-Request': 'true', ...(token && { Authorization: `Bearer ${token}` }) };
  return new Promise((resolve, reject) => {
    const failed = (why, status) =>
      reject(Object.assign(new Error(`Cannot read secret '${name}': ${why}.`), { status }));
    const request = http.get({ ...to, path, headers, timeout: 30_000 }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', (error) => failed(error.message));
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(Buffer.concat(parts));
        else failed(`the agent answered ${answer.statusCode}`, answer.statusCode);
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 30 s')));
    request.on('error', (error) => failed(error.message));
  });
}
