/** The page of the results: everything that it needs is in it, so that it opens from a disk. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { COMMANDS, type CommandName, type Results } from '../outcome.ts';
import { figure, share, type Report, type Section } from '../report.ts';
import type { Target } from '../target.ts';

const TITLES: Readonly<Record<CommandName, string>> = {
  bench: 'One core, beside a bare passthrough',
  peers: 'Beside other gateways',
  stages: 'Where the time goes',
  scale: 'As it grows',
};
const RUNS: Readonly<Record<CommandName, string>> = {
  bench: 'npm run bench',
  peers: 'npm run bench:peers',
  stages: 'npm run bench:stages',
  scale: 'npm run bench:scale',
};

/** The page as HTML. */
export async function pageOf(results: Results): Promise<string> {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  const [plotStyle, plotScript, style, script] = await Promise.all([
    readFile(join(uplot, 'uPlot.min.css'), 'utf8'),
    readFile(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
    readFile(join(import.meta.dirname, 'page.css'), 'utf8'),
    readFile(join(import.meta.dirname, 'plots.js'), 'utf8'),
  ]);
  const there = COMMANDS.filter((name) => results.reports[name] !== undefined);
  const reports = there.map((name) => reportHtml(name, results.reports[name] as Report));
  const links = there.map((name) => `<a href="#${name}">${TITLES[name]}</a>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatewright benchmarks</title>
<style>${plotStyle}</style>
<style>${style}</style>
</head>
<body>
<header><h1>Gatewright benchmarks</h1><nav>${links}</nav></header>
<main>
${targetsHtml(results.targets)}
${reports.join('\n')}
</main>
<script type="application/json" id="results">${JSON.stringify(results.reports).replaceAll('<', String.raw`\u003c`)}</script>
<script>${plotScript}</script>
<script>${script}</script>
</body>
</html>
`;
}

function targetsHtml(targets: readonly Target[]): string {
  const met = targets.filter((target) => target.met).length;
  const rows = targets.map(
    ({ name, value, target, met: isMet }) =>
      `<tr><td>${escaped(name)}</td><td class="figure">${figure(value)}</td><td class="figure">${escaped(target)}</td>` +
      `<td class="${isMet ? 'met' : 'missed'}">${isMet ? '✓ met' : '✗ not met'}</td></tr>`,
  );
  return `<section id="targets"><h2>Targets <span class="count">${met} of ${targets.length} met</span></h2>
<div class="card"><div class="scroll"><table>
<thead><tr><th>what</th><th class="figure">found</th><th class="figure">target</th><th></th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div></div></section>`;
}

function reportHtml(name: CommandName, { environment, settings, sections, failed }: Report): string {
  const facts = Object.entries({ ...environment, ...settings }).map(
    ([key, value]) => `<div><dt>${escaped(words(key))}</dt><dd>${escaped(String(value))}</dd></div>`,
  );
  const cards = sections.map((section, index) => sectionHtml(section, `${name}:${index}`));
  return `<section id="${name}"><h2>${TITLES[name]} <code>${RUNS[name]}</code></h2>
<dl class="facts">${facts.join('')}</dl>
${failed.map((one) => `<p class="missed">Could not be measured: ${escaped(one)}</p>`).join('')}
<div class="cards">${cards.join('\n')}</div></section>`;
}

function sectionHtml(section: Section, place: string): string {
  const to = section.ratioTo === undefined ? '' : `× ${section.ratioTo}`;
  const rows = section.rows.map(
    ({ what, unit, value, ratio }) =>
      `<tr><td>${escaped(what)}</td><td class="figure">${figure(value.median)}</td><td>${escaped(unit)}</td>` +
      `<td class="figure spread">${figure(value.low)} – ${figure(value.high)}</td>` +
      `<td class="figure">${ratio === undefined ? '' : share(ratio.median)}</td>` +
      `<td class="figure spread">${ratio === undefined ? '' : `${share(ratio.low)} – ${share(ratio.high)}`}</td></tr>`,
  );
  const verdicts = [
    ...(section.targets ?? []).map(({ name, value, target, met }) => ({
      text: `${name} ${target}: ${figure(value)}`,
      met,
    })),
    ...(section.verdicts ?? []).map(({ aim, found, met }) => ({ text: `${aim}: ${found}`, met })),
  ].map(
    ({ text, met }) => `<li class="${met ? 'met' : 'missed'}">${met ? '✓' : '✗'} <span>${escaped(text)}</span></li>`,
  );
  return `<article class="card"><h3>${escaped(section.title)}</h3><p>${escaped(section.about)}</p>
${section.notes === undefined ? '' : `<ul class="notes">${section.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`}
<div class="plot" data-place="${place}"></div>
${verdicts.length === 0 ? '' : `<ul class="verdicts">${verdicts.join('')}</ul>`}
<details><summary>All figures</summary><div class="scroll"><table>
<thead><tr><th></th><th class="figure">median</th><th>unit</th><th class="figure">low – high</th><th class="figure">${escaped(to)}</th><th class="figure">${to === '' ? '' : 'low – high'}</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div></details></article>`;
}

/** `loadBefore` as words. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
