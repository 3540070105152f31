/** Conformance suites for Gatewright plugins: each takes your runner's `describe` and `test`, and uses `node:assert`. */
export type { Runner } from './runner.ts';
export type { OpenState, StateOwner, StateSuiteOptions } from './state/stage.ts';
export { stateSuite } from './state/suite.ts';
export { SumsStore } from './state/sums-store.ts';
export { storeSuite, type OpenStore, type StoreSuiteOptions } from './store/suite.ts';
