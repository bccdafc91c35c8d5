// Opens the pages of the built site in headless Chromium, narrow and wide, light and dark, and says what a reader would
// stumble over: what axe-core finds, errors, requests to another host, a page that scrolls sideways. The first page is also
// walked through with the tab key, and looked at with the search and, narrow, with the menu open.
//   node site.mjs SCREENSHOTS HTML [PAGE...]     PAGE is a place on the site, such as de/emergency; without one, all pages.
//                                               CHROMIUM names the browser; without pictures, SCREENSHOTS is ''
// Ends with 0 only when nothing was found; the last line says how many views were looked at.
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [folder, html, ...named] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { config } = JSON.parse(fs.readFileSync(path.join(html, 'search/search_index.json'), 'utf8'));
if (folder) fs.mkdirSync(folder, { recursive: true });

// The site is published beside those of other versions, and each page asks for their list.
const ROOT = '/secrets/';
const VERSION = `${ROOT}0.1.0/`;
const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };
const server = http.createServer((request, response) => {
  const asked = decodeURIComponent(new URL(request.url, 'http://site').pathname);
  if (asked === `${ROOT}versions.json` || asked === '/versions.json') {
    return response.end('[{ "version": "0.1.0", "title": "0.1.0", "aliases": ["latest"] }]');
  }
  // The page for a lost reader has absolute links, in a build without mike to no version.
  let file = path.join(html, asked.slice((asked.startsWith(VERSION) ? VERSION : ROOT).length));
  if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) file = path.join(file, 'index.html');
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  fs.createReadStream(file).pipe(response);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

// Tabs through the page until it begins again: each place that has its turn is in sight and has a ring.
async function faultsOfKeyboard(page) {
  const faults = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const { again, shown, text } = await page.evaluate(() => {
      const focused = document.activeElement;
      const again = focused === document.body || 'hadItsTurn' in focused.dataset;
      focused.dataset.hadItsTurn = '';
      // The switch between light and dark has its ring on its label.
      const part = focused.matches('.md-option') ? focused.nextElementSibling : focused;
      const box = part.getBoundingClientRect();
      const shown = getComputedStyle(part).outlineStyle !== 'none' && box.width > 0 && box.right > 0 && box.left < window.innerWidth;
      return { again, shown, text: focused.outerHTML.slice(0, 120) };
    });
    if (again) return faults;
    if (!shown) faults.push(`the focus cannot be seen: ${text}`);
  }
}

// Looks at a page, or at what a step makes of it, in these widths.
async function look(place, widths, step) {
  const faults = [];
  let view = place;
  const note = (fault) => faults.push(`${view}: ${fault}`.replace(/\s+/g, ' '));
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()}`));
  page.on('pageerror', (error) => note(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url())) note(`request: ${request.url()}`);
  });
  // Each page would read the index of the search, which is large.
  if (!step) await page.route('**/search_index.json', (route) => route.fulfill({ json: { config, docs: [] } }));
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${origin}${VERSION}${place === '.' || place.endsWith('.html') ? place : `${place}/`}`);
    await page.addStyleTag({ content: '* { transition: none !important }' });
    await page.evaluate(axe);
    await step?.(page);
    for (const [number, scheme] of ['light', 'dark'].entries()) {
      view = `${place === '.' ? 'start' : place.replaceAll('/', '-')}${step ? `-${step.name}` : ''}-${width}-${scheme}`;
      await page.evaluate((id) => document.getElementById(id).click(), `__palette_${number}`);
      if (folder) await page.screenshot({ path: path.join(folder, `${view}.png`) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) note(`the page is ${wide} px wide`);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, help, nodes } of found.violations) {
        note(`axe ${id}: ${help}: ${nodes[0].html.slice(0, 120)} (${nodes.length} places)`);
      }
      views++;
    }
    if (place === pages[0] && step !== search) (await faultsOfKeyboard(page)).forEach(note);
  }
  await page.close();
  return faults;
}

async function search(page) {
  await page.keyboard.press('/');
  await page.keyboard.type('rotate a password');
  await page.locator('.md-search-result__item').first().waitFor();
}

async function menu(page) {
  await page.locator('.md-header__button[for=__drawer]').click();
}

// Each page of Material is a folder; what lies beside them in decision are reports, which check.mjs looks at.
const all = fs.readdirSync(html, { recursive: true }).filter((file) => path.basename(file) === 'index.html').map((file) => path.dirname(file)).sort();
const pages = named.length > 0 ? named : [...all, '404.html'];
// A browser's sandbox does not start for root; the page is our own.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
const looks = [...pages.map((place) => [place, [390, 1280]]), [pages[0], [390, 1280], search], [pages[0], [390], menu]].reverse();
let views = 0;
let faults = 0;
async function lane() {
  while (looks.length > 0) {
    for (const fault of await look(...looks.pop())) {
      console.error(fault);
      faults++;
    }
  }
}
await Promise.all([lane(), lane()]);
await browser.close();
console.log(`site in a browser: ${views} views of ${pages.length} pages, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
