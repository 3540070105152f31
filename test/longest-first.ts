/** The order in which test files are begun: those that mostly wait go first, so that the others run beside them. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By how long they take, the longest first. */
const LONGEST = [
  'test/chaos/chaos.test.ts',
  'test/docs/walk.test.ts',
  'plugins/state-redis/src/redis-state.sentinel.test.ts',
  'test/docs/program.test.ts',
  'plugins/state-redis/src/redis-state.test.ts',
  'plugins/store-sqlite/src/store.test.ts',
  'plugins/create-gatewright/src/template.test.ts',
  'test/workers/',
];

const place = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((path) => moduleId.includes(path));
  return at < 0 ? LONGEST.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
