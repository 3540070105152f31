/** Conformance suites for Gatewright plugins: each takes your runner's `describe` and `test`, and uses `node:assert`. */
export { authSuite, type AuthSuiteOptions } from './auth/suite.ts';
export { badge } from './badge.ts';
export { cacheSuite, type CacheSuiteOptions } from './cache/suite.ts';
export { atRandom, EVERY_BYTE, replay, WHOLE, type Cuts, type Replay } from './dialect/replay.ts';
export { dialectSuite, type DialectSamples, type DialectSuiteOptions } from './dialect/suite.ts';
export {
  testGateway,
  type Asked,
  type AskOptions,
  type TestGateway,
  type TestGatewayOptions,
} from './gateway/gateway.ts';
export type { Script } from './gateway/script.ts';
export { guardSuite, type GuardSuiteOptions } from './guard/suite.ts';
export { ManualClock } from './manual-clock.ts';
export { budgetSuite, type BudgetSuiteOptions } from './meter/budget-suite.ts';
export { limiterSuite, type LimiterSuiteOptions } from './meter/limiter-suite.ts';
export type { MeterSuiteOptions } from './meter/stage.ts';
export { pluginSuite, type PluginSuiteOptions } from './plugin/suite.ts';
export type { AttemptParts } from './provider/attempt.ts';
export { outcomeOf, textOf, type Outcome } from './provider/reply.ts';
export { providerRig, type ProviderRig, type RigSetting } from './provider/rig.ts';
export { providerStage, type OptionsFor, type ProviderStage } from './provider/stage.ts';
export { providerSuite, type ProviderSuiteOptions } from './provider/suite.ts';
export { fakeUpstream, piecesOf, type Answer, type FakeUpstream, type Received } from './provider/upstream.ts';
export { routerSuite, type RouterSuiteOptions } from './router/suite.ts';
export type { Runner } from './runner.ts';
export { sinkSuite, type SinkPlace, type SinkSuiteOptions } from './sink/suite.ts';
export type { OpenState, StateOwner, StateSuiteOptions } from './state/stage.ts';
export { stateSuite } from './state/suite.ts';
export { SumsStore } from './state/sums-store.ts';
export { storeSuite, type OpenStore, type StoreSuiteOptions } from './store/suite.ts';
export { inWorker, type WorkerSide } from './worker.ts';
