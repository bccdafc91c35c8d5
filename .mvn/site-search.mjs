// Asks the search of the built site what a newcomer would ask, with the programs that the browser runs:
//   node .mvn/site-search.mjs FOLDER              each question, where FOLDER has the HTML of the site
//   node .mvn/site-search.mjs FOLDER QUESTION     the ten pages that the search lists first for this question
// One of the pages beside a question must be among the first three. Prints each that is not; status 1 if there is one.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

const QUESTIONS = `
what does exit code 9 mean                     reference/exit-codes cli
why is my value STALE                          cache
move from files to Vault                       moving
who read this secret                           audit
rotate a database password in Quarkus          quarkus
secret was committed to git                    emergency scan
how do I rotate a password                     rotation first-rotation
Spring Boot property from a secret             spring-boot
HikariCP password rotation                     jdbc
install without Java                           packages install
where is the key file                          gpg-store
store is down outage                           cache
THROTTLED error                                reference/errors
VAULT_TOKEN AppRole login                      vault-store
managed identity Azure                         azure-store
AWS role permissions                           aws-store policies
default timeout setting                        reference/settings
run a program with secrets as environment variables  exec wiring
secrets in GitHub Actions                      deploy
Kubernetes                                     kubernetes
read a secret from Python                      agent-clients
rename a secret                                rename
restore a backup                               backup
add a colleague as recipient                   share-a-store
rotate every night with cron                   rotation first-rotation reference/commands/schedule
test my service with a fake store              guide spring-boot
Prometheus alert                               metrics alerts
which backend should I choose                  decision-report decision
keep secrets from Claude or another coding agent  coding-agents
pre-commit hook                                scan
import a .env file                             edit-and-import
first secret tutorial                          first-secret
secrets.yaml inventory keys                    inventory
how fast is a cached read                      performance
is the value encrypted in memory               threat-model
write my own backend                           writing-a-provider
Kafka                                          kafka
how old can a value be                         cache
my database pool fails after a rotation        jdbc spring-boot
secret leaked in a log                         scan emergency
undo a rotation                                rotation first-rotation
run the agent as a systemd service             agent
what happens when the store is down            cache
was ist ein offengelegtes Secret               de/emergency
`;

const folder = process.argv[2];
const assets = path.join(folder, 'assets/javascripts');
const worker = fs.readdirSync(path.join(assets, 'workers')).find((name) => /^search\..*\.js$/.test(name));

/** The worker of the search as the page starts it: a message goes through site.js, and comes back as its answer. */
function start() {
  let listener, answered;
  const run = (context, place) => vm.runInContext(fs.readFileSync(place, 'utf8'), context);
  const inside = vm.createContext({
    addEventListener: (kind, found) => (listener = found),
    console,
    importScripts: (...places) => places.forEach((place) => run(inside, path.join(assets, 'workers', place))),
    postMessage: (answer) => answered(answer.data),
  });
  inside.self = inside;
  run(inside, path.join(assets, 'workers', worker));
  class Worker {
    postMessage(message) {
      return new Promise((resolve) => ((answered = resolve), listener({ data: message })));
    }
  }
  class MutationObserver {
    observe() {}
  }
  const document = { body: null, querySelector: () => null, querySelectorAll: () => [] };
  run(vm.createContext({ Worker, MutationObserver, document }), path.join(folder, 'site/site.js'));
  return new Worker();
}

const [SETUP, QUERY] = [0, 2];
const search = start();
const ask = (type, data) => search.postMessage({ type, data });
await ask(SETUP, { ...JSON.parse(fs.readFileSync(path.join(folder, 'search/search_index.json'), 'utf8')), options: { suggest: false } });

async function pages(question) {
  const places = (await ask(QUERY, question)).items.map((sections) => sections[0].location.replace(/(?:^|\/)(?:#.*)?$/, ''));
  return [...new Set(places)];
}

if (process.argv[3]) {
  console.log((await pages(process.argv.slice(3).join(' '))).slice(0, 10).join('\n'));
  process.exit();
}
let missed = 0;
const questions = QUESTIONS.trim().split('\n').map((line) => line.split(/ {2,}/));
for (const [question, expected] of questions) {
  const first = (await pages(question)).slice(0, 3);
  if (!expected.split(' ').some((page) => first.includes(page))) {
    missed++;
    console.log(`site: the search answers '${question}' with ${first.join(', ')}, not with ${expected}`);
  }
}
console.log(`site: the search was asked ${questions.length} questions, and missed ${missed}`);
process.exit(missed ? 1 : 0);
