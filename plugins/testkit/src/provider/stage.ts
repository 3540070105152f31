/** What a test of a provider runs on: the provider, set up to call a server of its own. */
import type { Plugin } from '@gatewright/core';
import { providerRig, type ProviderRig, type RigSetting } from './rig.ts';
import { fakeUpstream, type Answer, type FakeUpstream } from './upstream.ts';

type Options = Readonly<Record<string, unknown>>;

/** Options, or how they follow from where the server is: `http://127.0.0.1:…`. */
export type OptionsFor = Options | ((origin: string) => Options);

export interface ProviderStage {
  /** Starts a server and sets the provider up to call it, with more options than the stage's own where they are given. */
  open(more?: OptionsFor, answer?: Answer): Promise<{ readonly server: FakeUpstream; readonly rig: ProviderRig }>;
  /** Starts one more server, for providers that call several. */
  upstream(answer?: Answer): Promise<FakeUpstream>;
  /** Closes all that was opened, the last first. Call it after each test. */
  close(): Promise<void>;
}

/** A stage for tests of a plugin. */
export function providerStage(plugin: Plugin, options: OptionsFor, setting: RigSetting = {}): ProviderStage {
  const closers: (() => Promise<void>)[] = [];
  const upstream = async (answer?: Answer): Promise<FakeUpstream> => {
    const server = await fakeUpstream(answer);
    closers.push(() => server.close());
    return server;
  };
  return {
    upstream,
    async open(more = {}, answer) {
      const server = await upstream(answer);
      const rig = await providerRig(plugin, { ...at(options, server.origin), ...at(more, server.origin) }, setting);
      closers.push(() => rig.dispose());
      return { server, rig };
    },
    async close() {
      for (const close of closers.splice(0).toReversed()) await close();
    },
  };
}

/** The options towards a server. */
export function at(options: OptionsFor, origin: string): Options {
  return typeof options === 'function' ? options(origin) : options;
}
