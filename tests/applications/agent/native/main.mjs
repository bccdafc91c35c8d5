// Reads by clients/node/secrets.mjs, before and after a rotation.
import { once } from 'node:events';
import { secret } from './secrets.mjs';

const WORDS = { 403: 'access-denied', 404: 'not-found' };

async function said(name) {
  try {
    return (await secret(name)).toString();
  } catch (failure) {
    return WORDS[failure.status] ?? failure.message;
  }
}

console.log('version', process.version);
console.log('value', await said('prod/APP_KEY'));
await once(process.stdin, 'data');
console.log('value', await said('prod/APP_KEY'));
console.log('absent', await said('prod/ABSENT'));
console.log('denied', await said('prod/HIDDEN'));
process.stdin.destroy();
