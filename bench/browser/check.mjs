// Opens each page in headless Chromium, wide and narrow, light and dark, and says what a reader
// would stumble over: errors, requests, overflow, tables cut off on screen or paper, what axe-core
// finds; in a decision report plots without a table, in a status page what the keyboard cannot reach.
//   node check.mjs SCREENSHOTS FILE.html ...      CHROMIUM names another browser; without pictures, SCREENSHOTS is ''
// Ends with 0 only when nothing was found; the last line says how many views were looked at.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined || files.length === 0) {
  console.error('Usage: node check.mjs SCREENSHOTS FILE.html ...');
  process.exit(2);
}
const PAPER = 665; // A4 less the margins of the style sheet, in the pixels of CSS
const LANDSCAPE = 1017; // the same for a status page, which lies on its side
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = folder !== '';
if (pictures) mkdirSync(folder, { recursive: true });

// Runs in the page: what reaches beyond the window. Where there is room, no table has to be pushed
// aside to be read; those of a status page nowhere, because a phone is what one has at night.
function faultsOfWidth() {
  const faults = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) faults.push(`the page is ${wide} px wide, the window ${window.innerWidth}`);
  const status = document.querySelector('meta[name=generator][content^="status-page"]');
  if (window.innerWidth < 1000 && !status) return faults;
  for (const box of document.querySelectorAll('.scroll')) {
    if (box.scrollWidth > box.clientWidth) {
      faults.push(`a table is ${box.scrollWidth} px wide, its place ${box.clientWidth}: ${box.querySelector('.caption').textContent}`);
    }
  }
  return faults;
}

// Runs in a status page: what is wrong with it, one sentence each.
function faultsOfStatus() {
  const faults = [];
  if (document.scripts.length > 0) faults.push('a script');
  for (const link of document.querySelectorAll('a')) {
    if (!document.querySelector(link.hash || 'none')) faults.push(`a link to nowhere: ${link.textContent}`);
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption?.textContent || table.tBodies[0].rows.length === 0) {
      faults.push(`a table without caption or rows: ${table.caption?.textContent}`);
    }
  }
  if (document.querySelectorAll('table').length < 3) faults.push('fewer tables than one environment has');
  return faults;
}

// Walks through the page with the tabulator: every link and every part that scrolls has its turn, and
// shows that it has.
async function faultsOfKeyboard(page) {
  const faults = [];
  const wanted = await page.evaluate(() => document.querySelectorAll('a[href], [tabindex="0"]').length);
  const seen = new Set();
  for (let i = 0; i < wanted; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href], [tabindex="0"]')];
      const focused = document.activeElement;
      return { place: all.indexOf(focused), shown: getComputedStyle(focused).outlineStyle !== 'none', text: focused.textContent.slice(0, 40) };
    });
    seen.add(at.place);
    if (!at.shown) faults.push(`the focus cannot be seen: ${at.text}`);
  }
  if (seen.size !== wanted || seen.has(-1)) faults.push(`the keyboard reaches ${seen.size} of ${wanted} places`);
  return faults;
}

// Runs in a report: what is wrong with it, one sentence each.
function faultsOfReport() {
  const faults = [];
  const plots = [...document.querySelectorAll('svg')];
  if (plots.length === 0) faults.push('no plot');
  for (const plot of plots) {
    const name = plot.querySelector('title')?.textContent ?? '';
    if (!name || !plot.querySelector('desc')?.textContent) faults.push(`a plot without title or description: ${name}`);
    const rows = plot.closest('figure')?.nextElementSibling?.querySelectorAll('tbody tr').length ?? 0;
    if (rows === 0) faults.push(`no table below the plot: ${name}`);
    const box = plot.viewBox.baseVal;
    for (const text of plot.querySelectorAll('text')) {
      const place = text.getBBox();
      if (place.x < -1 || place.x + place.width > box.width + 1) {
        faults.push(`cut off in the plot ${name}: ${text.textContent}`);
      }
    }
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.querySelector('caption .note')?.textContent) {
      faults.push(`a table that does not say what was real: ${table.caption?.textContent}`);
    }
  }
  return faults;
}

// Runs in the page as it is printed on A4: what would not be on the paper.
function faultsOnPaper() {
  return [...document.querySelectorAll('table, svg')]
    .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((part) => `cut off on paper: ${part.querySelector('.caption, title')?.textContent}`);
}

async function look(browser, file, width, scheme) {
  const url = pathToFileURL(resolve(file)).href;
  const faults = [];
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  faults.push(...(await page.evaluate(faultsOfWidth)));
  const status = (await page.locator('meta[name=generator][content^="status-page"]').count()) > 0;
  faults.push(...(await page.evaluate(status ? faultsOfStatus : faultsOfReport)));
  if (status) {
    faults.push(...(await faultsOfKeyboard(page)));
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of found.violations) {
    faults.push(`axe ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 120)} (${violation.nodes.length} places)`);
  }
  const name = `${basename(file, '.html')}-${width}-${scheme}`;
  if (pictures) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  if (width > 1000 && scheme === 'light') {
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: status ? LANDSCAPE : PAPER, height: 900 });
    faults.push(...(await page.evaluate(faultsOnPaper)));
    await page.emulateMedia({ media: null });
    if (pictures) await page.pdf({ path: join(folder, `${basename(file, '.html')}.pdf`), format: 'A4', preferCSSPageSize: true });
  }
  await context.close();
  return faults.map((fault) => `${name}: ${fault}`);
}

// A browser's sandbox does not start for root; the page is our own.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const faults = [];
let views = 0;
for (const file of files) {
  for (const width of [1280, 390]) {
    for (const scheme of ['light', 'dark']) {
      faults.push(...(await look(browser, file, width, scheme)));
      views++;
    }
  }
}
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`report: ${views} views of ${files.length} files, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
