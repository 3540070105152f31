/** What `start` says when the gateway is ready. */
import type { AddressInfo } from 'node:net';
import type { Kernel } from '../kernel/kernel.ts';
import { isLoopback, plainPath, urlOf } from './address.ts';
import { count } from '../count.ts';
import { curlLine } from './curl.ts';
import type { Colors } from './terminal.ts';

export interface Ready {
  readonly kernel: Kernel;
  readonly version: string;
  readonly address: AddressInfo;
  /** Milliseconds from the start of the process. */
  readonly boot: number;
  /** How many processes serve. Default 1. */
  readonly workers?: number;
}

/** How many models are named before the rest is only counted. */
const NAMED = 8;

export function banner({ kernel, version, address, boot, workers = 1 }: Ready, colors: Colors): string {
  const url = urlOf(address.address, address.port);
  const curl = curlLine(kernel, url);
  const rows: [string, string][] = [
    ['address', listening(address, url, colors)],
    ['models', modelNames(kernel)],
    ...surfaceRows(kernel),
    ['plugins', pluginCount(kernel)],
    ...(workers === 1 ? [] : ([['workers', `${workers} processes`]] satisfies [string, string][])),
    ...(curl === undefined ? [] : ([['try', curl]] satisfies [string, string][])),
  ];
  const title = `${colors.bold('Gatewright')} ${version}  ${colors.green(`ready in ${Math.round(boot)} ms`)}`;
  const lines = rows.map(([name, value]) => `  ${colors.dim(name.padEnd(9))} ${value}`);
  const warning = openDoor(kernel, address);
  const loud = warning === undefined ? [] : ['', `  ${colors.bold(colors.red(`WARNING: ${warning}`))}`];
  return ['', `  ${title}`, '', ...lines, ...loud, ''].join('\n');
}

function listening({ address }: AddressInfo, url: string, colors: Colors): string {
  const all = address === '0.0.0.0' || address === '::' ? colors.dim('  (every address of this machine)') : '';
  return colors.cyan(url) + all;
}

function modelNames(kernel: Kernel): string {
  const { names } = kernel.models;
  if (names.length === 0) return 'none: every request will be refused';
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + rest;
}

/** One row for each dialect that chats, with the first path that it is spoken at. */
function surfaceRows({ surfaces, dialects }: Kernel): [string, string][] {
  if (surfaces.length === 0) return [['surfaces', 'none: add a plugin that brings one']];
  const chats = surfaces.filter(({ dialect }) => dialects.get(dialect)?.operation === 'chat');
  const first = new Map<string, string>();
  for (const { dialect, method, path } of chats.length > 0 ? chats : surfaces) {
    if (!first.has(dialect)) first.set(dialect, `${method} ${plainPath(path)}`);
  }
  const width = Math.max(...[...first.values()].map((route) => route.length));
  const rows = [...first].map(([dialect, route]) => `${route.padEnd(width)}  ${dialect}`);
  const others = new Set(surfaces.map(({ method, path }) => `${method} ${path}`)).size - new Set(first.values()).size;
  if (others > 0) rows.push(`and ${count(others, 'more route')}: gatewright plan`);
  return rows.map((row, index) => [index === 0 ? 'surfaces' : '', row]);
}

function pluginCount({ config }: Kernel): string {
  const skipped = config.skipped.filter(({ what }) => what.startsWith('plugin ')).length;
  return skipped === 0 ? `${config.plugins.length}` : `${config.plugins.length} (${skipped} switched off by "if")`;
}

/** Whoever can reach an open gateway spends its owner's money. */
function openDoor(kernel: Kernel, { address }: AddressInfo): string | undefined {
  if (kernel.hooks.list('auth').length > 0 || isLoopback(address)) return undefined;
  return `no auth plugin is configured, and ${address} is reachable from outside: anyone can use this gateway.`;
}
