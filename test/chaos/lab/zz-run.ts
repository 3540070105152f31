import { soak } from '/work/main/test/chaos/lab/zz-soak.ts';
for (const seed of [1, 2]) {
  const report = await soak({ exchanges: 3000, clients: 60, seed });
  console.log(seed, [...report.endings], report.lag, report.wrong, report.growth);
}
