/** Conformance suites for Gatewright plugins: each takes your runner's `describe` and `test`, and uses `node:assert`. */
export { ManualClock } from './manual-clock.ts';
export { pluginSuite, type PluginSuiteOptions } from './plugin/suite.ts';
export type { AttemptParts } from './provider/attempt.ts';
export { outcomeOf, textOf, type Outcome } from './provider/reply.ts';
export { providerRig, type ProviderRig, type RigSetting } from './provider/rig.ts';
export { providerStage, type OptionsFor, type ProviderStage } from './provider/stage.ts';
export { providerSuite, type ProviderSuiteOptions } from './provider/suite.ts';
export { fakeUpstream, type Answer, type FakeUpstream, type Received } from './provider/upstream.ts';
export type { Runner } from './runner.ts';
export type { OpenState, StateOwner, StateSuiteOptions } from './state/stage.ts';
export { stateSuite } from './state/suite.ts';
export { SumsStore } from './state/sums-store.ts';
export { storeSuite, type OpenStore, type StoreSuiteOptions } from './store/suite.ts';
export { inWorker, type WorkerSide } from './worker.ts';
