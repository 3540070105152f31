/** What every sink has to keep, as a suite: give it the plugin, and a way to read what it has put out. */
import assert from 'node:assert/strict';
import type { Plugin, PluginEntry } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { testGateway, type TestGateway } from '../gateway/gateway.ts';
import type { Script } from '../gateway/script.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';

/** One place for a sink to write to, empty at first. */
export interface SinkPlace {
  /** Options with which the sink writes there. */
  readonly options: Readonly<Record<string, unknown>>;
  /** All that it has put out so far. Called while the gateway runs, and where `readsClosed` is not false, when it has closed. */
  read(gateway: TestGateway['gateway']): Promise<string>;
  /** Cleans up. */
  close?(): Promise<void>;
}

export interface SinkSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  /** Options that it takes, for the tests of its schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
  /** Opens a place; called once per test. */
  open(): Promise<SinkPlace>;
  /** `records`: it tells of every exchange, by its id. `counts`: it only counts them. */
  readonly tells: 'records' | 'counts';
  /** Whether what it has put out can be read when the gateway has closed. Default true; false for what is scraped. */
  readonly readsClosed?: boolean;
}

interface Trial {
  readonly options: SinkSuiteOptions;
  onGateway(name: string, body: (stage: Stage) => Promise<void>, answer?: () => Script): void;
}

interface Stage extends TestGateway {
  /** Lets the sink finish, and answers with all that it has put out. */
  output(): Promise<string>;
}

const KEY = 'credential-9d1f4c7a2b80';
const QUESTION = 'question-4c1b77f2';

/** Registers the suite with the runner. */
export function sinkSuite(runner: Runner, options: SinkSuiteOptions): void {
  conforming(runner, 'sink', (tracked) => {
    const onGateway: Trial['onGateway'] = (name, body, answer = () => ({})) => {
      tracked.test(name, async () => {
        const place = await options.open();
        const { plugin, plugins } = options;
        const gateway = await testGateway({ plugin, ...(plugins && { plugins }), options: place.options, answer });
        try {
          await body({ ...gateway, output: () => outputOf(gateway, place, options.readsClosed ?? true) });
        } finally {
          await gateway.close();
          await place.close?.();
        }
      });
    };
    pluginTests(tracked, options);
    tracked.describe('the sink', () => {
      deliveryTests({ options, onGateway });
      discretionTests({ options, onGateway });
    });
  });
}

async function outputOf(gateway: TestGateway, place: SinkPlace, readsClosed: boolean): Promise<string> {
  if (readsClosed) await gateway.close();
  return place.read(gateway.gateway);
}

function deliveryTests({ options: { tells }, onGateway }: Trial): void {
  /** Exchanges that end in every way. */
  const answers = (): (() => Script) => {
    let count = 0;
    return () => [{}, { status: 500 }, { text: ['Half'], cut: true }][count++ % 3] ?? {};
  };

  onGateway(
    'every finished exchange is told of, whether it ended well or not, before the gateway has closed',
    async (stage) => {
      for (let round = 0; round < 6; round++) await stage.ask('Hello', { stream: true });
      const output = await stage.output();
      assert.equal(stage.records.length, 6);
      if (tells === 'counts') assert.match(output, /6|3|2/, 'Nothing was counted.');
      else {
        const missing = stage.records.filter(({ id }) => !output.includes(id));
        assert.equal(missing.length, 0, `${missing.length} of 6 records are missing.`);
      }
    },
    answers(),
  );

  if (tells === 'records') {
    onGateway('every exchange is told of once', async (stage) => {
      for (let round = 0; round < 3; round++) await stage.ask('Hello');
      const output = await stage.output();
      for (const { id } of stage.records) assert.equal(output.split(`"${id}"`).length, 2, 'A record is there twice.');
    });
  }

  onGateway('many exchanges at once are all told of', async (stage) => {
    await Promise.all(Array.from({ length: 60 }, () => stage.ask('Hello')));
    const output = await stage.output();
    if (tells === 'counts') assert.match(output, /60/, 'They were not all counted.');
    else
      assert.ok(
        stage.records.every(({ id }) => output.includes(id)),
        'A record is missing.',
      );
  });

  onGateway('nobody waits for it: its tap has returned before the next turn', async ({ gateway, ask }) => {
    await ask('Hello');
    for (const { hook, errors } of gateway.kernel.hooks.stats()) {
      if (hook === 'log') assert.equal(errors, 0, 'Its tap failed, or returned a promise.');
    }
  });
}

function discretionTests({ options: { credentials = [] }, onGateway }: Trial): void {
  onGateway('neither keys nor what was asked and answered is in what it puts out', async (stage) => {
    await stage.ask(QUESTION, { key: KEY });
    const output = await stage.output();
    for (const secret of [QUESTION, 'Good day to you', ...credentials]) {
      assert.ok(!output.includes(secret), `It shows "${secret}".`);
    }
  });

  onGateway('a reload loses nothing', async (stage) => {
    await stage.ask('Hello');
    await stage.gateway.reload(stage.gateway.kernel.config);
    await stage.ask('Hello');
    const output = await stage.output();
    assert.equal(stage.records.length, 2);
    assert.notEqual(output, '', 'It has put out nothing.');
  });
}
