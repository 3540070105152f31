/** Tests that run the documents' programs, first planted ones, then those of the documents against the quick start. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTree } from '../house/tree.ts';
import { blocksOf, isDocument, type Block } from './blocks.ts';
import { runBlock, runCommand, type Outcome } from './program.ts';
import { startQuickstart, type Quickstart } from './quickstart.ts';
import { commandsOf, kindOf } from './shell.ts';
import { Workshop } from './workshop.ts';

const workshop = new Workshop('program');
afterAll(() => workshop.remove());

const planted = (language: string, text: string): Block => ({ path: 'README.md', line: 3, language, run: true, text });

describe('planted programs', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url === '/gone' ? 404 : 200;
      response.end(`answer to ${request.url}`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test('the documented address is replaced, in curl lines and in TypeScript', async () => {
    const shell = await runBlock(planted('sh', 'curl http://localhost:4000/a \\\n  -H "x: y"\n'), url, workshop);
    expect(shell).toMatchObject({ code: 0, stdout: 'answer to /a' });
    const program =
      "const reply: Response = await fetch('http://127.0.0.1:4000/b');\nconsole.log(await reply.text());\n";
    expect(await runBlock(planted('ts', program), url, workshop)).toMatchObject({ code: 0, stdout: 'answer to /b\n' });
  });

  test('an answer that is an error fails, and so does a program that throws', async () => {
    expect((await runBlock(planted('sh', 'curl http://127.0.0.1:4000/gone\n'), url, workshop)).code).not.toBe(0);
    expect((await runBlock(planted('ts', "throw new Error('no');\n"), url, workshop)).code).not.toBe(0);
  });

  test('a command that fails is told with what it said', async () => {
    const outcome = await runCommand('echo why >&2; false');
    expect(outcome).toMatchObject({ code: 1, stderr: 'why\n' });
  });
});

const blocks = readTree()
  .filter(isDocument)
  .flatMap(blocksOf)
  .filter(({ walk, guide }) => walk === undefined && guide === undefined);
const named = <T>(list: readonly T[], block: (one: T) => Block) =>
  list.map((one) => [`${block(one).path}:${block(one).line}`, one] as const);

/** It ended well and said something. */
function well({ code, stdout, stderr }: Outcome): void {
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout.trim(), 'it said nothing').not.toBe('');
}

const calls = (text: string): boolean => commandsOf(text).some((command) => kindOf(command) === 'curl');
const talking = blocks.filter(({ language, run, text }) =>
  language === 'ts' ? run : language === 'sh' && calls(text),
);

describe.runIf(talking.length > 0)('the programs of the documents', () => {
  let quickstart: Quickstart | undefined;
  beforeAll(async () => {
    quickstart = await startQuickstart();
  });
  afterAll(() => quickstart?.stop());

  test.each(named(talking, (one) => one))('%s gets an answer', { timeout: 40_000 }, async (_where, one) => {
    well(await runBlock(one, quickstart?.url ?? '', workshop));
  });
});

const lines = blocks.flatMap((block) =>
  block.language === 'sh' ? commandsOf(block.text).map((command) => ({ block, command })) : [],
);
const own = lines.filter(({ command }) => kindOf(command) === 'gatewright');

describe.runIf(own.length > 0)('the command lines of the documents', () => {
  test.each(named(own, (one) => one.block))('%s succeeds', { timeout: 40_000 }, async (_where, { command }) => {
    well(await runCommand(command));
  });
});
