/** Writes the reports of all packages: `npm run api`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { published, reportName, reportOf, REPORTS } from './report.ts';

mkdirSync(REPORTS, { recursive: true });
for (const folder of published()) {
  const report = reportOf(folder);
  if (report === undefined) throw new Error(`${folder} has not been built: run "npm run build".`);
  writeFileSync(join(REPORTS, reportName(folder)), report);
}
